//go:build !js

package page_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/cmd/chatdev/page"
	"acschat/emulator"
)

// TestControlEndpoints checks that the page itself reaches the control endpoints of the emulator at its own address, and that others do not.
func TestControlEndpoints(t *testing.T) {
	em := emulator.New(emulator.Options{})
	user := em.NewUser()
	site := page.New(t.TempDir(), nil)
	site.Emulator = em
	server, without := httptest.NewServer(site), httptest.NewServer(page.New(t.TempDir(), nil))
	defer server.Close()
	defer without.Close()
	response, err := http.Post(without.URL+"/emulator/clock", "application/json", strings.NewReader(`{"advanceMs":3600000}`))
	require.NoError(t, err)
	response.Body.Close()
	assert.Equal(t, http.StatusNotFound, response.StatusCode, "there is no emulator")

	advance := func(change func(*http.Request)) int {
		request, err := http.NewRequest(http.MethodPost, server.URL+"/emulator/clock", strings.NewReader(`{"advanceMs":3600000}`))
		require.NoError(t, err)
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Origin", server.URL)
		change(request)
		response, _ := do(t, request)
		return response.StatusCode
	}
	assert.Equal(t, http.StatusOK, advance(func(*http.Request) {}))
	assert.Equal(t, http.StatusForbidden, advance(func(r *http.Request) { r.Header.Set("Origin", "https://site.example") }))
	assert.Equal(t, http.StatusForbidden, advance(func(r *http.Request) { r.Host = "rebound.example" }))
	assert.Equal(t, http.StatusForbidden, advance(func(r *http.Request) { r.Header.Set("X-Forwarded-For", "192.0.2.1") }))
	assert.NotEqual(t, http.StatusOK, advance(func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }))

	request := httptest.NewRequest(http.MethodGet, "/chat/threads?api-version=2025-03-15", nil)
	request.Header.Set("Authorization", "Bearer "+user.Token)
	em.Advance(22*time.Hour + 59*time.Minute)
	answer := httptest.NewRecorder()
	em.ServeHTTP(answer, request)
	assert.Equal(t, http.StatusOK, answer.Code, "the clock was moved once")
}
