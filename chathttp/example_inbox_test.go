package chathttp_test

import (
	"context"
	"fmt"
	"net/http/httptest"

	"acschat/chatcore"
	"acschat/chathttp"
	"acschat/chatstate"
	"acschat/emulator"
)

func ExampleClient_OpenInbox() {
	em := emulator.New(emulator.Options{})
	server := httptest.NewServer(em)
	defer server.Close()
	jane := em.NewUser()
	creator, thread := newThread(em, server.URL)
	defer creator.Close()
	participant := chatcore.ChatParticipant{CommunicationIdentifier: chatcore.RawIdentifier(jane.ID)}
	_, _ = creator.AddParticipants(context.Background(), thread, chatcore.AddChatParticipantsRequest{Participants: []chatcore.ChatParticipant{participant}}, nil)
	_, _ = creator.SendMessage(context.Background(), thread, chatcore.SendChatMessageRequest{Content: "Pizza?"}, nil)
	ctx := context.Background()

	client, err := chathttp.New(chathttp.Options{Endpoint: server.URL, Token: jane.Token})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()
	inbox, err := client.OpenInbox(chathttp.InboxOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer inbox.Close()

	for change, err := range inbox.Changes(ctx) {
		if err != nil {
			fmt.Println(err)
			return
		}
		if change.Status != chatstate.Live || change.Threads[0].UnreadIsCapped {
			continue // not all threads were read yet
		}
		for _, t := range change.Threads {
			fmt.Printf("%s: %s (%d unread)\n", t.Topic, t.LastMessage.Content.Message, t.UnreadCount)
		}
		break
	}
	err = inbox.MarkRead(ctx, thread)
	fmt.Println(inbox.Snapshot().Threads[0].UnreadCount, "unread", err)

	// Output:
	// Lunch: Pizza? (1 unread)
	// 0 unread <nil>
}
