//go:build js && wasm

// Cached is a page that lists messages, sends one, and lists them again.
package main

import (
	"context"
	"fmt"
	"syscall/js"

	"acschat/chatcore"
	"acschat/chathttp"
)

func main() {
	text, err := chat(js.Global().Get("endpoint").String(), js.Global().Get("token").String())
	if err != nil {
		text = err.Error()
	}
	js.Global().Get("document").Call("getElementById", "result").Set("textContent", text)
}

func chat(endpoint, token string) (string, error) {
	client, err := chathttp.New(chathttp.Options{Endpoint: endpoint, Token: token})
	if err != nil {
		return "", err
	}
	defer client.Close()
	ctx := context.Background()
	created, err := client.CreateThread(ctx, chatcore.CreateChatThreadRequest{Topic: "Lunch"}, nil)
	if err != nil {
		return "", err
	}
	before, err := count(client, created.ChatThread.ID)
	if err != nil {
		return "", err
	}
	_, err = client.SendMessage(ctx, created.ChatThread.ID, chatcore.SendChatMessageRequest{Content: "Pizza?"}, nil)
	if err != nil {
		return "", err
	}
	after, err := count(client, created.ChatThread.ID)
	return fmt.Sprint(before, " and then ", after), err
}

// count returns the number of messages in a thread.
func count(client *chathttp.Client, threadID string) (n int, err error) {
	for _, err := range client.ListMessages(context.Background(), threadID, chatcore.ListChatMessagesOptions{}, nil) {
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}
