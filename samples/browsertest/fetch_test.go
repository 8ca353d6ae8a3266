//go:build js

package browsertest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall/js"
	"testing"

	"github.com/stretchr/testify/assert"

	"acschat/emulator"
)

// serveFetch replaces the page's fetch until the test ends. The replacement passes requests to a handler.
func serveFetch(t *testing.T, handler http.Handler) {
	global := js.Global()
	fetch := js.FuncOf(func(_ js.Value, args []js.Value) any {
		request := global.Get("Request").New(args[0], args[1])
		// A js.Func must not block, so it returns a promise, and the handler runs in a goroutine.
		answered := global.Get("Promise").Call("withResolvers")
		go func() {
			body := await(request.Call("text"))
			r := httptest.NewRequest(request.Get("method").String(), request.Get("url").String(), strings.NewReader(body.String()))
			headers := global.Get("Array").Call("from", request.Get("headers"))
			for i := range headers.Length() {
				r.Header.Set(headers.Index(i).Index(0).String(), headers.Index(i).Index(1).String())
			}
			recorder := httptest.NewRecorder()
			handler.ServeHTTP(recorder, r)
			answered.Call("resolve", newResponse(recorder.Result()))
		}()
		return answered.Get("promise")
	})
	own := global.Get("fetch")
	global.Set("fetch", fetch)
	t.Cleanup(func() {
		global.Set("fetch", own)
		fetch.Release()
	})
}

func newResponse(r *http.Response) js.Value {
	headers := map[string]any{}
	for name := range r.Header {
		headers[name] = r.Header.Get(name)
	}
	var body any // must stay null for a 204
	if text, _ := io.ReadAll(r.Body); len(text) > 0 {
		body = string(text)
	}
	return js.Global().Get("Response").New(body, map[string]any{"status": r.StatusCode, "headers": headers})
}

// await returns the value of a promise. The promise must not reject.
func await(promise js.Value) js.Value {
	values := make(chan js.Value, 1)
	fulfilled := js.FuncOf(func(_ js.Value, args []js.Value) any {
		values <- args[0]
		return nil
	})
	defer fulfilled.Release()
	promise.Call("then", fulfilled)
	return <-values
}

// The script stands for a page's own code, which uses only fetch.
func TestPageScript(t *testing.T) {
	em := emulator.New(emulator.Options{})
	serveFetch(t, em)
	topic := await(js.Global().Call("eval", `async (endpoint, token) => {
		const response = await fetch(endpoint + "/chat/threads?api-version=2025-03-15", {
			method: "POST",
			headers: { Authorization: "Bearer " + token, "Content-Type": "application/json" },
			body: JSON.stringify({ topic: "Lunch" }),
		});
		return (await response.json()).chatThread.topic;
	}`).Invoke("http://localhost:8081", em.NewUser().Token))

	assert.Equal(t, "Lunch", topic.String())
	assert.Equal(t, "Lunch", em.Threads()[0].Topic)
}
