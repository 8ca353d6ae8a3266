//go:build js && wasm

package main

import "syscall/js"

// listener is the one listener on a page's signal, for all calls that have the signal: Node takes more than ten for a leak,
// and prints a warning.
type listener struct {
	number   int
	signal   js.Value
	function js.Value
	calls    []*call // in the order in which they began
}

var (
	listeners []*listener
	listened  int // signals so far, and the number of the last
	onSignal  *callback
)

func init() {
	// onSignal is given the listener's number.
	onSignal = &callback{run: func(args []js.Value) any {
		number := args[0].Int()
		for _, l := range listeners {
			if l.number == number {
				l.abort()
				break
			}
		}
		return nil
	}}
}

// abort aborts the calls that have the signal.
func (l *listener) abort() {
	for _, call := range append([]*call(nil), l.calls...) {
		if c := call.client; c.calls[call.id] == call {
			c.contain(call, call.abort)
			c.contain(nil, c.perform)
		}
	}
}

// listen has the call abort when its signal does.
func (c *call) listen(signal js.Value) {
	for _, l := range listeners {
		if l.signal.Equal(signal) {
			c.listener = l
		}
	}
	if c.listener == nil {
		listened++
		l := &listener{number: listened, signal: signal, function: onSignal.with(listened)}
		callOf(signal, "addEventListener", "abort", l.function)
		listeners = append(listeners, l)
		c.listener = l
	}
	c.listener.calls = append(c.listener.calls, c)
}

// unlisten removes the listener with the last of its calls.
func (c *call) unlisten() {
	l := c.listener
	if l == nil {
		return
	}
	if l.calls = without(l.calls, c); len(l.calls) == 0 {
		listeners = without(listeners, l)
		_ = try(func() { callOf(l.signal, "removeEventListener", "abort", l.function) })
	}
}

// without takes an item out of a list.
func without[T comparable](items []T, item T) []T {
	kept := items[:0]
	for _, other := range items {
		if other != item {
			kept = append(kept, other)
		}
	}
	return kept
}
