//go:build js && wasm

// Lean is a page whose program is written in Go. It has its own driver for chatcore. Without net/http the download is much
// smaller.
package main

import (
	"syscall/js"

	"acschat/chatcore"
)

func main() {
	text, err := chat(js.Global().Get("endpoint").String(), js.Global().Get("token").String())
	if err != nil {
		text = err.Error()
	}
	js.Global().Get("document").Call("getElementById", "result").Set("textContent", text)
}

func chat(endpoint, token string) (string, error) {
	d, err := newDriver(chatcore.Options{Endpoint: endpoint, Token: token})
	if err != nil {
		return "", err
	}
	result, err := d.do(d.core.CreateThread(chatcore.CreateChatThreadRequest{Topic: "Lunch"}, chatcore.CallOptions{}))
	if err != nil {
		return "", err
	}
	thread := result.(*chatcore.CreateChatThreadResult).ChatThread.ID
	result, err = d.do(d.core.SendMessage(thread, chatcore.SendChatMessageRequest{Content: "Pizza?"}, chatcore.CallOptions{}))
	if err != nil {
		return "", err
	}
	return "Message " + result.(*chatcore.SendChatMessageResult).ID + " is in thread " + thread + ".", nil
}
