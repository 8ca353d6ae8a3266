//go:build js && wasm

package main

import "syscall/js"

var navigator js.Value

// followLifecycle tells the clients what happens to the page: that it goes on after it was frozen, and whether it is online.
func followLifecycle() {
	if navigator = js.Global().Get("navigator"); navigator.IsUndefined() || js.Global().Get("addEventListener").IsUndefined() {
		return // as in Node
	}
	listenTo(js.Global(), "pageshow", func(event js.Value) {
		if event.Get("persisted").Truthy() { // from the back/forward cache
			resumed()
		}
	})
	listenTo(js.Global(), "resume", func(js.Value) { resumed() })
	listenTo(js.Global(), "online", func(js.Value) { tellClients((*client).followNetwork) })
	listenTo(js.Global(), "offline", func(js.Value) { tellClients((*client).followNetwork) })
}

// listenTo calls a handler before the page's own, which may do what the clients must be told of first.
func listenTo(target js.Value, event string, handle func(event js.Value)) {
	handler := guard(func(args []js.Value) any {
		handle(args[0])
		return nil
	}).function()
	target.Call("addEventListener", event, handler, true)
}

func resumed() {
	sends.Resumed(now())
	tellClients(func(c *client) { c.core.Resumed(now()) })
}

// tellClients tells every client something, and does what it asks for.
func tellClients(tell func(c *client)) {
	for _, c := range clients {
		c.run(nil, func() { tell(c) })
	}
}

// followNetwork tells whether the browser takes itself to be online.
func (c *client) followNetwork() {
	if !navigator.IsUndefined() {
		onLine := get(navigator, "onLine")
		c.core.SetOnline(now(), onLine.Type() != js.TypeBoolean || onLine.Bool())
	}
}

var followsVisibility bool // since a watch depends on whether the page can be seen

// followVisibility tells the client whether the page can be seen, now and whenever that changes. In a worker it cannot be
// known.
func (c *client) followVisibility() {
	if document.IsUndefined() {
		return
	}
	tell := func(c *client) { c.core.SetHidden(now(), document.Get("hidden").Truthy()) }
	if !followsVisibility {
		followsVisibility = true
		listenTo(document, "visibilitychange", func(js.Value) { tellClients(tell) })
	}
	c.run(nil, func() { tell(c) })
}
