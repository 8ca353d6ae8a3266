package emulator

import (
	"errors"
	"strings"
)

// maxBodyBytes is enough for 200 participants with as much metadata as is allowed.
const maxBodyBytes = 1 << 20

const (
	methodGet     = "GET"
	methodHead    = "HEAD"
	methodPost    = "POST"
	methodPatch   = "PATCH"
	methodDelete  = "DELETE"
	methodOptions = "OPTIONS"
)

// Request is an HTTP request for [Emulator.Serve].
type Request struct {
	Method string
	Scheme string // "http" or "https", of the URL that the client has used
	Host   string // with the port, if the URL has one
	Target string // path and query as the client has encoded them, such as "/chat/threads?api-version=2025-03-15"
	Header Header
	// RemoteAddr is the client's address, with or without a port. Only programs on this machine may use the control endpoints.
	// If it is empty, the request is taken for one that this program makes itself.
	RemoteAddr string
	// ReadBody returns the whole body. Nil means that there is none.
	ReadBody func() ([]byte, error)
	// Gone is closed when the client does not wait for the response any more. Nil means never.
	Gone <-chan struct{}
	// Discard, if not nil, reads what ReadBody has left of the body: an HTTP server notices only then that the client has gone.
	Discard func()
}

// ResponseWriter takes the response to a request. The header must be complete before WriteHeader is called.
type ResponseWriter interface {
	Header() Header
	WriteHeader(status int)
	Write(p []byte) (n int, err error)
	Flush() // sends what has been written so far
	Drop()  // closes the connection: the client gets only what was flushed before
	Reset() // resets the connection
}

var errBodyTooLarge = errors.New("the body is too large")

func (r *Request) path() string {
	path, _, _ := strings.Cut(r.Target, "?")
	return path
}

func (r *Request) query() string {
	_, query, _ := strings.Cut(r.Target, "?")
	return query
}

// origin returns scheme and host of the URL that the client has used.
func (r *Request) origin() string { return r.Scheme + "://" + r.Host }

func (r *Request) body() ([]byte, *communicationError) {
	if r.ReadBody == nil {
		return nil, nil
	}
	body, err := r.ReadBody()
	switch {
	case err == errBodyTooLarge || len(body) > maxBodyBytes:
		return nil, bodyTooLarge(maxBodyBytes)
	case err != nil:
		return nil, badRequest("", "The body could not be read to its end.")
	}
	return body, nil
}
