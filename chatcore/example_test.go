package chatcore_test

import (
	"fmt"

	"acschat/chatcore"
)

// This is the smallest driver: whatever it told the core, it performs the step of every call that Next returns, until Next
// returns nil. A real driver waits with timers, sends requests concurrently, and gets a lock where a step is NeedLock.
func Example() {
	client, err := chatcore.NewClient(chatcore.Options{Endpoint: "https://contoso.communication.azure.com", TokenCallback: true})
	if err != nil {
		fmt.Println(err)
		return
	}

	// The service is busy at first.
	responses := []chatcore.Response{
		{Status: 503, Header: func(name string) string { return map[string]string{"Retry-After": "2"}[name] }},
		{Status: 200, Body: `{"id":"19:lunch@thread.v2","topic":"Lunch","createdOn":"2026-11-22T10:20:30Z","createdByCommunicationIdentifier":{"rawId":"8:acs:jane"}}`},
	}

	now := chatcore.Instant(1) // milliseconds of a clock that never runs backwards; 0 is no time
	client.GetThread("19:lunch@thread.v2", chatcore.CallOptions{}).Start(now)
	for call := client.Next(); call != nil; call = client.Next() {
		switch step := call.Step(); step.Kind {
		case chatcore.NeedToken:
			fmt.Println("need a token")
			client.Token(now, step.Flight, "token")
		case chatcore.Send:
			fmt.Println("send", step.Request.Method, step.Request.URL)
			response := responses[0]
			responses = responses[1:]
			call.Response(now, step.Number, response)
		case chatcore.Wait:
			fmt.Println("wait", step.Deadline-now, "ms")
			now = step.Deadline
			call.Elapsed(now)
		case chatcore.Done:
			fmt.Println("done", step.Result.(*chatcore.ChatThreadProperties).Topic)
		case chatcore.Failed:
			fmt.Println("failed", step.Err)
		}
	}
	// Output:
	// need a token
	// send GET https://contoso.communication.azure.com/chat/threads/19%3Alunch%40thread.v2?api-version=2025-03-15
	// wait 2000 ms
	// send GET https://contoso.communication.azure.com/chat/threads/19%3Alunch%40thread.v2?api-version=2025-03-15
	// done Lunch
}

// The Build and Parse functions stand alone: without a client, its retries and its token.
func ExampleBuildSendChatMessage() {
	endpoint, err := chatcore.ParseEndpoint("https://contoso.communication.azure.com")
	if err != nil {
		fmt.Println(err)
		return
	}
	request, err := chatcore.BuildSendChatMessage(endpoint, "2025-03-15", "19:lunch@thread.v2", chatcore.SendChatMessageRequest{Content: "Pizza?"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(request.Method, request.URL)
	fmt.Println(request.Body)

	sent, err := chatcore.ParseSendChatMessage(chatcore.Response{Status: 201, Body: `{"id":"1593072104708"}`})
	fmt.Println(sent.ID, err)
	// Output:
	// POST https://contoso.communication.azure.com/chat/threads/19%3Alunch%40thread.v2/messages?api-version=2025-03-15
	// {"content":"Pizza?"}
	// 1593072104708 <nil>
}
