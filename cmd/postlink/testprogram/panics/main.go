//go:build js && wasm

// Command panics is what the tests of postlink run. It does whatever has the runtime
// read its tables, and writes down how it went, without names and lines.
package main

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"runtime"
	"runtime/debug"
	"sync"
	"syscall/js"
)

func main() {
	switch os.Args[1] {
	case "survive":
		survivePanics()
		surviveDefers()
		surviveStacks()
		surviveReflection()
		readCallers()
	case "panic":
		var m map[string]int
		m["a"] = 1
	case "panic error":
		defer func() { panic(errors.New("once more")) }()
		panic(errors.New("fails"))
	case "panic in a goroutine":
		go func() { var p *point; p.x = 1 }()
		select {}
	case "overflow":
		debug.SetMaxStack(1 << 20)
		fmt.Println(sum(1 << 20))
	case "deadlock":
		select {}
	}
}

type point struct{ x, y int }

func (p point) Sum() int { return p.x + p.y }

type summer interface{ Sum() int }

//go:noinline
func call(s summer) int { return s.Sum() }

//go:noinline
func first(values []int) int { return values[0] }

func survivePanics() {
	var m map[string]int
	var p *point
	var values []int
	var value any = 1
	for _, row := range []struct {
		name  string
		cause func()
	}{
		{"nil map", func() { m["a"] = 1 }},
		{"nil pointer", func() { p.y = 1 }},
		{"nil receiver of a value method", func() { call(p) }},
		{"index", func() { first(values) }},
		{"slice", func() { fmt.Println(values[len(os.Args):]) }},
		{"division", func() { fmt.Println(1 / len(values)) }},
		{"type assertion", func() { fmt.Println(value.(string)) }},
		{"interface assertion", func() { fmt.Println(value.(summer)) }},
		{"comparison", func() { var a any = values; fmt.Println(a == a) }},
		{"unhashable key", func() { fmt.Println(map[any]int{}[values]) }},
		{"closed channel", func() { c := make(chan int); close(c); close(c) }},
		{"error", func() { panic(errors.New("fails")) }},
		{"exception", func() { js.Global().Get("JSON").Call("parse", "{") }},
		{"Goexit", runtime.Goexit},
		{"none", func() {}},
	} {
		done := make(chan string)
		go func() {
			result := "ended"
			defer func() { done <- result }()
			defer func() {
				if r := recover(); r != nil {
					result = fmt.Sprint("recovered ", r)
				}
			}()
			row.cause()
		}()
		fmt.Printf("%s: %s\n", row.name, <-done)
	}
}

type cleaner struct{ log *[]string }

// recoverHere is inlined nowhere, as whatever calls recover.
func (c cleaner) recoverHere() {
	if r := recover(); r != nil {
		*c.log = append(*c.log, fmt.Sprint("recovered ", r))
	}
}

// recoverThere is inlined into the wrapper that the compiler makes for pointers:
// recover is one call too deep, and must find nothing.
func (c cleaner) recoverThere() { c.recoverHere() }

type recoverer interface {
	recoverHere()
	recoverThere()
}

// embedding has wrappers for what it embeds.
type embedding struct{ *cleaner }

func surviveDefers() {
	var log []string
	note := func(text string) { log = append(log, text) }
	attempt := func(name string, deferred func(recoverer)) {
		for _, r := range []recoverer{cleaner{&log}, &cleaner{&log}, embedding{&cleaner{&log}}, &embedding{&cleaner{&log}}} {
			func() {
				defer func() { note(fmt.Sprint(name, " left ", recover())) }()
				deferred(r)
			}()
		}
	}
	attempt("a method", func(r recoverer) { defer r.recoverHere(); panic(1) })
	attempt("a method's method", func(r recoverer) { defer r.recoverThere(); panic(2) })
	attempt("a method value", func(r recoverer) { f := r.recoverHere; defer f(); panic(3) })
	attempt("recover itself", func(recoverer) { defer recover(); panic(4) })
	attempt("a nested one", func(r recoverer) { defer func() { func() { recover() }() }(); panic(5) })
	attempt("a loop", func(r recoverer) {
		for i := range 3 {
			defer func() { note(fmt.Sprint("deferred ", i, recover())) }()
		}
		panic(6)
	})
	attempt("a panic in a defer", func(r recoverer) {
		defer r.recoverHere()
		defer func() { panic(8) }()
		panic(7)
	})
	for _, line := range log {
		fmt.Println(line)
	}
}

// sum uses as much stack as its argument says, and all of that stays in use.
//
//go:noinline
func sum(n int) int {
	values := [50]int{n}
	p := &point{n, n}
	if n == 0 {
		runtime.GC() // reads every frame
		return 0
	}
	return sum(n-1) + values[n%2] + p.x - p.y
}

func surviveStacks() {
	fmt.Println("deep:", sum(10_000))
	var group sync.WaitGroup
	sums := make([]int, 50)
	for i := range sums {
		group.Go(func() {
			var kept [][]byte
			for n := range 20 {
				kept = append(kept, make([]byte, 10_000))
				runtime.Gosched()
				sums[i] += sum(n) + len(kept)
			}
		})
	}
	group.Wait()
	fmt.Println("goroutines:", sums[0], sums[49])
	cleaned := make(chan bool)
	func() { runtime.SetFinalizer(&point{1, 2}, func(p *point) { cleaned <- p.Sum() == 3 }) }()
	runtime.GC()
	fmt.Println("finalizer:", <-cleaned)
	for range 10 {
		runtime.Gosched() // the one that runs finalizers may be about to wait
	}
	fmt.Println("goroutines left:", runtime.NumGoroutine())
}

// Functions made by reflection have frames that the collector knows by their names.
func surviveReflection() {
	kept := &point{3, 4}
	method := reflect.ValueOf(*kept).MethodByName("Sum").Interface().(func() int)
	made := reflect.MakeFunc(reflect.TypeOf(func(*point, int) int { return 0 }), func(args []reflect.Value) []reflect.Value {
		sum(1000) // moves the stack
		return []reflect.Value{reflect.ValueOf(args[0].Interface().(*point).Sum() + int(args[1].Int()))}
	}).Interface().(func(*point, int) int)
	fmt.Println("reflection:", method(), made(&point{1, 2}, 3))
	reached := reflect.ValueOf(deepPoint{}).MethodByName("Sum").Interface().(func() int)
	fmt.Println("reflection:", reached())
}

type deepPoint struct{ a, b, c *int }

// Sum moves the stack with its reflected caller on it.
func (deepPoint) Sum() int { return sum(2000) }

func readCallers() {
	pc, _, _, ok := runtime.Caller(0)
	fmt.Println("caller:", ok, runtime.FuncForPC(pc) != nil, len(runtime.FuncForPC(pc).Name()) > 0)
	pcs := make([]uintptr, 20)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(0, pcs)])
	for more := true; more; {
		_, more = frames.Next()
	}
	fmt.Println("stack:", len(debug.Stack()) > 0)
	fmt.Printf("%T %v\n", point{}, cleaner{}.log == nil)
}
