package chatcore

import (
	"errors"

	"acschat/chatcore/internal/json"
)

// Request is an HTTP request. A [Call] adds the Authorization header.
type Request struct {
	Method string
	URL    string
	Header []HeaderField
	Body   string // JSON, or empty
}

// HeaderField is one header of a Request.
type HeaderField struct{ Name, Value string }

// MaxResponseBytes is the longest response body that a driver reads. For a longer one it passes status and headers, with ErrTooLong.
// The service sends more than 8 MiB only for long pages of long messages: 200 messages of 28 KB can be 10 MB of JSON.
const MaxResponseBytes = 8 << 20

// ErrTooLong is the Err of a Response whose body is longer than MaxResponseBytes.
var ErrTooLong = errors.New("the answer is longer than 8 MiB")

// Response is an HTTP response with its complete body.
type Response struct {
	Status int                      // as in 201
	Header func(name string) string // returns "" for a header that is absent, or that the browser hides; may be nil
	Body   string
	Err    error // why the body is incomplete, or nil. A Call treats an incomplete response as none, except for pages that are too long

	token string // of the request: errors must not contain it
}

func (r Response) header(name string) string {
	if r.Header == nil {
		return ""
	}
	return r.Header(name)
}

func writeHeader(w *json.Writer, header []HeaderField) {
	w.Begin('{')
	for _, field := range header {
		w.Member(field.Name)
		w.String(field.Value)
	}
	w.End('}')
}
