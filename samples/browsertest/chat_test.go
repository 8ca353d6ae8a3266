//go:build js

// Package browsertest has sample tests that run in a browser together with the emulator. They need no server and no port.
package browsertest

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
	"acschat/chathttp"
	"acschat/emulator"
)

// inProcess is a transport for an http.Client. It passes requests to a handler, without a network.
type inProcess struct{ http.Handler }

func (p inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	if r.Body == nil {
		r.Body = http.NoBody
	}
	answer := httptest.NewRecorder()
	p.ServeHTTP(answer, r)
	return answer.Result(), nil
}

func TestChat(t *testing.T) {
	em := emulator.New(emulator.Options{})
	client, err := chathttp.New(chathttp.Options{
		Endpoint:   "http://localhost:8081",
		Token:      em.NewUser().Token,
		HTTPClient: &http.Client{Transport: inProcess{em}},
	})
	require.NoError(t, err)
	defer client.Close()

	created, err := client.CreateThread(t.Context(), chatcore.CreateChatThreadRequest{Topic: "Lunch"}, nil)
	require.NoError(t, err)
	em.Fail(emulator.Rule{Operation: "sendMessage", Call: 1, Status: 503, After: true}) // the message is stored, but the response is an error
	sent, err := client.SendMessage(t.Context(), created.ChatThread.ID, chatcore.SendChatMessageRequest{Content: "Pizza?"},
		&chathttp.SendOptions{Idempotent: true})
	require.NoError(t, err)

	messages := em.Threads()[0].Messages
	last := messages[len(messages)-1]
	assert.Equal(t, sent.ID, last.ID)
	assert.Equal(t, "Pizza?", last.Content.Message)
}
