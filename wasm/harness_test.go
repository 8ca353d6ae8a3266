//go:build js && wasm

package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"syscall/js"
	"testing"

	"github.com/stretchr/testify/require"

	"acschat/cmd/dist/fold"
	"acschat/emulator"
)

const endpoint = "http://localhost:8081"

var (
	hostName = flag.String("host", "both", "the host that the tests run on: loader, bare or both")
	long     = flag.Bool("long", false, "make TestNoLeaks make 10,000 calls rather than 1,000")
)

// isBare reports whether the tests run on the host without chat.js.
var isBare bool

// TestMain runs the tests on both hosts, or on the one of -host: first without chat.js, then with the folded chat.js that ships,
// connected to this program.
func TestMain(m *testing.M) {
	flag.Parse()
	js.Global().Call("eval", `
		globalThis.unhandled = [];
		addEventListener("unhandledrejection", (e) => unhandled.push(String(e.reason)));
		const { _makeFuncWrapper } = Go.prototype;
		Go.prototype._makeFuncWrapper = function (id) {
			globalThis.programExports = this._inst.exports;
			return _makeFuncWrapper.call(this, id);
		};`)
	isBare = true
	start()
	code := 0
	if *hostName != "loader" {
		code = m.Run()
	}
	if *hostName != "bare" {
		isBare = false
		bare := js.Global().Get("acsChat")
		attachLoader()
		publish()
		js.Global().Call("eval", `delete globalThis[Symbol.for("acschat.loader")]`)
		code = max(code, m.Run())
		js.Global().Set("acsChat", bare)
	}
	if unhandled := js.Global().Get("unhandled"); code == 0 && unhandled.Length() > 0 {
		fmt.Println("unhandled rejections:", unhandled.Call("join", "\n").String())
		code = 1
	}
	// Timers of clients and watches that tests left behind must not call a program that has ended.
	js.Global().Call("eval", `for (let id = setTimeout(() => {}); id > 0; id--) clearTimeout(id)`)
	os.Exit(code)
}

// attachLoader connects chat.js to this program, and sets acsChat to its exports.
func attachLoader() {
	source, err := fold.Modules(os.DirFS("../web"), "chat.js")
	if err != nil {
		panic(err)
	}
	done := make(chan string)
	report := js.FuncOf(func(_ js.Value, args []js.Value) any {
		go func() { done <- args[0].String() }()
		return nil
	})
	js.Global().Call("eval", `async (source, report) => {
		try {
			const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
			globalThis.acsChat = await import(url);
			globalThis[Symbol.for("acschat.loader")] = acsChat.adopt(programExports);
			report("");
		} catch (error) {
			report(error.stack);
		}
	}`).Invoke(string(source)+`export const adopt = (exports) => (program = new Border(exports));`, report)
	if problem := <-done; problem != "" {
		panic(problem)
	}
}

// lenient is script text. It defines a createClient that never throws, as without chat.js: for bad options every call rejects.
const lenient = `
	const createClient = (options) => {
		try {
			return acsChat.createClient(options);
		} catch (error) {
			return new Proxy({}, { get: () => () => Promise.reject(error) });
		}
	};
`

// page runs a script as the body of an async function, and returns its result. The script sees the values under their names. Values and
// result cross as JSON, except functions.
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
		args = append(args, parseJSON.Invoke(string(text)))
	}
	function := js.Global().Call("eval", `(async ({ ChatError } = acsChat, `+strings.Join(names, ", ")+`) => JSON.stringify(await (async () => {`+lenient+script+`})()))`)
	text := await(t, function.Invoke(append([]any{js.Undefined()}, args...)...))
	var result R
	require.NoError(t, json.Unmarshal([]byte(text.String()), &result))
	return result
}

// await returns the value of a promise. It fails the test if the promise is rejected.
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

// fetchFrom returns a fetch function whose requests are answered by the handler.
func fetchFrom(t *testing.T, handler http.Handler) js.Func {
	entries, response := js.Global().Get("Object").Get("entries"), js.Global().Get("Response") // some tests replace them later
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
			body = answer.Body.String() // a response with status 204 cannot have a body
		}
		return promiseResolve.Invoke(response.New(body, js.ValueOf(map[string]any{"status": answer.Code, "headers": header})))
	})
	t.Cleanup(f.Release)
	return f
}

// emulated returns an emulator, and the values that a page needs to use it.
func emulated(t *testing.T) (*emulator.Emulator, map[string]any) {
	em := emulator.New(emulator.Options{})
	return em, map[string]any{"endpoint": endpoint, "token": em.NewUser().Token, "fetch": fetchFrom(t, em)}
}

// callable returns a JavaScript function that calls f.
func callable(t *testing.T, f func() any) js.Func {
	function := js.FuncOf(func(js.Value, []js.Value) any { return f() })
	t.Cleanup(function.Release)
	return function
}
