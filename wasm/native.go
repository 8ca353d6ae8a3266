//go:build js && wasm

package main

import "syscall/js"

// native is a function of the page's JavaScript. It is bound once, when it is first used: a bound function is several times
// cheaper to call than a method that is found by its name, and binding all of them would take a good part of the start.
type native struct {
	owner, name string
	isMethod    bool     // of the class owner, and takes its object as the first argument
	bound       js.Value // undefined until it is used, and in a browser that does not have it
}

func (n *native) function() js.Value {
	if n.bound.IsUndefined() {
		owner := js.Global().Get(n.owner)
		if n.isMethod {
			call := js.Global().Get("Function").Get("prototype").Get("call")
			n.bound = call.Call("bind", owner.Get("prototype").Get(n.name))
		} else if method := owner.Get(n.name); method.Type() == js.TypeFunction {
			n.bound = method.Call("bind", owner)
		}
	}
	return n.bound
}

func (n *native) isMissing() bool { return n.function().IsUndefined() }

// Invoke calls the function. An exception makes a panic.
func (n *native) Invoke(args ...any) js.Value { return n.function().Invoke(args...) }
