//go:build js && wasm

// Command floor is the smallest Go program that JavaScript can call. It publishes one function.
package main

import "syscall/js"

func main() {
	js.Global().Set("f", js.FuncOf(func(_ js.Value, args []js.Value) any { return len(args) }))
	select {}
}
