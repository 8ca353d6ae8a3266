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

	sent, err := client.SendMessage(ctx, thread.ID, chatcore.SendChatMessageRequest{Content: "Pizza?", SenderDisplayName: "Jane"}, nil)
	fmt.Println("sent:", err == nil)

	for p, err := range client.ListParticipants(ctx, thread.ID, chatcore.ListChatParticipantsOptions{}, nil) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("participant: %q\n", p.DisplayName)
	}

	err = client.UpdateMessage(ctx, thread.ID, sent.ID, chatcore.UpdateChatMessageRequest{Content: "Pasta?"}, nil)
	fmt.Println("edited:", err == nil)

	_, err = client.SendMessage(ctx, "19:unknown@thread.v2", chatcore.SendChatMessageRequest{Content: "Pizza?"}, nil)
	if e := (*chatcore.Error)(nil); errors.As(err, &e) && e.Code == chatcore.NotFound {
		fmt.Println("no such thread:", e.Status)
	}

	// Output:
	// created: Lunch
	// not added: 0
	// sent: true
	// participant: ""
	// participant: "Joe"
	// edited: true
	// no such thread: 404
}

func ExampleClient_ListMessagesByPage() {
	em := emulator.New(emulator.Options{})
	server := httptest.NewServer(em)
	defer server.Close()
	client, thread := newThread(em, server.URL)
	defer client.Close()
	ctx := context.Background()
	for i := range 4 {
		_, _ = client.SendMessage(ctx, thread, chatcore.SendChatMessageRequest{Content: fmt.Sprint("message ", i+1)}, nil)
	}

	// This requests a page now, and the next one later, when a user asks for it.
	options := chatcore.ListChatMessagesOptions{MaxPageSize: 2}
	for range 2 {
		for page, err := range client.ListMessagesByPage(ctx, thread, options, nil) {
			if err != nil {
				fmt.Println(err)
				return
			}
			for _, message := range page.Value {
				fmt.Println(message.Content.Message)
			}
			options.NextLink = page.NextLink
			break
		}
	}

	// Output:
	// message 4
	// message 3
	// message 2
	// message 1
}

func ExampleClient_WatchMessages() {
	em := emulator.New(emulator.Options{})
	server := httptest.NewServer(em)
	defer server.Close()
	client, thread := newThread(em, server.URL)
	defer client.Close()
	ctx := context.Background()
	first, _ := client.SendMessage(ctx, thread, chatcore.SendChatMessageRequest{Content: "Pizza?"}, nil)
	second, _ := client.SendMessage(ctx, thread, chatcore.SendChatMessageRequest{Content: "Or salad?"}, nil)
	_ = client.UpdateMessage(ctx, thread, first.ID, chatcore.UpdateChatMessageRequest{Content: "Pasta?"}, nil)
	_ = client.DeleteMessage(ctx, thread, second.ID, nil)

	// The loop returns all changes after the first message. It does not end by itself.
	for message, err := range client.WatchMessages(ctx, thread, chatcore.WatchMessagesOptions{SinceMessageID: first.ID}, nil) {
		if err != nil {
			fmt.Println(err)
			return
		}
		switch {
		case message.DeletedOn != "":
			fmt.Println("deleted:", message.ID == second.ID)
			return
		case message.EditedOn != "":
			fmt.Println("edited:", message.Content.Message)
		default:
			fmt.Println("sent:", message.Content.Message)
		}
	}

	// Output:
	// edited: Pasta?
	// deleted: true
}

// newThread creates a thread, and returns a client of the user who created it.
func newThread(em *emulator.Emulator, endpoint string) (client *chathttp.Client, chatThreadID string) {
	client, err := chathttp.New(chathttp.Options{Endpoint: endpoint, Token: em.NewUser().Token})
	if err != nil {
		panic(err)
	}
	created, err := client.CreateThread(context.Background(), chatcore.CreateChatThreadRequest{Topic: "Lunch"}, nil)
	if err != nil {
		panic(err)
	}
	return client, created.ChatThread.ID
}
