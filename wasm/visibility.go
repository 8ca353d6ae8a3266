//go:build js && wasm

package main

import "syscall/js"

var onVisibility js.Value // undefined until a client depends on whether the page can be seen

// followVisibility tells the client whether the page can be seen, now and whenever that changes. In a worker it cannot be
// known.
func (c *client) followVisibility() {
	document := js.Global().Get("document")
	if document.IsUndefined() {
		return
	}
	tell := func(c *client) {
		c.core.SetHidden(now(), document.Get("hidden").Truthy())
		c.perform()
	}
	if onVisibility.IsUndefined() {
		onVisibility = js.FuncOf(func(js.Value, []js.Value) any {
			for _, c := range clients {
				c.contain(nil, func() { tell(c) })
			}
			return nil
		}).Value
		document.Call("addEventListener", "visibilitychange", onVisibility)
	}
	tell(c)
}
