package chathttp_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
	"acschat/chathttp"
)

var errReason = errors.New("the user left")

// ends are the ways in which a ctx can end, and the errors that calls return then.
var ends = map[string]struct {
	ctx  func(context.Context) (_ context.Context, end func())
	want error
}{
	"cancelled": {func(ctx context.Context) (context.Context, func()) {
		ctx, cancel := context.WithCancel(ctx)
		return ctx, cancel
	}, context.Canceled},
	"with a cause": {func(ctx context.Context) (context.Context, func()) {
		ctx, cancel := context.WithCancelCause(ctx)
		return ctx, func() { cancel(errReason) }
	}, errReason},
	"by a deadline": {func(ctx context.Context) (context.Context, func()) {
		ctx, cancel := context.WithTimeout(ctx, time.Second)
		return ctx, func() {
			<-ctx.Done()
			cancel()
		}
	}, context.DeadlineExceeded},
}

func TestContextEndsACall(t *testing.T) {
	for name, c := range ends {
		for operation, call := range methods {
			t.Run(name+" before "+operation, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					client := newClient(t, chathttp.Options{HTTPClient: over(unreachable(t)), TokenFunc: func(context.Context, bool) (string, error) {
						t.Error("TokenFunc was called")
						return "", nil
					}})
					ctx, end := c.ctx(t.Context())
					end()
					assert.True(t, call(ctx, client) == c.want, "unchanged")
				})
			})
			t.Run(name+" before the token of "+operation, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					client := newClient(t, chathttp.Options{HTTPClient: over(unreachable(t)), TokenFunc: func(ctx context.Context, _ bool) (string, error) {
						<-ctx.Done()
						return "", ctx.Err()
					}})
					ctx, end := c.ctx(t.Context())
					ended := begin(func() error { return call(ctx, client) })
					synctest.Wait()
					end()
					assert.True(t, <-ended == c.want, "unchanged")
				})
			})
			t.Run(name+" during the exchange of "+operation, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					stopped := make(chan struct{})
					client := newClient(t, chathttp.Options{HTTPClient: over(func(r *http.Request) (*http.Response, error) {
						defer close(stopped)
						return silent(r)
					})})
					ctx, end := c.ctx(t.Context())
					ended := begin(func() error { return call(ctx, client) })
					synctest.Wait()
					end()
					assert.True(t, <-ended == c.want, "unchanged")
					<-stopped
				})
			})
		}
	}
}

// panickingContext is a ctx whose Done panics.
type panickingContext struct{ context.Context }

func (panickingContext) Done() <-chan struct{} { panic("broken") }

func TestPanicStopsTheExchange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stopped := make(chan struct{})
		client := newClient(t, chathttp.Options{HTTPClient: over(func(r *http.Request) (*http.Response, error) {
			defer close(stopped)
			return silent(r)
		})})
		assert.PanicsWithValue(t, "broken", func() { _ = createThread(panickingContext{t.Context()}, client) })
		<-stopped
	})
}

func TestClose(t *testing.T) {
	t.Run("during an exchange", func(t *testing.T) {
		end := make(chan struct{})
		received := make(chan struct{})
		server := serve(t, func(http.ResponseWriter, *http.Request) {
			close(received)
			<-end
		})
		defer close(end)
		client := newClient(t, chathttp.Options{Endpoint: server.URL, HTTPClient: server.Client()})
		call := begin(func() error { return createThread(t.Context(), client) })
		<-received
		client.Close()
		assert.Equal(t, 1, requireCode(t, <-call, chatcore.Closed).Attempts)
	})
	t.Run("during the wait for a token", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			end := make(chan struct{})
			defer close(end)
			client := newClient(t, chathttp.Options{HTTPClient: over(unreachable(t)), TokenFunc: func(context.Context, bool) (string, error) {
				<-end
				return "late", nil
			}})
			var calls []result
			for _, call := range methods {
				calls = append(calls, begin(func() error { return call(t.Context(), client) }))
			}
			synctest.Wait()
			client.Close()
			for _, call := range calls {
				requireCode(t, <-call, chatcore.Closed)
			}
		})
	})
	t.Run("before", func(t *testing.T) {
		client := newClient(t, chathttp.Options{HTTPClient: over(unreachable(t))})
		client.Close()
		client.Close()
		for operation, call := range methods {
			e := requireCode(t, call(t.Context(), client), chatcore.Closed)
			assert.Equal(t, operation, e.Operation)
			require.Zero(t, e.Attempts)
		}
	})
}
