package chatcore_test

import (
	"fmt"
	"strings"
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
				call.Response(2, call.Step().Number, chatcore.Response{Status: 201, Body: bench.response})
				call.Step().Result.JSON()
				for client.Next() != nil {
				}
			}
		})
	}
}

// BenchmarkPage reads and writes the longest page of messages. The messages are mixed as in a real thread: most are plain text,
// some have metadata, escaped characters or non-ASCII letters, and some are system messages.
func BenchmarkPage(b *testing.B) {
	var messages []string
	for i := range 200 {
		id := 1593072104708 + int64(i)*61_417
		who := fmt.Sprintf(`{"rawId":"8:acs:8540c0de-899f-5cce-acb5-3ec493af3800_c94ff260-162d-46d6-94fd-%012d","kind":"communicationUser","communicationUser":{"id":"8:acs:8540c0de-899f-5cce-acb5-3ec493af3800_c94ff260-162d-46d6-94fd-%012d"}}`, i%4, i%4)
		kind, content, more := "text", `{"message":"Let's head out for lunch in 15 minutes. The place around the corner has soup today."}`, ""
		switch i % 10 {
		case 3:
			content, more = `{"message":"Grüße aus Köln, bis später – ich bringe Kuchen mit 🎂"}`, `,"metadata":{"someKey1":"someValue1","someKey2":"someValue2"}`
		case 5:
			kind, content = "html", `{"message":"<p>See <a href=\"https://contoso.com/menu\">the menu</a>:<br>\nsoup, salad &amp; bread</p>"}`
		case 7:
			more = `,"editedOn":"2020-06-25T08:03:00Z"`
		case 9:
			kind, content = "participantAdded", `{"participants":[{"communicationIdentifier":`+who+`,"displayName":"Jane","shareHistoryTime":"1970-01-01T00:00:00Z"}],"initiatorCommunicationIdentifier":`+who+`}`
		}
		if kind != "participantAdded" {
			more += `,"senderDisplayName":"Jane Doe","senderCommunicationIdentifier":` + who
		}
		messages = append(messages, fmt.Sprintf(`{"id":"%d","type":"%s","sequenceId":"%d","version":"%d","content":%s,"createdOn":"2020-06-25T08:01:44Z"%s}`, id, kind, 200-i, id, content, more))
	}
	body := `{"value":[` + strings.Join(messages, ",") + `],"nextLink":"https://contoso.communication.azure.com/chat/threads/19%3Auni01%40thread.v2/messages?api-version=2025-03-15&syncState=a"}`
	answer := chatcore.Response{Status: 200, Body: body}
	page, err := chatcore.ParseListChatMessages(answer)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("parse", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(body)))
		for b.Loop() {
			_, _ = chatcore.ParseListChatMessages(answer)
		}
	})
	b.Run("JSON", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(body)))
		for b.Loop() {
			_ = page.JSON()
		}
	})
}
