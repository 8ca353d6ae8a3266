//go:build js && wasm

// Command empty does nothing: it is Go's runtime.
package main

func main() {}
