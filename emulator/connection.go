package emulator

import (
	"context"
	"io"
	"net"
	"net/http"
	"time"
)

// takeConnection gives the connection of a request, with which the server then has no more to do. Where there is none to
// take over, as with HTTP/2, it panics with http.ErrAbortHandler, which breaks off the request.
func takeConnection(w http.ResponseWriter) net.Conn {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	return connection
}

// drop closes the connection, with no more of an answer than was flushed.
func drop(w http.ResponseWriter) { takeConnection(w).Close() }

// refuse resets the connection. What is under TLS is closed without a word from TLS.
func refuse(w http.ResponseWriter) {
	connection := takeConnection(w)
	if secured, ok := connection.(interface{ NetConn() net.Conn }); ok {
		connection = secured.NetConn()
	}
	if tcp, ok := connection.(interface{ SetLinger(seconds int) error }); ok {
		_ = tcp.SetLinger(0) // it fails only if the client was faster, and then it has its network failure
	}
	connection.Close()
}

// hang waits until the client leaves, but no longer than limit unless that is 0, and drops the connection.
func hang(w http.ResponseWriter, r *http.Request, limit time.Duration) {
	ctx := r.Context()
	if limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, limit)
		defer cancel()
	}
	if r.Body != nil {
		_, _ = io.Copy(io.Discard, r.Body) // what was too much: a server does not look for the client's end before that
	}
	<-ctx.Done()
	drop(w)
}
