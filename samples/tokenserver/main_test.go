//go:build !js

package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
	"acschat/chathttp"
	"acschat/emulator"
	"acschat/identity"
)

// site is the token server and the emulator that it uses.
type site struct {
	emulator *emulator.Emulator
	endpoint string
	handler  http.Handler
}

func newSite(t *testing.T) site {
	em := emulator.New(emulator.Options{})
	server := httptest.NewServer(em)
	t.Cleanup(server.Close)
	acs, err := identity.New(em.ConnectionString(server.URL), nil)
	require.NoError(t, err)
	return site{em, server.URL, chatToken(acs, newAccounts(acs).signedIn)}
}

// postToken requests a token as a page would.
func (s site) postToken(name, password string) *http.Response {
	r := httptest.NewRequest(http.MethodPost, "/token", nil)
	if name != "" {
		r.SetBasicAuth(name, password)
	}
	answer := httptest.NewRecorder()
	s.handler.ServeHTTP(answer, r)
	return answer.Result()
}

type grant struct{ Endpoint, ID, Token string }

func (s site) grant(t *testing.T, name string) (g grant) {
	answer := s.postToken(name, name)
	require.Equal(t, http.StatusOK, answer.StatusCode)
	assert.Equal(t, "no-store", answer.Header.Get("Cache-Control"))
	require.NoError(t, json.NewDecoder(answer.Body).Decode(&g))
	return g
}

func TestChatToken(t *testing.T) {
	s := newSite(t)
	jane := s.grant(t, "jane")
	assert.Equal(t, s.endpoint, jane.Endpoint)

	client, err := chathttp.New(chathttp.Options{Endpoint: jane.Endpoint, Token: jane.Token})
	require.NoError(t, err)
	defer client.Close()
	created, err := client.CreateThread(t.Context(), chatcore.CreateChatThreadRequest{Topic: "Lunch"}, nil)
	require.NoError(t, err)
	assert.Equal(t, jane.ID, s.emulator.Threads()[0].CreatedBy)

	again, alex := s.grant(t, "jane"), s.grant(t, "alex")
	assert.Equal(t, jane.ID, again.ID, "a user has one identity")
	assert.NotEqual(t, jane.ID, alex.ID)

	// The token is valid for an hour.
	s.emulator.Advance(time.Hour + time.Second)
	_, err = client.GetThread(t.Context(), created.ChatThread.ID, nil)
	var refused *chatcore.Error
	require.ErrorAs(t, err, &refused)
	assert.Equal(t, chatcore.Unauthorized, refused.Code)
}

func TestChatTokenRefused(t *testing.T) {
	s := newSite(t)
	for _, who := range [][2]string{{"", ""}, {"jane", "alex"}, {"nobody", "nobody"}} {
		assert.Equal(t, http.StatusUnauthorized, s.postToken(who[0], who[1]).StatusCode, who)
	}
	s.grant(t, "jane")
	s.emulator.Fail(emulator.Rule{Operation: "issueAccessToken", Status: 503})
	answer := s.postToken("jane", "jane")
	assert.Equal(t, http.StatusBadGateway, answer.StatusCode)
	body, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	assert.Equal(t, "no chat at the moment\n", string(body))
}
