package chathttp_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"

	"acschat/chatcore"
	"acschat/chathttp"
	"acschat/emulator"
)

func Example() {
	// An emulator stands in for a Communication Services resource. With a real one, Endpoint is the resource's own address,
	// and TokenFunc asks the program's back end.
	em := emulator.New(emulator.Options{})
	server := httptest.NewServer(em)
	defer server.Close()
	jane, joe := em.NewUser(), em.NewUser()

	client, err := chathttp.New(chathttp.Options{
		Endpoint:  server.URL,
		TokenFunc: func(ctx context.Context, forceRefresh bool) (string, error) { return jane.Token, nil },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()

	ctx := context.Background()
	created, err := client.CreateThread(ctx, chatcore.CreateChatThreadRequest{Topic: "Lunch"}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	thread := created.ChatThread
	fmt.Println("created:", thread.Topic)

	added, err := client.AddParticipants(ctx, thread.ID, chatcore.AddChatParticipantsRequest{
		Participants: []chatcore.ChatParticipant{{CommunicationIdentifier: chatcore.RawIdentifier(joe.ID), DisplayName: "Joe"}},
	}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("not added:", len(added.InvalidParticipants))

	_, err = client.SendMessage(ctx, thread.ID, chatcore.SendChatMessageRequest{Content: "Pizza?", SenderDisplayName: "Jane"}, nil)
	fmt.Println("sent:", err == nil)

	_, err = client.SendMessage(ctx, "19:unknown@thread.v2", chatcore.SendChatMessageRequest{Content: "Pizza?"}, nil)
	if e := (*chatcore.Error)(nil); errors.As(err, &e) && e.Code == chatcore.NotFound {
		fmt.Println("no such thread:", e.Status)
	}

	// Output:
	// created: Lunch
	// not added: 0
	// sent: true
	// no such thread: 404
}
