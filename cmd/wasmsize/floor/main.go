//go:build js && wasm

// Command floor is the least that a Go program can be that JavaScript calls:
// it publishes one function. What it takes is not the client's to save.
package main

import "syscall/js"

func main() {
	js.Global().Set("f", js.FuncOf(func(_ js.Value, args []js.Value) any { return len(args) }))
	select {}
}
