//go:build !js

package main

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

const (
	// maxConnections limits the open connections where descriptors are plenty.
	maxConnections = 4096
	// spareDescriptors are for the listeners, the files of the page, the state's
	// file, and chatdev's own requests.
	spareDescriptors = 16
	// descriptorsPerConnection counts the connection, the file that is sent over
	// it, and the request to the resource that its answer needs.
	descriptorsPerConnection = 3
	// graceTime is how long a connection is safe from being closed to make room.
	// A client on this machine sends its request within it.
	graceTime = 50 * time.Millisecond
)

// connections is the open connections of all servers. It keeps no more than its
// limit: a new one closes the one that has been idle longest, or else the one
// whose request has been arriving longest. A connection whose request is being
// answered is never closed, because answers may be held on purpose; while all
// are, new ones wait.
type connections struct {
	limit int

	mu      sync.Mutex
	changed *sync.Cond
	open    map[net.Conn]*connection // by what was accepted, without TLS
	stopped bool
}

type connection struct {
	state     http.ConnState
	since     time.Time // when it got into the state
	answering int       // requests that have arrived and are not answered
}

func newConnections(limit int) *connections {
	c := &connections{limit: limit, open: make(map[net.Conn]*connection)}
	c.changed = sync.NewCond(&c.mu)
	return c
}

// connectionLimit says how many connections the process has descriptors for.
func connectionLimit() int {
	limit, known := descriptorLimit()
	if !known {
		return maxConnections
	}
	return int(min(max(1, (int64(limit)-spareDescriptors)/descriptorsPerConnection), maxConnections))
}

// follow makes a server report its connections. Their listener must be a
// limitedListener.
func (c *connections) follow(server *http.Server) {
	server.ConnState = c.noteState
	server.ConnContext = func(ctx context.Context, conn net.Conn) context.Context {
		c.mu.Lock()
		defer c.mu.Unlock()
		return context.WithValue(ctx, connectionKey{}, c.open[withoutTLS(conn)])
	}
}

type connectionKey struct{}

// limitedListener accepts a connection when there is room for it.
type limitedListener struct {
	net.Listener
	connections *connections
}

func (l limitedListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err // the server tries again if descriptors have run out
	}
	if !l.connections.admit(conn) {
		conn.Close()
		return nil, net.ErrClosed
	}
	return conn, nil
}

func (l limitedListener) Close() error {
	l.connections.stop()
	return l.Listener.Close()
}

// admit waits until there is room for a connection. It returns false once the
// servers stop.
func (c *connections) admit(conn net.Conn) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.open) >= c.limit && !c.stopped {
		if !c.makeRoom(time.Now()) {
			timer := time.AfterFunc(graceTime, c.changed.Broadcast)
			c.changed.Wait()
			timer.Stop()
		}
	}
	c.open[conn] = &connection{state: http.StateNew, since: time.Now()}
	return !c.stopped
}

// makeRoom closes the connection that is missed least, if there is one that may
// be closed. c.mu is held.
func (c *connections) makeRoom(now time.Time) bool {
	var victim net.Conn
	var least *connection
	for conn, candidate := range c.open {
		if candidate.answering > 0 || now.Sub(candidate.since) < graceTime {
			continue
		}
		if least == nil || candidate.missedLess(least) {
			victim, least = conn, candidate
		}
	}
	if victim == nil {
		return false
	}
	victim.Close()
	delete(c.open, victim)
	return true
}

func (c *connection) missedLess(other *connection) bool {
	if active := c.state == http.StateActive; active != (other.state == http.StateActive) {
		return !active
	}
	return c.since.Before(other.since)
}

func (c *connections) stop() {
	c.mu.Lock()
	c.stopped = true
	c.mu.Unlock()
	c.changed.Broadcast()
}

func (c *connections) noteState(conn net.Conn, state http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	conn = withoutTLS(conn)
	switch known := c.open[conn]; {
	case known == nil: // it was closed to make room
	case state == http.StateClosed || state == http.StateHijacked:
		delete(c.open, conn)
		c.changed.Broadcast()
	default:
		known.state, known.since = state, time.Now()
	}
}

func withoutTLS(conn net.Conn) net.Conn {
	if secured, ok := conn.(*tls.Conn); ok {
		return secured.NetConn()
	}
	return conn
}

// handler notes which requests have arrived and are being answered.
func (c *connections) handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, _ := r.Context().Value(connectionKey{}).(*connection)
		if conn == nil { // it is being closed
			return
		}
		arrived := sync.OnceFunc(func() { c.noteAnswering(conn, 1) })
		defer func() {
			arrived() // whatever is still to come, nobody waits for it
			c.noteAnswering(conn, -1)
		}()
		r = r.WithContext(r.Context()) // a copy: the server looks at the body of its own
		if r.Body == nil || r.Body == http.NoBody {
			arrived()
		} else {
			r.Body = arrivingBody{r.Body, arrived}
		}
		next.ServeHTTP(w, r)
	})
}

func (c *connections) noteAnswering(conn *connection, change int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	conn.answering += change
	conn.since = time.Now()
}

// arrivingBody tells when it has been read to its end.
type arrivingBody struct {
	io.ReadCloser
	arrived func()
}

func (b arrivingBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err == io.EOF {
		b.arrived()
	}
	return n, err
}
