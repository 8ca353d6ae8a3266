package chathttp_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
	"acschat/chathttp"
)

// requireNoAnswer checks the error of an operation without an answer: DeliveryUnknown for sendMessage, otherwise code.
func requireNoAnswer(t *testing.T, operation string, err error, code chatcore.Code) {
	t.Helper()
	if operation == "sendMessage" {
		e := requireCode(t, err, chatcore.DeliveryUnknown)
		err = e.Cause
	}
	e := requireCode(t, err, code)
	assert.Equal(t, 1, e.Attempts)
	assert.Equal(t, operation, e.Operation)
}

func TestServiceDoesNotAnswer(t *testing.T) {
	for operation, call := range operations {
		t.Run(operation, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client := newClient(t, chathttp.Options{HTTPClient: over(silent)})
				start := time.Now()
				requireNoAnswer(t, operation, call(t.Context(), client), chatcore.Timeout)
				assert.Equal(t, 30*time.Second, time.Since(start))
			})
		})
	}
}

func TestTimeLimits(t *testing.T) {
	type limits struct{ timeout, total time.Duration }
	for name, c := range map[string]struct {
		o    limits
		call chathttp.CallOptions
		want time.Duration
	}{
		"default":               {limits{}, chathttp.CallOptions{}, 30 * time.Second},
		"client's Timeout":      {limits{timeout: time.Minute}, chathttp.CallOptions{}, time.Minute},
		"client's TotalTimeout": {limits{total: time.Second}, chathttp.CallOptions{}, time.Second},
		"default TotalTimeout":  {limits{timeout: time.Hour}, chathttp.CallOptions{}, 2 * time.Minute},
		"call's Timeout":        {limits{timeout: time.Minute}, chathttp.CallOptions{Timeout: time.Millisecond}, time.Millisecond},
		"call's TotalTimeout":   {limits{total: time.Minute}, chathttp.CallOptions{TotalTimeout: 20 * time.Millisecond}, 20 * time.Millisecond},
		"longest":               {limits{maxTimeout, maxTimeout}, chathttp.CallOptions{}, maxTimeout},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client := newClient(t, chathttp.Options{HTTPClient: over(silent), Timeout: c.o.timeout, TotalTimeout: c.o.total})
				time.Sleep(1234567 * time.Nanosecond) // limits count from the call, not from the client's creation
				start := time.Now()
				_, err := client.CreateThread(t.Context(), lunch, &chathttp.CreateThreadOptions{CallOptions: c.call})
				requireCode(t, err, chatcore.Timeout)
				assert.InDelta(t, c.want, time.Since(start), float64(time.Millisecond))
			})
		})
	}
}

func TestTransportIgnoresContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hang := make(chan struct{})
		body := &closeRecorder{Reader: strings.NewReader("{}")}
		client := newClient(t, chathttp.Options{HTTPClient: over(func(*http.Request) (*http.Response, error) {
			<-hang
			return &http.Response{StatusCode: 201, Body: body}, nil
		})})
		requireCode(t, createThread(t.Context(), client), chatcore.Timeout)
		close(hang)
		synctest.Wait()
		assert.True(t, body.closed.Load(), "the body of a late answer is closed, too")
	})
}

func TestServerHangs(t *testing.T) {
	end := make(chan struct{})
	server := serve(t, func(http.ResponseWriter, *http.Request) { <-end })
	defer close(end)
	client := newClient(t, chathttp.Options{Endpoint: server.URL, HTTPClient: server.Client(), Timeout: 20 * time.Millisecond})
	requireCode(t, createThread(t.Context(), client), chatcore.Timeout)
}

func TestBrokenConnections(t *testing.T) {
	for name, breaks := range map[string]func(http.ResponseWriter){
		"before the answer": func(http.ResponseWriter) {},
		"in the body": func(w http.ResponseWriter) {
			w.Header().Set("Content-Length", "1000")
			w.WriteHeader(201)
			_, _ = io.WriteString(w, `{"id":"1"}`)
		},
	} {
		for operation, call := range operations {
			t.Run(name+" of "+operation, func(t *testing.T) {
				var received atomic.Int32
				server := serve(t, func(w http.ResponseWriter, _ *http.Request) {
					received.Add(1)
					breaks(w)
					panic(http.ErrAbortHandler)
				})
				client := newClient(t, chathttp.Options{Endpoint: server.URL, HTTPClient: server.Client()})
				err := call(t.Context(), client)
				requireNoAnswer(t, operation, err, chatcore.NetworkError)
				assert.True(t, errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF), "the cause is net/http's: %v", err)
				assert.EqualValues(t, 1, received.Load(), "no retry")
			})
		}
	}
}

