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
	listeners = map[int]*listener{}
	listened  int // signals so far, and the number of the last
	onSignal  *callback
)

func init() {
	// onSignal is given the listener's number.
	onSignal = &callback{run: func(args []js.Value) any {
		l := listeners[args[0].Int()]
		if l == nil {
			return nil
		}
		for _, call := range append([]*call(nil), l.calls...) {
			if c := call.client; c.calls[call.id] == call {
				c.contain(call, call.abort)
				c.contain(nil, c.perform)
			}
		}
		return nil
	}}
}

// listen has the call abort when its signal does.
func (c *call) listen(signal js.Value) {
	number := mapGet.Invoke(signals, signal)
	if number.IsUndefined() {
		listened++
		l := &listener{number: listened, signal: signal, function: onSignal.with(listened)}
		callOf(signal, "addEventListener", "abort", l.function)
		mapSet.Invoke(signals, signal, l.number)
		listeners[l.number] = l
		number = js.ValueOf(l.number)
	}
	c.listener = listeners[number.Int()]
	c.listener.calls = append(c.listener.calls, c)
}

// unlisten removes the listener with the last of its calls.
func (c *call) unlisten() {
	l := c.listener
	if l == nil {
		return
	}
	for i, other := range l.calls {
		if other == c {
			l.calls = append(l.calls[:i], l.calls[i+1:]...)
			break
		}
	}
	if len(l.calls) == 0 {
		delete(listeners, l.number)
		mapDelete.Invoke(signals, l.signal)
		_ = try(func() { callOf(l.signal, "removeEventListener", "abort", l.function) })
	}
}
