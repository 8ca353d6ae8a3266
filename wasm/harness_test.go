//go:build js && wasm

package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"syscall/js"
	"testing"

	"github.com/stretchr/testify/require"

	"acschat/emulator"
)

const endpoint = "http://localhost:8081"

func TestMain(m *testing.M) {
	js.Global().Call("eval", `globalThis.unhandled = []; addEventListener("unhandledrejection", (e) => unhandled.push(String(e.reason)))`)
	start()
	if code := m.Run(); code != 0 {
		os.Exit(code)
	}
	if unhandled := js.Global().Get("unhandled"); unhandled.Length() > 0 {
		fmt.Println("unhandled rejections:", unhandled.Call("join", "\n").String())
		os.Exit(1)
	}
}

// page runs a script as a page would have it: an async function of the given names and values, whose result arrives as
// JSON. Go values are handed over as JSON too, but for functions.
func page[R any](t *testing.T, values map[string]any, script string) R {
	t.Helper()
	var names []string
	args := []any{}
	for name, value := range values {
		names = append(names, name)
		if f, ok := value.(js.Func); ok {
			args = append(args, f)
			continue
		}
		text, err := json.Marshal(value)
		require.NoError(t, err)
		args = append(args, parse.Invoke(string(text)))
	}
	function := js.Global().Call("eval", `(async ({ createClient, ChatError } = acsChat, `+strings.Join(names, ", ")+`) => JSON.stringify(await (async () => {`+script+`})()))`)
	text := await(t, function.Invoke(append([]any{js.Undefined()}, args...)...))
	var result R
	require.NoError(t, json.Unmarshal([]byte(text.String()), &result))
	return result
}

// await waits for a promise, which must be fulfilled.
func await(t *testing.T, promise js.Value) js.Value {
	t.Helper()
	fulfilled, rejected := make(chan js.Value, 1), make(chan js.Value, 1)
	settle := func(to chan js.Value) js.Func {
		return js.FuncOf(func(_ js.Value, args []js.Value) any {
			to <- args[0]
			return nil
		})
	}
	onFulfilled, onRejected := settle(fulfilled), settle(rejected)
	defer onFulfilled.Release()
	defer onRejected.Release()
	promise.Call("then", onFulfilled, onRejected)
	select {
	case value := <-fulfilled:
		return value
	case reason := <-rejected:
		require.Fail(t, "the promise was rejected", "%s %s", thrown{reason}.Error(), reason.Get("stack"))
		return reason
	}
}

// fetchFrom is a fetch whose every request an http.Handler answers, in this process.
func fetchFrom(t *testing.T, handler http.Handler) js.Func {
	entries, response := js.Global().Get("Object").Get("entries"), js.Global().Get("Response") // which a page may replace
	f := js.FuncOf(func(_ js.Value, args []js.Value) any {
		init := args[1]
		var sent string
		if body := init.Get("body"); !body.IsUndefined() {
			sent = body.String()
		}
		request := httptest.NewRequest(init.Get("method").String(), args[0].String(), strings.NewReader(sent))
		headers := entries.Invoke(init.Get("headers"))
		for i := range headers.Length() {
			request.Header.Set(headers.Index(i).Index(0).String(), headers.Index(i).Index(1).String())
		}
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, request)
		header := map[string]any{}
		for name := range answer.Header() {
			header[name] = answer.Header().Get(name)
		}
		var body any
		if answer.Body.Len() > 0 {
			body = answer.Body.String() // the browser refuses any with a 204
		}
		return resolve.Invoke(response.New(body, js.ValueOf(map[string]any{"status": answer.Code, "headers": header})))
	})
	t.Cleanup(f.Release)
	return f
}

// emulated returns an emulator, and what a page needs to talk to it.
func emulated(t *testing.T) (*emulator.Emulator, map[string]any) {
	em := emulator.New(emulator.Options{})
	return em, map[string]any{"endpoint": endpoint, "token": em.NewUser().Token, "fetch": fetchFrom(t, em)}
}

// host makes a function of Go's that a script can call.
func host(t *testing.T, f func() any) js.Func {
	function := js.FuncOf(func(js.Value, []js.Value) any { return f() })
	t.Cleanup(function.Release)
	return function
}
