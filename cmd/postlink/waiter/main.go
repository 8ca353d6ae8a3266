//go:build js && wasm

// Command waiter is what postlink's tests take snapshots of.
package main

import (
	"runtime"
	"syscall/js"
)

// behaviour is set by the linker: what main does before it waits.
var behaviour string

var (
	squares = make(map[int]int)
	jobs    = make(chan int)
	results = make(chan int)
	warm    []byte
)

func init() {
	if behaviour == "waits too early" {
		<-jobs
	}
	for i := range 1000 {
		squares[i] = i * i
	}
	go func() {
		for job := range jobs {
			results <- squares[job]
		}
	}()
}

func main() {
	switch behaviour {
	case "starts":
		prepare()
		start()
	case "looks":
		js.Global().Get("document")
	case "panics":
		panic("too early")
	}
	select {}
}

//go:wasmexport prepare
func prepare() { warm = append(warm, "warm"...) }

// start does what a program that begins in a snapshot might fail in: it goes on with what init has left, collects garbage,
// recovers, and makes functions that JavaScript calls, at once and later.
//
//go:wasmexport start
func start() {
	println("prepared:", string(warm))
	jobs <- 12
	println("from a goroutine of init's:", <-results)
	squares[1000] = 1_000_000
	println("in a map:", len(squares), squares[999], squares[1000])
	func() {
		defer func() {
			err := recover().(error)
			println("recovered:", err.Error())
		}()
		squares = nil
		squares[0] = 1
	}()
	var kept [][]byte
	for i := range 1000 {
		kept = append(kept, make([]byte, i*100))
	}
	kept = kept[500:]
	runtime.GC()
	println("kept:", len(kept), len(kept[499]))
	object := js.Global().Get("Object").Call("fromEntries", js.Global().Get("Array").Call("of"))
	object.Set("double", js.FuncOf(func(_ js.Value, args []js.Value) any { return 2 * args[0].Int() }))
	println("by way of JavaScript:", object.Call("double", 21).Int())
	js.Global().Call("setTimeout", js.FuncOf(func(js.Value, []js.Value) any {
		println("later:", len(kept))
		panic("the end")
	}))
}
