package emulator

import (
	"context"
	"io"
	"net"
	"net/http"
	"time"
)

// hijackConnection takes a request's connection over from the server. If that is impossible, as with HTTP/2, it panics with
// http.ErrAbortHandler, which makes the server abort the request.
func hijackConnection(w http.ResponseWriter) net.Conn {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	return connection
}

// dropConnection closes the connection. The client gets only what was flushed before.
func dropConnection(w http.ResponseWriter) { hijackConnection(w).Close() }

// resetConnection resets the TCP connection. With TLS it does not send close_notify.
func resetConnection(w http.ResponseWriter) {
	connection := hijackConnection(w)
	if secured, ok := connection.(interface{ NetConn() net.Conn }); ok {
		connection = secured.NetConn()
	}
	if tcp, ok := connection.(interface{ SetLinger(seconds int) error }); ok {
		_ = tcp.SetLinger(0) // fails only if the client has closed the connection already
	}
	connection.Close()
}

// hangConnection waits until the client closes the connection or limit has passed, and then drops it. A limit of 0 means no
// limit.
func hangConnection(w http.ResponseWriter, r *http.Request, limit time.Duration) {
	ctx := r.Context()
	if limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, limit)
		defer cancel()
	}
	if r.Body != nil {
		// If the body was too large, a part of it is unread, and the server notices only after it that the client has gone.
		_, _ = io.Copy(io.Discard, r.Body)
	}
	<-ctx.Done()
	dropConnection(w)
}
