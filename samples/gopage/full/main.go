//go:build js && wasm

// Full is a page whose program is written in Go. It uses chathttp, which has all methods and needs net/http.
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
	thread := created.ChatThread.ID
	sent, err := client.SendMessage(ctx, thread, chatcore.SendChatMessageRequest{Content: "Pizza?"}, nil)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("Message %s is in thread %s.", sent.ID, thread), nil
}
