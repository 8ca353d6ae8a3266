//go:build js && wasm

package main

import "syscall/js"

var followsVisibility bool // since a client depends on whether the page can be seen

// followVisibility tells the client whether the page can be seen, now and whenever that changes. In a worker it cannot be
// known.
func (c *client) followVisibility() {
	if document.IsUndefined() {
		return
	}
	tell := func(c *client) { c.core.SetHidden(now(), document.Get("hidden").Truthy()) }
	if !followsVisibility {
		followsVisibility = true
		listen(document, "visibilitychange", func(js.Value) { tellClients(tell) })
	}
	tell(c)
	c.perform()
}
