package chathttp

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"syscall/js"
)

// defaultTransport returns the transport for clients without their own. In a page it bypasses the browser's cache. net/http cannot do
// this: of fetch's options it sets only mode, credentials and redirect.
//
// It returns nil, which is net/http's own transport, if net/http does not use fetch, or if the program has replaced
// http.DefaultTransport.
func defaultTransport() http.RoundTripper {
	_, isOriginal := http.DefaultTransport.(*http.Transport)
	if inNode || !isOriginal || js.Global().Get("fetch").Type() != js.TypeFunction {
		return nil
	}
	return uncachedTransport{}
}

// uncachedTransport sends GET requests with fetch and cache: "no-store". It passes all other requests to net/http.
type uncachedTransport struct{}

func (uncachedTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method != http.MethodGet {
		return http.DefaultTransport.RoundTrip(r)
	}
	headers := map[string]any{}
	for name := range r.Header {
		if !strings.HasPrefix(name, "js.fetch:") {
			headers[name] = r.Header.Get(name)
		}
	}
	controller := js.Global().Get("AbortController").New()
	init := map[string]any{
		"method": r.Method, "headers": headers, "credentials": "omit", "redirect": "error", "cache": "no-store",
		"signal": controller.Get("signal"),
	}
	stop := context.AfterFunc(r.Context(), func() { controller.Call("abort") })
	response, err := await(js.Global().Call("fetch", r.URL.String(), init))
	if err != nil {
		stop()
		if ctxErr := r.Context().Err(); ctxErr != nil {
			err = ctxErr
		}
		return nil, err
	}
	header := http.Header{}
	fields := js.Global().Get("Array").Call("from", response.Get("headers"))
	for i := range fields.Length() {
		header.Add(fields.Index(i).Index(0).String(), fields.Index(i).Index(1).String())
	}
	body := &fetchBody{controller: controller, stop: stop, err: io.EOF}
	if stream := response.Get("body"); stream.Truthy() {
		body.reader, body.err = stream.Call("getReader"), nil
	}
	status := response.Get("status").Int()
	return &http.Response{
		Status: http.StatusText(status), StatusCode: status, Header: header, Body: body, ContentLength: -1, Request: r,
	}, nil
}

// fetchBody reads the body of a fetch response while it arrives.
type fetchBody struct {
	reader, controller js.Value
	stop               func() bool // stops watching the request's context
	pending            []byte
	err                error
}

func (b *fetchBody) Read(p []byte) (int, error) {
	for len(b.pending) == 0 && b.err == nil {
		chunk, err := await(b.reader.Call("read"))
		switch {
		case err != nil:
			b.err = err
		case chunk.Get("done").Bool():
			b.err = io.EOF
		default:
			b.pending = make([]byte, chunk.Get("value").Length())
			js.CopyBytesToGo(b.pending, chunk.Get("value"))
		}
	}
	if len(b.pending) == 0 {
		return 0, b.err
	}
	n := copy(p, b.pending)
	b.pending = b.pending[n:]
	return n, nil
}

// Close aborts the rest of the download.
func (b *fetchBody) Close() error {
	b.stop()
	b.controller.Call("abort")
	b.pending, b.err = nil, http.ErrBodyReadAfterClose
	return nil
}

// await waits until a promise is settled, and returns its value or error.
func await(promise js.Value) (value js.Value, err error) {
	settled := make(chan struct{})
	fulfilled := js.FuncOf(func(_ js.Value, args []js.Value) any {
		value = args[0]
		close(settled)
		return nil
	})
	defer fulfilled.Release()
	rejected := js.FuncOf(func(_ js.Value, args []js.Value) any {
		err = errors.New("fetch: " + js.Global().Get("String").Invoke(args[0]).String())
		close(settled)
		return nil
	})
	defer rejected.Release()
	promise.Call("then", fulfilled, rejected)
	<-settled
	return value, err
}
