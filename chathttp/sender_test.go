package chathttp_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
	"acschat/chathttp"
	"acschat/emulator"
)

// losing returns a transport that loses one in five answers of a service.
func losing(service transport, random *rand.Rand) transport {
	var mu sync.Mutex
	return func(r *http.Request) (*http.Response, error) {
		response, err := service(r)
		mu.Lock()
		defer mu.Unlock()
		if err == nil && random.IntN(5) == 0 {
			return nil, io.EOF
		}
		return response, err
	}
}

// TestEachMessageOnce: many clients send to one thread while answers are lost. Some messages are sent twice with the same
// token.
func TestEachMessageOnce(t *testing.T) {
	const senders, messages = 12, 8
	synctest.Test(t, func(t *testing.T) {
		em := emulator.New(emulator.Options{})
		var users []string
		var tokens []string
		for range senders {
			user := em.NewUser()
			users, tokens = append(users, user.ID), append(tokens, user.Token)
		}
		created, err := newClient(t, chathttp.Options{Token: tokens[0], HTTPClient: over(handled(em))}).
			CreateThread(t.Context(), chatcore.CreateChatThreadRequest{Topic: "Lunch", Participants: participants(users[1:]...)}, nil)
		require.NoError(t, err)
		thread := created.ChatThread.ID

		want, lost := map[string]string{}, 0 // id by content
		var mu sync.Mutex
		var crowd sync.WaitGroup
		for i, token := range tokens {
			client := newClient(t, chathttp.Options{
				Token: token, HTTPClient: over(losing(handled(em), rand.New(rand.NewPCG(uint64(i), 5)))),
				Retry: &chatcore.RetryOptions{MaxRetries: 12, BaseDelayMs: 100, MaxDelayMs: 1000},
				OnExchange: func(e chatcore.Exchange) {
					mu.Lock()
					defer mu.Unlock()
					if e.Request.Method == "POST" && e.Status == 0 {
						lost++
					}
				},
			})
			for n := range messages {
				o, callers := &chathttp.SendOptions{Idempotent: true}, 1
				if n%2 == 0 {
					o, callers = &chathttp.SendOptions{IdempotencyToken: chathttp.NewIdempotencyToken()}, 2
				}
				for range callers {
					crowd.Go(func() {
						content := fmt.Sprintf("%d of %d", n, i)
						sent, err := client.SendMessage(t.Context(), thread, chatcore.SendChatMessageRequest{Content: content}, o)
						mu.Lock()
						defer mu.Unlock()
						assert.NoError(t, err)
						if id, twice := want[content]; twice {
							assert.Equal(t, id, sent.ID)
						}
						want[content] = sent.ID
					})
				}
			}
		}
		crowd.Wait()

		have := map[string]string{}
		for _, message := range em.Threads()[0].Messages {
			if message.Type == "text" {
				assert.NotContains(t, have, message.Content.Message)
				have[message.Content.Message] = message.ID
			}
		}
		assert.Len(t, have, senders*messages)
		assert.Equal(t, want, have)
		assert.Positive(t, lost, "the test lost no answers")
	})
}
