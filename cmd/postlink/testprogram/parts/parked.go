//go:build js && wasm && parked && !withoutpart

package main

// A goroutine waits in the part before the part is loaded.
func init() {
	go func() { println("must not wait here", <-ready) }()
}
