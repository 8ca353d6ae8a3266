//go:build !js

package main

import (
	"context"
	"net/http"
	"sync"
	"time"
)

const (
	maxListeners        = 10_000
	maxListenersPerUser = 20
	maxUnsent           = 32               // hints that wait for a slow listener
	writeTime           = 10 * time.Second // for a listener to take a hint
	beatTime            = 20 * time.Second // so that proxies do not end a silent connection
	listenTime          = 15 * time.Minute // then the page connects again, and the site's login is checked again
)

// listener is one connection of a page.
type listener struct {
	hints chan []byte
	drop  context.CancelFunc // ends the connection. The page connects again, and asks for what it has missed
}

// listeners is all connections, by raw id.
type listeners struct {
	mu     sync.Mutex
	byUser map[string]map[*listener]bool
	count  int
}

// add reports whether there is room for one more listener.
func (l *listeners) add(user string, added *listener) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.count == maxListeners || len(l.byUser[user]) == maxListenersPerUser {
		return false
	}
	if l.byUser == nil {
		l.byUser = map[string]map[*listener]bool{}
	}
	if l.byUser[user] == nil {
		l.byUser[user] = map[*listener]bool{}
	}
	l.byUser[user][added] = true
	l.count++
	return true
}

func (l *listeners) remove(user string, removed *listener) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.byUser[user], removed)
	if len(l.byUser[user]) == 0 {
		delete(l.byUser, user)
	}
	l.count--
}

// send passes a hint to the listeners of a user. It drops those that are too slow, and never waits.
func (l *listeners) send(user string, text []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for receiver := range l.byUser[user] {
		select {
		case receiver.hints <- text:
		default:
			receiver.drop()
		}
	}
}

// listen sends hints to a page until it leaves.
func (r *relay) listen(w http.ResponseWriter, request *http.Request) {
	header := w.Header()
	if origin := request.Header.Get("Origin"); origin != "" {
		if origin != r.origin {
			http.Error(w, "pages of this origin may not listen", http.StatusForbidden)
			return
		}
		header.Set("Access-Control-Allow-Origin", origin)
		header.Set("Access-Control-Allow-Credentials", "true")
		header.Set("Vary", "Origin")
	}
	user, err := r.user(request)
	if err != nil || user == "" {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	ctx, drop := context.WithTimeout(request.Context(), listenTime)
	defer drop()
	listener := &listener{make(chan []byte, maxUnsent), drop}
	if !r.listeners.add(user, listener) {
		http.Error(w, "too many connections", http.StatusServiceUnavailable)
		return
	}
	defer r.listeners.remove(user, listener)
	header.Set("Content-Type", "text/event-stream")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Accel-Buffering", "no") // or nginx holds hints back
	stream := http.NewResponseController(w)
	beat := time.NewTicker(beatTime)
	defer beat.Stop()
	for piece := "retry: 2000\n\n"; ; {
		_ = stream.SetWriteDeadline(time.Now().Add(writeTime))
		if _, err := w.Write([]byte(piece)); err != nil || stream.Flush() != nil {
			return
		}
		select {
		case text := <-listener.hints:
			piece = "data: " + string(text) + "\n\n"
		case <-beat.C:
			piece = ":\n\n"
		case <-ctx.Done():
			return
		}
	}
}
