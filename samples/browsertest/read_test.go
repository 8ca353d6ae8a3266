//go:build js

package browsertest

import (
	"context"
	"errors"
	"syscall/js"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
	"acschat/chathttp"
	"acschat/emulator"
)

// replaceFetch replaces the page's fetch by a JavaScript function until the test ends.
func replaceFetch(t *testing.T, script string) {
	own := js.Global().Get("fetch")
	js.Global().Set("fetch", js.Global().Call("eval", script))
	t.Cleanup(func() { js.Global().Set("fetch", own) })
}

func newClient(t *testing.T, token string) *chathttp.Client {
	client, err := chathttp.New(chathttp.Options{Endpoint: "http://localhost:8081", Token: token, Retry: &chatcore.RetryOptions{}})
	require.NoError(t, err)
	t.Cleanup(client.Close)
	return client
}

// A client without its own transport uses net/http for writes, and calls fetch itself for reads.
func TestPageFetch(t *testing.T) {
	em := emulator.New(emulator.Options{})
	serveFetch(t, em)
	client := newClient(t, em.NewUser().Token)
	created, err := client.CreateThread(t.Context(), chatcore.CreateChatThreadRequest{Topic: "Lunch 🍕"}, nil)
	require.NoError(t, err)
	thread, err := client.GetThread(t.Context(), created.ChatThread.ID, nil)
	require.NoError(t, err)
	assert.Equal(t, "Lunch 🍕", thread.Topic)
	_, err = client.GetThread(t.Context(), "19:none@thread.v2", nil)
	var e *chatcore.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, chatcore.NotFound, e.Code)
}

// A read passes these options to fetch: no cookies, no redirects, no cache, and only the headers of its request.
func TestReadOptions(t *testing.T) {
	replaceFetch(t, `async (url, { signal, ...init }) => {
		globalThis.given = JSON.stringify(init);
		return new Response('{"id":"19:x"}');
	}`)
	_, err := newClient(t, "abc").GetThread(t.Context(), "19:x", nil)
	require.NoError(t, err)
	assert.JSONEq(t, `{"method":"GET","credentials":"omit","redirect":"error","cache":"no-store","headers":{"Authorization":"Bearer abc"}}`,
		js.Global().Get("given").String())
}

// If the context of a read ends, its fetch is aborted, before the response and during its body.
func TestContextAbortsARead(t *testing.T) {
	for name, script := range map[string]string{
		"before the response": `(url, { signal }) => new Promise((_, reject) => {
			signal.addEventListener("abort", () => (globalThis.aborted = true, reject(signal.reason)));
			begun();
		})`,
		"during the body": `async (url, { signal }) => new Response(new ReadableStream({
			start(controller) {
				controller.enqueue(new TextEncoder().encode("{"));
				signal.addEventListener("abort", () => (globalThis.aborted = true, controller.error(signal.reason)));
			},
			pull: () => begun(),
		}))`,
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			enough := errors.New("enough")
			begun := js.FuncOf(func(js.Value, []js.Value) any {
				cancel(enough)
				return nil
			})
			defer begun.Release()
			js.Global().Set("begun", begun)
			js.Global().Set("aborted", false)
			replaceFetch(t, script)
			_, err := newClient(t, "abc").GetThread(ctx, "19:x", nil)
			assert.Equal(t, enough, err)
			assert.Eventually(t, func() bool { return js.Global().Get("aborted").Bool() }, time.Second, time.Millisecond)
		})
	}
}

// A body that is too long or breaks off is a NetworkError.
func TestReadWithABadBody(t *testing.T) {
	for want, script := range map[string]string{
		"longer than": `async () => new Response(new ReadableStream({ pull: (c) => c.enqueue(new Uint8Array(1 << 20)) }))`,
		"went away":   `async () => new Response(new ReadableStream({ pull: (c) => c.error(new Error("went away")) }))`,
		"blocked":     `() => Promise.reject(new TypeError("blocked"))`,
	} {
		replaceFetch(t, script)
		_, err := newClient(t, "abc").GetThread(t.Context(), "19:x", nil)
		var e *chatcore.Error
		require.ErrorAs(t, err, &e)
		assert.Equal(t, chatcore.NetworkError, e.Code)
		assert.Contains(t, e.Message, want)
	}
}
