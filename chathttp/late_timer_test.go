package chathttp_test

import (
	"context"
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

// TestLateTimer: a call whose goroutine is blocked for 8 s accepts an answer that arrives within one second after that.
func TestLateTimer(t *testing.T) {
	for name, answersAfter := range map[string]time.Duration{"an answer": 8500 * time.Millisecond, "no answer": time.Hour} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				em := emulator.New(emulator.Options{})
				jane := em.NewUser()
				client := newClient(t, chathttp.Options{
					Timeout: 5 * time.Second,
					TokenFunc: func(_ context.Context, forceRefresh bool) (string, error) {
						if !forceRefresh {
							return "expired", nil
						}
						return jane.Token, nil
					},
					HTTPClient: over(func(r *http.Request) (*http.Response, error) {
						if r.Header.Get("Authorization") == "Bearer "+jane.Token {
							select {
							case <-time.After(answersAfter):
							case <-r.Context().Done():
								return nil, r.Context().Err()
							}
						}
						return handled(em)(r)
					}),
					OnExchange: func(e chatcore.Exchange) { // reports the first attempt while the second is in flight
						if e.Status == http.StatusUnauthorized {
							time.Sleep(8 * time.Second)
						}
					},
				})
				began := time.Now()
				err := createThread(t.Context(), client)
				if answersAfter < time.Hour {
					require.NoError(t, err)
					assert.Equal(t, answersAfter, time.Since(began))
					return
				}
				assert.Contains(t, requireCode(t, err, chatcore.Timeout).Message, "within 5000 ms")
				assert.Equal(t, 9*time.Second, time.Since(began))
			})
		})
	}
}
