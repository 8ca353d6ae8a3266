//go:build js && wasm && (!direct || withoutpart)

package main

//go:noinline
func direct() {}
