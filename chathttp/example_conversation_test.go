package chathttp_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"

	"acschat/chatcore"
	"acschat/chathttp"
	"acschat/chathttp/filequeue"
	"acschat/chatstate"
	"acschat/emulator"
)

func ExampleClient_OpenConversation() {
	em := emulator.New(emulator.Options{})
	server := httptest.NewServer(em)
	defer server.Close()
	jane := em.NewUser()
	creator, thread := newThread(em, server.URL)
	defer creator.Close()
	participant := chatcore.ChatParticipant{CommunicationIdentifier: chatcore.RawIdentifier(jane.ID)}
	_, _ = creator.AddParticipants(context.Background(), thread, chatcore.AddChatParticipantsRequest{Participants: []chatcore.ChatParticipant{participant}}, nil)
	dir, _ := os.MkdirTemp("", "queue")
	defer os.RemoveAll(dir)
	ctx := context.Background()

	queue, err := filequeue.Open(dir)
	if err != nil {
		fmt.Println(err)
		return
	}
	client, err := chathttp.New(chathttp.Options{Endpoint: server.URL, Token: jane.Token, Storage: queue})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()
	conversation, err := client.OpenConversation(thread, chathttp.ConversationOptions{SenderDisplayName: "Jane"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer conversation.Close()

	pizza, err := conversation.Send(chatcore.SendChatMessageRequest{Content: "Pizza?"})
	if err != nil {
		fmt.Println(err) // nothing was queued
		return
	}
	for change, err := range conversation.Changes(ctx) {
		if err != nil {
			fmt.Println(err)
			return
		}
		last := change.Messages[len(change.Messages)-1]
		if change.Status == chatstate.Live && last.Key == pizza.Key && last.State == chatstate.Sent {
			fmt.Printf("%s (%s)\n", last.Content.Message, last.State)
			break
		}
	}
	id, err := pizza.Wait(ctx)
	fmt.Println("has an id:", id != "", err)

	// When the user logs out:
	fmt.Println("forgotten:", client.Forget(ctx) == nil)

	// Output:
	// Pizza? (sent)
	// has an id: true <nil>
	// forgotten: true
}
