//go:build js && wasm

// Command waits is what the tests of postlink take snapshots of.
package main

import (
	"runtime"
	"syscall/js"
)

// behaviour is what the program does before it waits. The tests replace it in the module.
var behaviour = "behaviour: waits               "

var (
	squares = make(map[int]int)
	jobs    = make(chan int)
	results = make(chan int)
	warm    []byte
)

func init() {
	if is("waits too early") {
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
	switch {
	case is("starts"):
		prepare()
		start()
	case is("looks"):
		js.Global().Get("document")
	case is("panics"):
		panic("too early")
	}
	select {}
}

func is(name string) bool { return behaviour[len("behaviour: "):][:len(name)+1] == name+" " }

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
