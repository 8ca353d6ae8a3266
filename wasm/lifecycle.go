//go:build js && wasm

package main

import "syscall/js"

// pageListener is told what happens to the page and its clients.
type pageListener interface {
	suspended() // the page may not run any more, or not for a long time
	resumed()
	networkChanged()    // the browser is online or offline now
	visibilityChanged() // the page is visible or hidden now
	elapsed()           // the timer has fired
	clientClosed(c *client)
	threadChanged(c *client, threadID, version string) // so a hint says
}

// pageListeners are the drivers of open conversations and inboxes, by ID. The type does not say so, because a build may leave their code out.
var pageListeners = map[int]pageListener{}

var (
	navigator         js.Value
	followsVisibility bool // document has a listener for visibilitychange
)

// followPageLifecycle tells the clients when the page resumes after it was frozen, and when it goes online or offline.
func followPageLifecycle() {
	if navigator = js.Global().Get("navigator"); navigator.IsUndefined() || js.Global().Get("addEventListener").IsUndefined() {
		return // Node, for example
	}
	listenTo(js.Global(), "pageshow", func(event js.Value) {
		if event.Get("persisted").Truthy() { // the page comes from the back/forward cache
			resumed()
		}
	})
	listenTo(js.Global(), "resume", func(js.Value) { resumed() })
	listenTo(js.Global(), "pagehide", func(js.Value) { suspended() })
	listenTo(js.Global(), "freeze", func(js.Value) { suspended() })
	listenTo(js.Global(), "online", func(js.Value) { networkChanged() })
	listenTo(js.Global(), "offline", func(js.Value) { networkChanged() })
}

// listenTo adds a capturing listener, which runs before the page's own: those may call a client, which must know by then.
func listenTo(target js.Value, event string, handle func(event js.Value)) {
	listener := &callback{run: func(args []js.Value) { handle(args[0]) }}
	target.Call("addEventListener", event, listener.function(), true)
}

func resumed() {
	sends.Resumed(now())
	notifyClients(func(c *client) { c.core.Resumed(now()) })
	for _, l := range pageListeners {
		l.resumed()
	}
}

func suspended() {
	for _, l := range pageListeners {
		l.suspended()
	}
}

func networkChanged() {
	notifyClients((*client).followNetwork)
	for _, l := range pageListeners {
		l.networkChanged()
	}
}

func notifyClients(notify func(c *client)) {
	for _, c := range clients {
		c.run(nil, func() { notify(c) })
	}
}

// followNetwork tells the client whether the browser is online.
func (c *client) followNetwork() {
	if !navigator.IsUndefined() {
		c.core.SetOnline(now(), isOnline())
	}
}

// isOnline tells whether the browser is online. One that does not say is.
func isOnline() bool {
	if navigator.IsUndefined() {
		return true
	}
	onLine := get(navigator, "onLine")
	return onLine.Type() != js.TypeBoolean || onLine.Bool()
}

// followVisibility tells the client whether the page is visible, now and after every change. A worker does not know.
func (c *client) followVisibility() {
	if document.IsUndefined() {
		return
	}
	tell := func(c *client) { c.core.SetHidden(now(), isHidden()) }
	if !followsVisibility {
		followsVisibility = true
		listenTo(document, "visibilitychange", func(js.Value) {
			notifyClients(tell)
			for _, l := range pageListeners {
				l.visibilityChanged()
			}
		})
	}
	c.run(nil, func() { tell(c) })
}

// isHidden tells whether the page is hidden. A worker's is not.
func isHidden() bool { return !document.IsUndefined() && document.Get("hidden").Truthy() }
