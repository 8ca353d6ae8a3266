//go:build js && wasm && direct && !withoutpart

package main

// direct calls the part as the main module must not.
//
//go:noinline
func direct() { crossBorder() }
