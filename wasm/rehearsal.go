//go:build js && wasm

package main

import (
	"runtime"
	"syscall/js"

	"acschat/chatcore"
)

// discardedFuncs is a package variable so that the map is not allocated on the stack.
var discardedFuncs map[uint32]func(js.Value, []js.Value) any

// rehearse sends a message without a network, before the build takes its snapshot. The snapshot then contains what the first call would
// otherwise have to set up, such as a larger stack.
//
//go:wasmexport acschat.rehearse
func rehearse() {
	runtime.SetFinalizer(new([16]byte), func(*[16]byte) {})            // the first finalizer starts a goroutine; a js.Value has one
	discardedFuncs = map[uint32]func(js.Value, []js.Value) any{0: nil} // the type of map that js.FuncOf uses
	discardedFuncs = nil
	room(1 << 12) // enough for the arguments of most calls
	growStack(8)
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
		step := call.Step()
		_ = fetchInit(step.Request)
		call.Response(1, step.Number, chatcore.Response{Status: 201, Body: `{"id":"1"}`})
		if call.Step().Kind != chatcore.Done {
			panic(call.Step().Err)
		}
		_ = call.Step().Result.JSON()
	}
	growStack(8) // writes zeros over what the rehearsal left there, which would not compress
}

// growStack makes the stack grow to so many kilobytes.
func growStack(kilobytes int) byte {
	var frame [1 << 10]byte
	if kilobytes > 0 {
		frame[kilobytes] = growStack(kilobytes - 1)
	}
	return frame[len(frame)-1-kilobytes]
}
