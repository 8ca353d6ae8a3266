package chathttp_test

import (
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
	"acschat/chathttp"
)

// lunchClients creates a thread of a new user, and returns its id and n clients of that user.
func (r *resource) lunchClients(t *testing.T, n int) (thread string, clients []*chathttp.Client) {
	t.Helper()
	token := r.NewUser().Token
	for range n {
		clients = append(clients, r.client(t, token))
	}
	created, err := clients[0].CreateThread(t.Context(), lunch, nil)
	require.NoError(t, err)
	return created.ChatThread.ID, clients
}

// TestTwoClientsSendOnce: two clients send with the same token at once. This process made the token, or another program did.
func TestTwoClientsSendOnce(t *testing.T) {
	for name, newToken := range map[string]func() string{
		"its own token":   chathttp.NewIdempotencyToken,
		"a foreign token": func() string { return uuid.Must(uuid.NewV7()).String() },
	} {
		t.Run(name, func(t *testing.T) {
			r := newResource(t)
			thread, clients := r.lunchClients(t, 2)
			const messages = 12
			var ids [2][messages]string
			var senders sync.WaitGroup
			settle := 100 * time.Millisecond
			for n := range messages {
				token := newToken()
				for i, client := range clients {
					senders.Go(func() {
						sent, err := client.SendMessage(t.Context(), thread, hi, &chathttp.SendOptions{IdempotencyToken: token, CallOptions: chathttp.CallOptions{Settle: &settle}})
						if assert.NoError(t, err) {
							ids[i][n] = sent.ID
						}
					})
				}
			}
			senders.Wait()
			assert.Equal(t, ids[0], ids[1])
			assert.Equal(t, messages, len(r.Threads()[0].Messages)-2)
		})
	}
}

// TestFirstSendMakesNoList: a token that this process has just made is sent without a lookup.
func TestFirstSendMakesNoList(t *testing.T) {
	r := newResource(t)
	thread, clients := r.lunchClients(t, 1)
	before := len(r.received())
	_, err := clients[0].SendMessage(t.Context(), thread, hi, &chathttp.SendOptions{IdempotencyToken: chathttp.NewIdempotencyToken()})
	require.NoError(t, err)
	received := r.received()[before:]
	require.Equal(t, 1, len(received))
	assert.Equal(t, http.MethodPost, received[0].Method)
}

// TestRefusedDial: if the connection is refused, it is certain that nothing was sent.
func TestRefusedDial(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	nobody := "http://" + listener.Addr().String()
	require.NoError(t, listener.Close())
	for name, o := range map[string]*chathttp.SendOptions{
		"without a token":  nil,
		"with one":         {Idempotent: true},
		"with its own":     {IdempotencyToken: chathttp.NewIdempotencyToken()},
		"with retries too": {Idempotent: true, CallOptions: chathttp.CallOptions{Retry: &chatcore.RetryOptions{MaxRetries: 2, MaxDelayMs: 1}}},
	} {
		t.Run(name, func(t *testing.T) {
			client := newClient(t, chathttp.Options{Endpoint: nobody})
			_, err := client.SendMessage(t.Context(), "19:x@thread.v2", hi, o)
			e := requireCode(t, err, chatcore.NetworkError)
			assert.Empty(t, e.IdempotencyToken)
		})
	}
}
