//go:build !js

package emulator_test

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/emulator"
)

func TestDropClosesTheConnection(t *testing.T) {
	for _, protocol := range []string{"HTTP/1.1", "HTTP/2.0"} {
		for _, after := range []bool{false, true} {
			t.Run(protocol, func(t *testing.T) {
				em, _ := newEmulator()
				jane := em.NewUser()
				server := httptest.NewUnstartedServer(em)
				server.EnableHTTP2 = protocol == "HTTP/2.0"
				server.StartTLS()
				defer server.Close()
				create := func() (*http.Response, error) {
					r, err := http.NewRequest(http.MethodPost, server.URL+"/chat/threads"+chatVersion, strings.NewReader(`{"topic":"Lunch"}`))
					require.NoError(t, err)
					r.Header.Set("Content-Type", "application/json")
					r.Header.Set("Authorization", "Bearer "+jane.Token)
					return server.Client().Do(r)
				}

				em.Fail(emulator.Rule{Operation: "createThread", Drop: true, Call: 1, After: after})
				_, err := create()
				require.Error(t, err)
				assert.Equal(t, after, len(em.Threads()) == 1)

				response, err := create()
				require.NoError(t, err)
				response.Body.Close()
				assert.Equal(t, protocol, response.Proto)
				assert.Equal(t, http.StatusCreated, response.StatusCode)
			})
		}
	}
}

func TestDropSendsNothing(t *testing.T) {
	em, _ := newEmulator()
	returned := make(chan bool, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		normally := false
		defer func() { returned <- normally }()
		em.ServeHTTP(w, r)
		normally = true
	}))
	defer server.Close()
	em.Fail(emulator.Rule{Drop: true})
	connection, err := net.Dial("tcp", server.Listener.Addr().String())
	require.NoError(t, err)
	defer connection.Close()
	_, err = io.WriteString(connection, "POST /chat/threads HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n"+strings.Repeat("x", 100000))
	require.NoError(t, err)
	sent, err := io.ReadAll(connection)
	require.NoError(t, err, "the connection is closed, not reset")
	assert.Empty(t, sent)
	assert.True(t, <-returned, "ServeHTTP does not panic if it can hijack the connection")
}

func TestConnectionsAreReusedUntilARuleIsPlanted(t *testing.T) {
	em, _ := newEmulator()
	connections := map[string]bool{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		connections[r.RemoteAddr] = true
		em.ServeHTTP(w, r)
	}))
	defer server.Close()
	get := func() {
		response, err := server.Client().Get(server.URL + "/chat/threads")
		require.NoError(t, err)
		_, _ = io.Copy(io.Discard, response.Body)
		response.Body.Close()
	}
	get()
	get()
	assert.Len(t, connections, 1)
	em.Fail(emulator.Rule{Status: 503})
	get() // uses the first connection, and closes it
	get()
	get()
	assert.Len(t, connections, 3)
}
