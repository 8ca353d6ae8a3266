package chathttp_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
	"acschat/chathttp"
	"acschat/emulator"
)

func TestFreshTokenAfterARefusal(t *testing.T) {
	r := newResource(t)
	jane := r.NewUser()
	var asked []bool
	client := newClient(t, chathttp.Options{Endpoint: r.URL, HTTPClient: r.Client(), TokenFunc: func(_ context.Context, forceRefresh bool) (string, error) {
		asked = append(asked, forceRefresh)
		if !forceRefresh {
			return "expired", nil
		}
		return jane.Token, nil
	}})
	require.NoError(t, createThread(t.Context(), client), "the call is repeated once")
	require.NoError(t, createThread(t.Context(), client))
	assert.Equal(t, []bool{false, true}, asked, "at first use, and after the refusal")
}

// TestTokenInJSON: a token function that returns a server's whole JSON answer gives no valid token.
func TestTokenInJSON(t *testing.T) {
	const answer = `{"token":"abc"}`
	client := newClient(t, chathttp.Options{HTTPClient: over(unreachable(t)), TokenFunc: func(context.Context, bool) (string, error) { return answer, nil }})
	var e *chatcore.Error
	require.ErrorAs(t, createThread(t.Context(), client), &e)
	assert.Equal(t, chatcore.TokenError, e.Code)
	assert.Contains(t, e.Message, "the text of a JSON answer")
	_, err := chathttp.New(chathttp.Options{Endpoint: origin, Token: answer})
	require.ErrorAs(t, err, &e)
	assert.Equal(t, chatcore.InvalidArgument, e.Code)
	assert.Equal(t, "Options.Token", e.Target)
}

func TestCallsShareOneToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		em := emulator.New(emulator.Options{})
		jane := em.NewUser()
		var asked atomic.Int32
		answer := make(chan string)
		client := newClient(t, chathttp.Options{HTTPClient: over(handled(em)), TokenFunc: func(context.Context, bool) (string, error) {
			asked.Add(1)
			return <-answer, nil
		}})
		var calls []result
		for range 100 {
			calls = append(calls, begin(func() error { return createThread(t.Context(), client) }))
		}
		synctest.Wait()
		assert.Empty(t, em.Threads())
		answer <- jane.Token
		for _, call := range calls {
			require.NoError(t, <-call)
		}
		assert.EqualValues(t, 1, asked.Load())
		assert.Len(t, em.Threads(), 100)
	})
}

func TestCallsShareOneTokenOverConnections(t *testing.T) {
	r := newResource(t)
	jane := r.NewUser()
	var asked atomic.Int32
	client := newClient(t, chathttp.Options{Endpoint: r.URL, HTTPClient: r.Client(), TokenFunc: func(context.Context, bool) (string, error) {
		asked.Add(1)
		return jane.Token, nil
	}})
	var calls []result
	for range 50 {
		calls = append(calls, begin(func() error { return createThread(t.Context(), client) }))
	}
	for _, call := range calls {
		require.NoError(t, <-call)
	}
	assert.EqualValues(t, 1, asked.Load())
	assert.Len(t, r.Threads(), 50)
}

func TestNoToken(t *testing.T) {
	errNoToken := errors.New("the server with the tokens is down")
	for name, c := range map[string]struct {
		token string
		err   error
	}{
		"an error":        {"", errNoToken},
		"token and error": {"token", errNoToken},
		"empty":           {"", nil},
		"with Bearer":     {"Bearer token", nil},
		"two lines":       {"token\nX-Header: 1", nil},
	} {
		t.Run(name, func(t *testing.T) {
			client := newClient(t, chathttp.Options{HTTPClient: over(unreachable(t)), TokenFunc: func(context.Context, bool) (string, error) {
				return c.token, c.err
			}})
			err := sendMessage(t.Context(), client)
			e := requireCode(t, err, chatcore.TokenError)
			assert.Zero(t, e.Attempts)
			if c.err != nil {
				assert.ErrorIs(t, err, c.err)
			}
		})
	}
}

func TestTokenFuncHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		em := emulator.New(emulator.Options{})
		jane := em.NewUser()
		hang := make(chan struct{})
		var contexts []context.Context
		client := newClient(t, chathttp.Options{HTTPClient: over(handled(em)), TokenFunc: func(ctx context.Context, _ bool) (string, error) {
			if contexts = append(contexts, ctx); len(contexts) == 1 {
				<-hang
				return "late", nil
			}
			return jane.Token, nil
		}})

		start := time.Now()
		e := requireCode(t, createThread(t.Context(), client), chatcore.Timeout)
		assert.Zero(t, e.Attempts)
		assert.Equal(t, 30*time.Second, time.Since(start))
		synctest.Wait()
		assert.ErrorIs(t, contexts[0].Err(), context.Canceled)

		require.NoError(t, createThread(t.Context(), client), "the next call calls TokenFunc again")
		close(hang)
		synctest.Wait()
		require.NoError(t, createThread(t.Context(), client), "the late answer is dropped")
		assert.Len(t, contexts, 2)
	})
}

func TestCancelledCallDoesNotCancelTokenFunc(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		em := emulator.New(emulator.Options{})
		jane := em.NewUser()
		answer := make(chan string)
		var asked context.Context
		client := newClient(t, chathttp.Options{HTTPClient: over(handled(em)), TokenFunc: func(ctx context.Context, _ bool) (string, error) {
			asked = ctx
			return <-answer, nil
		}})
		ctx, cancel := context.WithCancel(t.Context())
		first := begin(func() error { return createThread(ctx, client) })
		synctest.Wait()
		second := begin(func() error { return createThread(t.Context(), client) })
		synctest.Wait()

		cancel()
		assert.Equal(t, context.Canceled, <-first)
		synctest.Wait()
		require.NoError(t, asked.Err(), "the second still waits for the answer")
		answer <- jane.Token
		require.NoError(t, <-second)
		assert.Error(t, asked.Err())
	})
}

func TestTokenFuncIsCalledAgainAfterATimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		em := emulator.New(emulator.Options{})
		jane := em.NewUser()
		var contexts []context.Context
		client := newClient(t, chathttp.Options{HTTPClient: over(handled(em)), TokenFunc: func(ctx context.Context, _ bool) (string, error) {
			if contexts = append(contexts, ctx); len(contexts) == 1 {
				<-ctx.Done()
				return "", ctx.Err()
			}
			return jane.Token, nil
		}})
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		first := begin(func() error { return createThread(ctx, client) })
		time.Sleep(10 * time.Second)
		second := begin(func() error { return createThread(t.Context(), client) })

		assert.Equal(t, context.DeadlineExceeded, <-first)
		require.NoError(t, <-second)
		synctest.Wait()
		require.Len(t, contexts, 2)
		assert.Error(t, contexts[0].Err())
	})
}

func TestTokenFuncIsCancelled(t *testing.T) {
	for name, leave := range map[string]func(*chathttp.Client, context.CancelFunc){
		"the only call is cancelled": func(_ *chathttp.Client, cancel context.CancelFunc) { cancel() },
		"the client is closed":       func(client *chathttp.Client, _ context.CancelFunc) { client.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			asked := make(chan struct{})
			told := make(chan error, 1)
			client := newClient(t, chathttp.Options{HTTPClient: over(unreachable(t)), TokenFunc: func(ctx context.Context, _ bool) (string, error) {
				close(asked)
				<-ctx.Done()
				told <- ctx.Err()
				return "", ctx.Err()
			}})
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			call := begin(func() error { return createThread(ctx, client) })
			<-asked
			leave(client, cancel)
			require.Error(t, <-call)
			assert.ErrorIs(t, <-told, context.Canceled)
		})
	}
}

func TestTokenFuncIsCalledAgainAfterACancellation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		em := emulator.New(emulator.Options{})
		jane := em.NewUser()
		hang := make(chan struct{})
		asked := 0
		client := newClient(t, chathttp.Options{HTTPClient: over(handled(em)), TokenFunc: func(context.Context, bool) (string, error) {
			if asked++; asked == 1 {
				<-hang
				return "", errors.New("cancelled")
			}
			return jane.Token, nil
		}})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		assert.Equal(t, context.DeadlineExceeded, createThread(ctx, client))
		synctest.Wait()
		require.NoError(t, createThread(t.Context(), client), "it does not wait for the cancelled TokenFunc")
		close(hang)
	})
}

func TestTokenFuncSeesContextValues(t *testing.T) {
	type key struct{}
	r := newResource(t)
	jane := r.NewUser()
	client := newClient(t, chathttp.Options{Endpoint: r.URL, HTTPClient: r.Client(), TokenFunc: func(ctx context.Context, _ bool) (string, error) {
		assert.Equal(t, "value", ctx.Value(key{}))
		return jane.Token, nil
	}})
	require.NoError(t, createThread(context.WithValue(t.Context(), key{}, "value"), client))
}
