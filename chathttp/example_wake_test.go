package chathttp_test

import (
	"context"
	"fmt"
	"net/http/httptest"

	"acschat/chatcore"
	"acschat/chathttp"
	"acschat/emulator"
)

func ExampleClient_Wake() {
	em := emulator.New(emulator.Options{})
	server := httptest.NewServer(em)
	defer server.Close()
	jane := em.NewUser()
	alex, thread := newThread(em, server.URL)
	defer alex.Close()
	participant := chatcore.ChatParticipant{CommunicationIdentifier: chatcore.RawIdentifier(jane.ID)}
	_, _ = alex.AddParticipants(context.Background(), thread, chatcore.AddChatParticipantsRequest{Participants: []chatcore.ChatParticipant{participant}}, nil)
	ctx := context.Background()

	client, err := chathttp.New(chathttp.Options{Endpoint: server.URL, Token: jane.Token})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()

	type hint struct{ threadID, version string }
	hints := make(chan hint, 10) // from your server, which the service tells about each change
	go func() {
		for h := range hints {
			client.Wake(h.threadID, chatcore.WakeOptions{Version: h.version})
		}
	}()
	defer close(hints)

	sent, err := alex.SendMessage(ctx, thread, chatcore.SendChatMessageRequest{Content: "Pizza?"}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	hints <- hint{thread, sent.ID}
	for message, err := range client.WatchMessages(ctx, thread, chatcore.WatchMessagesOptions{SinceMessageID: "0"}, nil) {
		if err != nil {
			fmt.Println(err)
			return
		}
		if message.Type == chatcore.ChatMessageTypeText {
			fmt.Println(message.Content.Message)
			break
		}
	}

	// Output:
	// Pizza?
}
