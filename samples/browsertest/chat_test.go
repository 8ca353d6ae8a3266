//go:build js

// Package browsertest shows tests that run in a browser together with the emulator: no server, no port, no other process.
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

// inProcess has a handler answer what an http.Client sends.
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
	em.Fail(emulator.Rule{Operation: "sendMessage", Call: 1, Status: 503, After: true}) // it is stored, and the answer says otherwise
	sent, err := client.SendMessage(t.Context(), created.ChatThread.ID, chatcore.SendChatMessageRequest{Content: "Pizza?"},
		&chatcore.CallOptions{Idempotent: true})
	require.NoError(t, err)

	messages := em.Threads()[0].Messages
	last := messages[len(messages)-1]
	assert.Equal(t, sent.ID, last.ID)
	assert.Equal(t, "Pizza?", last.Content.Message)
}
