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
	// maxConnections limits the open connections even if there are enough
	// descriptors for more.
	maxConnections = 4096
	// spareDescriptors is for the listeners, the page's files, the file of -db,
	// and chatdev's own requests.
	spareDescriptors = 16
	// descriptorsPerConnection counts the connection, a file that is served over
	// it, and a request to the resource that its response needs.
	descriptorsPerConnection = 3
	// graceTime is how long a connection cannot be closed to make room. A client
	// on this machine sends its request within that time.
	graceTime = 50 * time.Millisecond
)

// connections tracks the open connections of all servers and limits their
// number. At the limit, a new connection closes the one that has been idle
// longest. If none is idle, it closes the one whose request has been arriving
// longest. A connection whose request is being answered is never closed,
// because faults can delay a response on purpose. If all are being answered,
// new connections wait.
type connections struct {
	limit int

	mu      sync.Mutex
	changed *sync.Cond
	open    map[net.Conn]*connection // the key is the TCP connection, below TLS
	stopped bool
}

type connection struct {
	state     http.ConnState
	since     time.Time // when state or answering last changed
	answering int       // number of requests that have arrived and are not answered
}

func newConnections(limit int) *connections {
	c := &connections{limit: limit, open: make(map[net.Conn]*connection)}
	c.changed = sync.NewCond(&c.mu)
	return c
}

// connectionLimit returns how many connections the process has descriptors for.
func connectionLimit() int {
	limit, known := descriptorLimit()
	if !known {
		return maxConnections
	}
	return int(min(max(1, (int64(limit)-spareDescriptors)/descriptorsPerConnection), maxConnections))
}

// follow makes a server report the states of its connections. Its listener must
// be a limitedListener.
func (c *connections) follow(server *http.Server) {
	server.ConnState = c.noteState
	server.ConnContext = func(ctx context.Context, conn net.Conn) context.Context {
		c.mu.Lock()
		defer c.mu.Unlock()
		return context.WithValue(ctx, connectionKey{}, c.open[withoutTLS(conn)])
	}
}

type connectionKey struct{}

// limitedListener waits with each accepted connection until there is room for it.
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

// makeRoom closes one connection, unless none may be closed. c.mu is held.
func (c *connections) makeRoom(now time.Time) bool {
	var victim net.Conn
	var victimState *connection
	for conn, candidate := range c.open {
		if candidate.answering > 0 || now.Sub(candidate.since) < graceTime {
			continue
		}
		if victimState == nil || candidate.closesBefore(victimState) {
			victim, victimState = conn, candidate
		}
	}
	if victim == nil {
		return false
	}
	victim.Close()
	delete(c.open, victim)
	return true
}

// closesBefore reports whether c is to be closed rather than other: idle ones
// first, then those that have waited longest.
func (c *connection) closesBefore(other *connection) bool {
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
	case known == nil: // makeRoom has closed it
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

// handler counts, for each connection, the requests that have arrived completely
// and are being answered.
func (c *connections) handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, _ := r.Context().Value(connectionKey{}).(*connection)
		if conn == nil { // makeRoom has closed it
			return
		}
		arrived := sync.OnceFunc(func() { c.noteAnswering(conn, 1) })
		defer func() {
			arrived() // next may return without reading the whole body
			c.noteAnswering(conn, -1)
		}()
		r = r.WithContext(r.Context()) // a copy, because the server uses the Body of its own request
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

// arrivingBody calls arrived when it has been read to its end.
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
