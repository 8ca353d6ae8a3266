//go:build js && wasm

package main

import "syscall/js"

// callback is a function for JavaScript, made once, when it is first handed over. What belongs to a call is bound to it, and
// the browser's garbage collector deals with that.
type callback struct {
	run  func(args []js.Value) any
	made js.Func
}

func (c *callback) function() js.Func {
	if c.made.IsUndefined() {
		c.made = js.FuncOf(func(_ js.Value, args []js.Value) any { return c.run(args) })
	}
	return c.made
}

// with returns the function with its first arguments bound.
func (c *callback) with(args ...any) js.Value {
	return bind.Invoke(append([]any{c.function(), undefined}, args...)...)
}

// guard makes a callback that no panic gets past: one that did would end the program for good. It answers with a rejected
// promise instead.
func guard(f func(args []js.Value) any) *callback {
	return &callback{run: func(args []js.Value) (result any) {
		defer func() {
			if r := recover(); r != nil {
				result = reject.Invoke(newChatError(panicked(r)))
			}
		}()
		return f(args)
	}}
}
