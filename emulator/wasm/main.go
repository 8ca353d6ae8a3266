//go:build js && wasm

// Command wasm is emulator.wasm: the emulator as a WebAssembly module, which web/emulator.js loads. It is built with the tag
// nohttp.
//
// While the program starts, emulator.js sets a property of globalThis whose key is a symbol. It holds the host: functions that
// the program calls. The program calls the host's function started with the functions that it has itself:
//
//	serve(id, head, body)        answers a request. head is the JSON of a requestHead, body a Uint8Array or undefined
//	abort(id)                    says that nobody waits for the answer any more
//	control(id, name, argument)  does one of the things in controls. argument is JSON
//
// The host has these functions:
//
//	answer(id, status, headers, body, isLast)  is a piece of an answer. Only the first has a status, and headers as JSON
//	broken(id, isReset)                        says that the connection broke, before the answer or in it
//	settled(id, problem, result)               is the outcome of a control. result is JSON or ""
//	event(event)                               is an event, as JSON
//	save(changes)                              stores records: JSON of keys and values; null deletes. May return a promise
//	clear()                                    deletes all records. May return a promise
//
// Data crosses as JSON or as bytes. Each request and each control has a goroutine, so that slow answers and the store do not
// hold up others. A request waits for the controls that came before it.
package main

import "syscall/js"

// hostKey is the description of the symbol under which emulator.js waits in globalThis while the program starts.
const hostKey = "acschat.emulator"

var (
	host       js.Value
	uint8Array = js.Global().Get("Uint8Array")
)

func main() {
	host = js.Global().Get("Reflect").Call("get", js.Global(), js.Global().Get("Symbol").Call("for", hostKey))
	host.Call("started", map[string]any{
		"serve":   function(func(args []js.Value) { serve(args[0].Int(), args[1].String(), bytesOf(args[2])) }),
		"abort":   function(func(args []js.Value) { abort(args[0].Int()) }),
		"control": function(func(args []js.Value) { startControl(args[0].Int(), args[1].String(), args[2].String()) }),
	})
	select {}
}

func function(f func(args []js.Value)) js.Func {
	return js.FuncOf(func(_ js.Value, args []js.Value) any {
		f(args)
		return nil
	})
}

// bytesOf returns a copy of a Uint8Array, or nil for undefined.
func bytesOf(array js.Value) []byte {
	if array.IsUndefined() {
		return nil
	}
	bytes := make([]byte, array.Length())
	js.CopyBytesToGo(bytes, array)
	return bytes
}

// arrayOf returns bytes as a Uint8Array.
func arrayOf(bytes []byte) js.Value {
	array := uint8Array.New(len(bytes))
	js.CopyBytesToJS(array, bytes)
	return array
}
