//go:build js && wasm

package main

import (
	"runtime"
	"syscall/js"

	"acschat/chatcore"
)

var rehearsed map[uint32]func(js.Value, []js.Value) any // not on the stack

// rehearse sends a message that goes nowhere, before the snapshot is taken that the program begins with in a page: what
// the first call there would have to make anew, a larger stack among it, is there then.
//
//go:wasmexport acschat.rehearse
func rehearse() {
	runtime.SetFinalizer(new([16]byte), func(*[16]byte) {})       // the first one starts a goroutine; values of JavaScript's have one
	rehearsed = map[uint32]func(js.Value, []js.Value) any{0: nil} // as js.FuncOf keeps them
	rehearsed = nil
	room(1 << 12) // for what most calls are given
	deepen(8)
	options, err := chatcore.DecodeOptions(`{"endpoint":"https://contoso.communication.azure.com","token":"a.b.c"}`)
	if err != nil {
		panic(err)
	}
	options.Made = 1
	core, err := chatcore.NewClient(options)
	if err != nil {
		panic(err)
	}
	defer core.Close(1)
	for _, m := range chatcore.Methods {
		if m.Name != "sendMessage" {
			continue
		}
		call := m.Invoke(core, chatcore.Arguments{Text: "\"19:x\"\n" + `{"content":"x","metadata":{"a":"b"}}`})
		call.Start(1)
		core.Next()
		_ = call.Step().Request.FetchInit()
		call.Response(1, call.Step().Number, chatcore.Response{Status: 201, Body: `{"id":"1"}`})
		if call.Step().Kind != chatcore.Done {
			panic(call.Step().Err)
		}
		_ = call.Step().Result.JSON()
	}
	deepen(8) // with zeros: what the rehearsal has left there would not compress
}

// deepen has the stack grow to so many kilobytes.
func deepen(kilobytes int) byte {
	var frame [1 << 10]byte
	if kilobytes > 0 {
		frame[kilobytes] = deepen(kilobytes - 1)
	}
	return frame[len(frame)-1-kilobytes]
}
