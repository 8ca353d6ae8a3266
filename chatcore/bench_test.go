package chatcore_test

import (
	"testing"

	"acschat/chatcore"
)

func BenchmarkCall(b *testing.B) {
	const participant = `{"communicationIdentifier":{"rawId":"8:acs:8540c0de-899f-5cce-acb5-3ec493af3800_c94ff260-162d-46d6-94fd-e79f4d213715","communicationUser":{"id":"8:acs:8540c0de-899f-5cce-acb5-3ec493af3800_c94ff260-162d-46d6-94fd-e79f4d213715"}},"displayName":"Jane"}`
	const participants = `"participants":[` + participant + `,` + participant + `,` + participant + `,` + participant + `]`
	const thread = `{"chatThread":{"id":"19:uni01_zbnh3nt2dfuffezc3sox7dog7wfhk6y5qe2rwlnfhlhdzirihdpq@thread.v2","topic":"Lunch","createdOn":"2020-06-06T05:55:41.6460000Z","createdByCommunicationIdentifier":{"rawId":"8:acs:8540c0de-899f-5cce-acb5-3ec493af3800_c94ff260-162d-46d6-94fd-e79f4d213715","communicationUser":{"id":"8:acs:8540c0de-899f-5cce-acb5-3ec493af3800_c94ff260-162d-46d6-94fd-e79f4d213715"}}}}`
	for _, bench := range []struct{ method, request, response string }{
		{"createThread", `{"topic":"Lunch",` + participants + `}`, thread},
		{"addParticipants", `{` + participants + `}`, `{}`},
		{"sendMessage", `{"content":"Let's head out for lunch in 15 minutes.","senderDisplayName":"Jane","metadata":{"someKey1":"someValue1","someKey2":"someValue2"}}`, `{"id":"1593072104708"}`},
	} {
		b.Run(bench.method, func(b *testing.B) {
			client, err := chatcore.NewClient(chatcore.Options{Endpoint: "https://contoso.communication.azure.com", Token: "token"})
			if err != nil {
				b.Fatal(err)
			}
			var m chatcore.Method
			for _, m = range chatcore.Methods {
				if m.Name == bench.method {
					break
				}
			}
			b.ReportAllocs()
			for b.Loop() {
				call := m.Call(client, [2]string{"19:uni01_zbnh3nt2dfuffezc3sox7dog7wfhk6y5qe2rwlnfhlhdzirihdpq@thread.v2"}, bench.request, "", "")
				call.Start(1)
				call.Step().Request.FetchInit()
				call.Response(2, call.Step().Number, chatcore.Response{Status: 201, Body: bench.response})
				call.Step().Result.JSON()
				for client.Next() != nil {
				}
			}
		})
	}
}
