//go:build js && wasm

// Command parts is what the tests of postlink split. The tag withoutpart leaves out the functions that move.
package main

import (
	"runtime"
	"syscall/js"
)

// shape is what the main module knows of the types of the part.
type shape interface{ area() int }

// calls is what the main module knows of the functions of the part.
var calls struct {
	step func(n int) int
	work func()
}

var ready = make(chan bool)

func main() {
	go func() {
		<-ready
		println("main:", calls.step(3))
		calls.work()
		ready <- true
	}()
	direct()
	select {}
}

//go:wasmexport start
func start() { later(func() { println("started") }) }

func total(shapes ...shape) (sum int) {
	for _, s := range shapes {
		sum += s.area()
	}
	return sum
}

func later(f func()) {
	js.Global().Call("setTimeout", js.FuncOf(func(js.Value, []js.Value) any { f(); return nil }), 10)
}

// attempt tells how a function ends.
func attempt(name string, f func()) {
	done := make(chan string)
	go func() {
		result := "ended"
		defer func() { done <- result }()
		defer func() {
			switch r := recover().(type) {
			case error:
				result = "recovered " + r.Error()
			case string:
				result = "recovered " + r
			}
		}()
		f()
		result = "returned"
	}()
	println(name+":", <-done)
}

// descend calls f at each of n levels of the stack, with garbage collections at the last one.
//
//go:noinline
func descend(n int, f func(int) int) int {
	values := [20]int{n}
	if n == 0 {
		runtime.GC()
		return f(n)
	}
	return f(n) + values[n%2]
}
