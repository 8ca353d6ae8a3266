package chathttp_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
	"acschat/chathttp"
	"acschat/emulator"
)

func TestOnExchange(t *testing.T) {
	em := emulator.New(emulator.Options{})
	jane := em.NewUser()
	for name, c := range map[string]struct {
		transport transport
		end       func(*chathttp.Client, context.CancelFunc) // during the exchange
		want      chatcore.Exchange
	}{
		"success":       {handled(em), nil, chatcore.Exchange{Status: 201, Outcome: "success", Next: "done"}},
		"refused":       {handled(emulator.New(emulator.Options{AccessKey: "b3RoZXI="})), nil, chatcore.Exchange{Status: 401, Outcome: "Unauthorized", Next: "failed"}},
		"network error": {func(*http.Request) (*http.Response, error) { return nil, io.EOF }, nil, chatcore.Exchange{Outcome: "NetworkError", Next: "failed"}},
		"timeout":       {silent, func(*chathttp.Client, context.CancelFunc) {}, chatcore.Exchange{Outcome: "Timeout", Next: "failed", DurationMs: 30000}},
		"cancelled":     {silent, func(_ *chathttp.Client, cancel context.CancelFunc) { cancel() }, chatcore.Exchange{Outcome: "aborted", Next: "failed"}},
		"closed":        {silent, func(client *chathttp.Client, _ context.CancelFunc) { client.Close() }, chatcore.Exchange{Outcome: "Closed", Next: "failed"}},
		"late success":  {delayed(handled(em), 1500*time.Millisecond), nil, chatcore.Exchange{Status: 201, Outcome: "success", Next: "done", DurationMs: 1500}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var events []chatcore.Exchange
				client := newClient(t, chathttp.Options{Token: jane.Token, HTTPClient: over(c.transport), OnExchange: func(e chatcore.Exchange) { events = append(events, e) }})
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				call := begin(func() error { return createThread(ctx, client) })
				if c.end != nil {
					synctest.Wait()
					c.end(client, cancel)
				}
				<-call
				require.Len(t, events, 1, "reported before the method returns")

				e := events[0]
				assert.NotContains(t, fmt.Sprintf("%+v %s", e, e.JSON()), jane.Token)
				assert.Contains(t, e.Request.Header, chatcore.HeaderField{Name: "Authorization", Value: "Bearer [redacted]"})
				assert.Equal(t, "POST", e.Request.Method)
				assert.Equal(t, origin+"/chat/threads?api-version=2024-03-07", e.Request.URL)
				assert.Equal(t, `{"topic":"Lunch"}`, e.Request.Body)
				assert.Equal(t, c.want.Status != 0, e.ResponseBody != "")

				want := c.want
				want.Operation, want.CallID, want.Attempt = "createThread", 1, 1
				want.Request, want.ResponseBody = e.Request, e.ResponseBody
				assert.Equal(t, want, e)
			})
		})
	}
}

func TestNoExchangeWithoutARequest(t *testing.T) {
	client := newClient(t, chathttp.Options{HTTPClient: over(unreachable(t)), OnExchange: func(chatcore.Exchange) { t.Error("no request was sent") }})
	_, err := client.CreateThread(t.Context(), chatcore.CreateChatThreadRequest{}, nil)
	requireCode(t, err, chatcore.InvalidArgument)
}

func TestOnExchangeMayUseTheClient(t *testing.T) {
	em := emulator.New(emulator.Options{})
	var client *chathttp.Client
	events := 0
	client = newClient(t, chathttp.Options{Token: em.NewUser().Token, HTTPClient: over(handled(em)), OnExchange: func(chatcore.Exchange) {
		if events++; events == 1 {
			assert.NoError(t, createThread(t.Context(), client))
			client.Close()
		}
	}})
	require.NoError(t, createThread(t.Context(), client))
	assert.Equal(t, 2, events)
}

func TestPanicInOnExchange(t *testing.T) {
	em := emulator.New(emulator.Options{})
	panics := true
	client := newClient(t, chathttp.Options{Token: em.NewUser().Token, HTTPClient: over(handled(em)), OnExchange: func(chatcore.Exchange) {
		if panics {
			panic("canary")
		}
	}})
	assert.PanicsWithValue(t, "canary", func() { _ = createThread(t.Context(), client) })
	panics = false
	assert.NoError(t, createThread(t.Context(), client), "the client still works")
}

// delayed delays each exchange.
func delayed(t transport, d time.Duration) transport {
	return func(r *http.Request) (*http.Response, error) {
		time.Sleep(d)
		return t(r)
	}
}
