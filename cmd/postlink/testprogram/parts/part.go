//go:build js && wasm && !withoutpart

package main

import (
	"errors"
	"runtime"
	"syscall/js"
)

// begin does what a part might fail in. The main module calls its functions through function values and interfaces.
//
//go:wasmexport begin
func begin() {
	crossBorder()
	fail()
	useStacks()
	useValues()
	waitFor()
}

type square struct {
	side int
	kept []byte
}

func (s *square) area() int { return s.side * s.side }

type cube struct {
	square
	name string
}

// half is a value: its method has a wrapper for pointers.
type half int

func (h half) area() int { return int(h) / 2 }

func crossBorder() {
	calls.step = func(n int) int { return n * 1000 / 7 }
	parked := make(chan int)
	calls.work = func() {
		go func() { parked <- total(&cube{square: square{side: 5}}) }()
		runtime.GC()
		println("work:", <-parked)
	}
	ready <- true
	<-ready
	h := half(9)
	println("shapes:", total(&square{side: 3}, &cube{square: square{side: 2}}, h, &h))
	area := (&square{side: 7}).area
	println("method value:", area())
}

func fail() {
	var m map[string]int
	var p *square
	var s shape
	var value any = half(1)
	attempt("nil map", func() { m["a"] = 1 })
	attempt("nil pointer", func() { p.side = 1 })
	attempt("nil interface", func() { s.area() })
	attempt("nil receiver of a value method", func() { total((*half)(nil)) })
	attempt("index", func() { println(p.kept[len(m)]) })
	attempt("division", func() { println(1 / len(m)) })
	attempt("type assertion", func() { println(value.(string)) })
	attempt("error", func() { panic(errors.New("fails")) })
	attempt("exception", func() { js.Global().Get("JSON").Call("parse", "{") })
	attempt("Goexit", runtime.Goexit)
	attempt("nothing", func() {})
	attempt("panic below the main module", func() {
		descend(3, func(int) int { panic("at the border") })
	})
	func() {
		defer func() { println("recovered in the part:", recover().(string)) }()
		descend(1, func(int) int { defer func() { panic("twice") }(); panic("once") })
	}()
}

// climb uses the stack together with descend, and keeps pointers only there.
func climb(n int) int {
	if n == 0 {
		return 0
	}
	s := &square{n, make([]byte, 100)}
	s.kept[n%100] = byte(n)
	below := descend(n-1, climb)
	return below + s.side - n + int(s.kept[n%100]) - n%256
}

func useStacks() {
	println("deep:", descend(3000, climb))
	results := make(chan int)
	for i := range 20 {
		go func() {
			kept := &square{side: i}
			for range 5 {
				runtime.Gosched()
				kept.kept = append(kept.kept, make([]byte, 1000)...)
			}
			results <- descend(i*10, climb) + kept.area() + len(kept.kept)
		}()
	}
	sum := 0
	for range 20 {
		sum += <-results
	}
	println("goroutines:", sum)
	finalized := make(chan int)
	func() { runtime.SetFinalizer(&cube{name: "c"}, func(c *cube) { finalized <- len(c.name) }) }()
	runtime.GC()
	println("finalizer:", <-finalized)
}

// key has functions of its own for hashes and comparisons.
type key struct {
	name string
	any
}

func sum[T half | int64](values ...T) (sum T) {
	for _, v := range values {
		sum += v
	}
	return sum
}

func useValues() {
	m := map[key]*square{}
	for i := range 100 {
		m[key{"side", half(i)}] = &square{side: i}
	}
	runtime.GC()
	println("map:", len(m), m[key{"side", half(99)}].side, m[key{"side", 99}] == nil)
	var a, b any = key{"a", nil}, key{"a", nil}
	println("comparison:", a == b, a == any(key{"b", nil}))
	println("generic:", sum(half(1), 2), sum(int64(-9), 2))
	text, number := "part", 1.75*float64(len(m))
	for range 4 {
		text += text
	}
	println("numbers:", int(number), uint64(number)%9, int64(-len(m))%7, string([]byte(text)[60:]), text == text[:32]+text[32:])
	println("an object:", js.Global().InstanceOf(js.Global().Get("Object")))
	switch v := a.(type) {
	case shape:
		println("a shape", v)
	case key:
		println("a", v.name)
	}
}

// waitFor leaves a goroutine and a callback of the part waiting while JavaScript runs.
func waitFor() {
	woken := make(chan *square)
	go func() {
		mine := &square{side: 11}
		other := <-woken
		println("woken:", total(mine, other))
		finish()
	}()
	later(func() {
		runtime.GC()
		woken <- &square{side: 1}
	})
	println("waiting")
}

func finish() { panic("the end") }
