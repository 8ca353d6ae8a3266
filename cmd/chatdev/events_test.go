//go:build !js

package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"testing"
	"time"

	"acschat/emulator"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestEvents: chatdev makes the validation handshake, posts events to the whole
// URL, and shows no more of it than its host.
func TestEvents(t *testing.T) {
	received := make(chan emulator.Event, 10)
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var events []emulator.Event
		if r.URL.String() != "/events?secret=hush" || json.NewDecoder(r.Body).Decode(&events) != nil {
			http.NotFound(w, r)
			return
		}
		if r.Header.Get("aeg-event-type") == "SubscriptionValidation" {
			var data struct{ ValidationCode string }
			_ = json.Unmarshal(events[0].Data, &data)
			_ = json.NewEncoder(w).Encode(map[string]string{"validationResponse": data.ValidationCode})
			return
		}
		received <- events[0]
	}))
	defer hook.Close()

	p := start(t, "", "-page", "", "-acs", "localhost:0", "-users", "jane", "-events", hook.URL+"/events?secret=hush")
	text := p.text(t)
	endpoint := regexp.MustCompile(`Endpoint  (\S+)`).FindStringSubmatch(text)
	token := regexp.MustCompile(`token  (\S+)`).FindStringSubmatch(text)
	require.True(t, endpoint != nil && token != nil, text)
	path := createThread(t, endpoint[1], token[1])
	select {
	case event := <-received:
		assert.Equal(t, "Microsoft.Communication.ChatThreadCreated", event.EventType)
		var data struct{ ThreadID string }
		require.NoError(t, json.Unmarshal(event.Data, &data))
		assert.Equal(t, path, "/chat/threads/"+url.PathEscape(data.ThreadID))
	case <-time.After(20 * time.Second):
		t.Fatal("no event came")
	}
	p.interrupt(t)
	assert.Contains(t, p.stderr.String(), "has answered the validation request")
	assert.NotContains(t, p.stderr.String(), "hush")
}