func TestConnectionRefused(t *testing.T) {
	server := serve(t, nil)
	server.Close()
	client := newClient(t, chathttp.Options{Endpoint: server.URL, Token: "canary"})
	err := createThread(t.Context(), client)
	requireCode(t, err, chatcore.NetworkError)
	assert.NotContains(t, err.Error(), "canary")
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			other := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("the token was sent to another server") })
			server := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.URL, status) })
			given := &http.Client{Transport: server.Client().Transport}
			client := newClient(t, chathttp.Options{Endpoint: server.URL, HTTPClient: given})
			e := requireCode(t, sendMessage(t.Context(), client), chatcore.DeliveryUnknown)
			assert.Equal(t, status, e.Status, "a proxy may have answered, after it passed the request on")
			assert.Nil(t, given.CheckRedirect, "the given client is unchanged")
		})
	}
}

func TestLongAnswers(t *testing.T) {
	const answer = `{"id":"1"}`
	for _, operation := range []string{"sendMessage", "listMessages"} {
		t.Run(operation, func(t *testing.T) {
			body := &closeRecorder{Reader: endlessReader{}}
			client := newClient(t, chathttp.Options{HTTPClient: over(func(*http.Request) (*http.Response, error) {
				return &http.Response{StatusCode: 201, Body: body}, nil
			})})
			err := operations[operation](t.Context(), client)
			requireNoAnswer(t, operation, err, chatcore.NetworkError)
			assert.ErrorContains(t, err, "longer than 8 MiB")
			assert.True(t, body.closed.Load())
		})
	}
	for name, list := range lists {
		t.Run(name, func(t *testing.T) {
			asked := 0
			client := newClient(t, chathttp.Options{Retry: &chatcore.RetryOptions{MaxRetries: 3}, HTTPClient: over(func(*http.Request) (*http.Response, error) {
				asked++
				return &http.Response{StatusCode: 200, Body: io.NopCloser(endlessReader{})}, nil
			})})
			e := requireCode(t, drain(list.items(t.Context(), client, "")), chatcore.ParseError)
			assert.Contains(t, e.Hint, "MaxPageSize")
			assert.ErrorIs(t, e, chatcore.ErrTooLong)
			assert.Equal(t, 1, asked)
		})
	}
	t.Run("the longest body allowed", func(t *testing.T) {
		client := newClient(t, chathttp.Options{HTTPClient: over(func(*http.Request) (*http.Response, error) {
			padding := strings.NewReader(strings.Repeat(" ", chathttp.MaxResponseBytes-len(answer)))
			return &http.Response{StatusCode: 201, Body: io.NopCloser(io.MultiReader(strings.NewReader(answer), padding))}, nil
		})})
		require.NoError(t, sendMessage(t.Context(), client))
	})
}

func TestBodiesAreClosed(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		body   io.Reader
	}{
		"success":  {201, strings.NewReader(`{"id":"1"}`)},
		"no JSON":  {201, strings.NewReader(`<html>`)},
		"redirect": {307, strings.NewReader(``)},
		"failure":  {500, strings.NewReader(``)},
		"cut off":  {201, io.MultiReader(strings.NewReader(`{`), brokenReader{})},
	} {
		t.Run(name, func(t *testing.T) {
			body := &closeRecorder{Reader: c.body}
			client := newClient(t, chathttp.Options{HTTPClient: over(func(*http.Request) (*http.Response, error) {
				return &http.Response{StatusCode: c.status, Body: body}, nil
			})})
			_ = sendMessage(t.Context(), client)
			assert.True(t, body.closed.Load())
		})
	}
}

func TestRetryAfterIsRead(t *testing.T) {
	client := newClient(t, chathttp.Options{HTTPClient: over(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 429, Header: http.Header{"Retry-After": {"7"}}, Body: http.NoBody}, nil
	})})
	assert.Equal(t, 7000, requireCode(t, sendMessage(t.Context(), client), chatcore.TooManyRequests).RetryAfterMs)
}

func TestTransportSeesContextValues(t *testing.T) {
	type key struct{}
	client := newClient(t, chathttp.Options{HTTPClient: over(func(r *http.Request) (*http.Response, error) {
		assert.Equal(t, "value", r.Context().Value(key{}))
		return nil, io.EOF
	})})
	assert.ErrorIs(t, createThread(context.WithValue(t.Context(), key{}, "value"), client), io.EOF)
}

// closeRecorder is a body that records whether it was closed.
type closeRecorder struct {
	io.Reader
	closed atomic.Bool
}

func (b *closeRecorder) Close() error {
	b.closed.Store(true)
	return nil
}

type endlessReader struct{}

func (endlessReader) Read(p []byte) (int, error) { return len(p), nil }

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
