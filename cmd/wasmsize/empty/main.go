//go:build js && wasm

// Command empty does nothing. It is Go's runtime alone.
package main

func main() {}
