package chathttp_test

import (
	"context"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
	"acschat/chathttp"
	"acschat/emulator"
)

// failFirst returns a transport that uses other for the first n exchanges, and then service.
func failFirst(n int, other, service transport) transport {
	return func(r *http.Request) (*http.Response, error) {
		if n--; n >= 0 {
			return other(r)
		}
		return service(r)
	}
}

func unavailable(retryAfter string) transport {
	return handled(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", retryAfter)
		w.WriteHeader(503)
	}))
}

func TestRetries(t *testing.T) {
	nobody := transport(func(*http.Request) (*http.Response, error) { return nil, io.EOF })
	for name, c := range map[string]struct {
		other            transport
		n                int
		minTime, maxTime time.Duration
		code             chatcore.Code
	}{
		"network error":           {other: nobody, n: 3, minTime: 3 * time.Millisecond, maxTime: 7003 * time.Millisecond},
		"no answer":               {other: silent, n: 1, minTime: 30 * time.Second, maxTime: 32 * time.Second},
		"Retry-After":             {other: unavailable("7"), n: 2, minTime: 14 * time.Second, maxTime: 14 * time.Second},
		"too many failures":       {other: nobody, n: 4, minTime: 3 * time.Millisecond, maxTime: 7003 * time.Millisecond, code: chatcore.NetworkError},
		"Retry-After is too long": {other: unavailable("120"), n: 1, code: chatcore.ServiceUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				em := emulator.New(emulator.Options{})
				var exchanges []chatcore.Exchange
				client := newClient(t, chathttp.Options{
					Token: em.NewUser().Token, HTTPClient: over(failFirst(c.n, c.other, handled(em))), OnExchange: func(e chatcore.Exchange) { exchanges = append(exchanges, e) },
					Retry: &chatcore.RetryOptions{MaxRetries: 3, BaseDelayMs: 1000, MaxDelayMs: 10_000},
				})
				start := time.Now()
				err := createThread(t.Context(), client)
				assert.GreaterOrEqual(t, time.Since(start), c.minTime)
				assert.LessOrEqual(t, time.Since(start), c.maxTime)
				if c.code != "" {
					assert.Equal(t, len(exchanges), requireCode(t, err, c.code).Attempts)
					assert.Empty(t, em.Threads())
					return
				}
				require.NoError(t, err)
				assert.Len(t, em.Threads(), 1)
				require.Len(t, exchanges, c.n+1)
				for _, e := range exchanges {
					assert.Equal(t, exchanges[0].Request, e.Request, "with the same repeatability id")
				}
			})
		})
	}
}

func TestRetryOptions(t *testing.T) {
	one, none := &chatcore.RetryOptions{MaxRetries: 1, BaseDelayMs: 1, MaxDelayMs: 1}, &chatcore.RetryOptions{}
	for name, c := range map[string]struct {
		client *chatcore.RetryOptions
		call   *chathttp.CallOptions
		want   int
	}{
		"the default":     {nil, nil, 4},
		"the client's":    {one, nil, 2},
		"none":            {none, nil, 1},
		"the call's":      {none, &chathttp.CallOptions{Retry: one}, 2},
		"none for a call": {nil, &chathttp.CallOptions{Retry: none}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				asked := 0
				client, err := chathttp.New(chathttp.Options{Endpoint: origin, Token: "token", Retry: c.client, HTTPClient: over(func(*http.Request) (*http.Response, error) {
					asked++
					return nil, io.EOF
				})})
				require.NoError(t, err)
				_, err = client.GetThread(t.Context(), noThread, c.call)
				requireCode(t, err, chatcore.NetworkError)
				assert.Equal(t, c.want, asked)
			})
		})
	}
}

func TestContextEndsAPause(t *testing.T) {
	for name, c := range ends {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client := newClient(t, chathttp.Options{HTTPClient: over(unavailable("60")), Retry: &chatcore.RetryOptions{MaxRetries: 3}})
				ctx, end := c.ctx(t.Context())
				ended := begin(func() error { return createThread(ctx, client) })
				synctest.Wait()
				end()
				assert.True(t, <-ended == c.want, "unchanged")
			})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		client := newClient(t, chathttp.Options{HTTPClient: over(unavailable("60")), Retry: &chatcore.RetryOptions{MaxRetries: 3}})
		ended := begin(func() error { return createThread(t.Context(), client) })
		synctest.Wait()
		client.Close()
		assert.Equal(t, 1, requireCode(t, <-ended, chatcore.Closed).Attempts)
	})
}

func TestTokenIsRefreshedBeforeItExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		em := emulator.New(emulator.Options{})
		jane := em.NewUser()
		var asked []bool
		client := newClient(t, chathttp.Options{HTTPClient: over(handled(em)), TokenFunc: func(_ context.Context, forceRefresh bool) (string, error) {
			if asked = append(asked, forceRefresh); len(asked) == 2 {
				return "", io.EOF
			}
			return jane.Token, nil
		}})
		require.NoError(t, createThread(t.Context(), client))
		time.Sleep(24*time.Hour - 121*time.Second)
		require.NoError(t, createThread(t.Context(), client))
		assert.Equal(t, []bool{false}, asked)
		time.Sleep(2 * time.Second)
		require.NoError(t, createThread(t.Context(), client), "with the current token")
		time.Sleep(9 * time.Second)
		require.NoError(t, createThread(t.Context(), client))
		assert.Equal(t, []bool{false, true}, asked)
		time.Sleep(2 * time.Second)
		require.NoError(t, createThread(t.Context(), client))
		assert.Equal(t, []bool{false, true, true}, asked, "ten seconds later")
	})
}

func TestNewIdempotencyToken(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		before := time.Now().UnixMilli()
		token := chathttp.NewIdempotencyToken()
		id, err := uuid.Parse(token)
		require.NoError(t, err)
		assert.Equal(t, token, id.String())
		assert.EqualValues(t, 7, id.Version())
		made, _ := id.Time().UnixTime()
		assert.InDelta(t, before/1000, made, 1, "the UUID has the time of its creation")
		assert.False(t, seen[token])
		seen[token] = true
	}
}
