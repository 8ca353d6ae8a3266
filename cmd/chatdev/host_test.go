//go:build !js

package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// tokenEndpoint posts to the token route as a page at host, which may have a port, and returns the endpoint it gets.
func tokenEndpoint(t *testing.T, page, host string, headers ...string) (endpoint string, status int) {
	t.Helper()
	u, err := url.Parse(page)
	require.NoError(t, err)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://localhost:"+u.Port()+"/token", strings.NewReader(`{"user":"jane"}`))
	require.NoError(t, err)
	r.Host = host
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Origin", "http://"+host)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return "", response.StatusCode
	}
	var answer struct{ Endpoint string }
	require.NoError(t, json.NewDecoder(response.Body).Decode(&answer))
	return answer.Endpoint, response.StatusCode
}

// Clients in other containers use the name of the container, and browsers outside use localhost.
func TestHost(t *testing.T) {
	cache := t.TempDir()
	setCache(t, cache)
	p := start(t, "", "-page", "localhost:0", "-acs", "localhost:0", "-tls", "-host", "acs", "-host", "192.0.2.7", "-users", "jane", "-json")
	ready := p.ready(t)
	assert.Regexp(t, `^http://acs:[1-9]\d*$`, ready.Page)
	assert.Equal(t, ready.Page+"/token", ready.Tokens)
	assert.Regexp(t, `^https://acs:[1-9]\d*$`, ready.Endpoint)
	assert.True(t, strings.HasPrefix(ready.ConnectionString, "endpoint="+ready.Endpoint+"/;"))
	assert.Equal(t, filepath.Join(cache, "acschat", "192.0.2.7+acs", "chatdev-ca.pem"), ready.Certificate)

	client := asBrowser(newTrustingClient(t, ready.Certificate))
	for _, host := range []string{"acs", "192.0.2.7", "localhost", "127.0.0.1", "app.localhost"} {
		endpoint := strings.Replace(ready.Endpoint, "acs", host, 1)
		status, err := readyStatus(client, endpoint)
		require.NoError(t, err)
		assert.Equal(t, http.StatusOK, status)

		response, body := send(t, client, http.MethodPost, endpoint+"/chat/threads?api-version=2025-03-15", ready.Users["jane"].Token, `{"topic":"Lunch"}`)
		require.Equal(t, http.StatusCreated, response.StatusCode, body)
		assert.True(t, strings.HasPrefix(response.Header.Get("Location"), endpoint+"/"), "links have the host that the client has used")

		response, body = send(t, client, http.MethodPost, endpoint+"/emulator/faults", "", `{"call":9,"status":503}`)
		isLocal := host != "acs" && host != "192.0.2.7"
		assert.Equal(t, isLocal, response.StatusCode == http.StatusNoContent, "-host does not open the control endpoints at %s: %s", host, body)

		got, status := tokenEndpoint(t, ready.Page, host)
		assert.Equal(t, http.StatusOK, status, host)
		assert.Equal(t, endpoint, got)
	}
	_, err := readyStatus(client, strings.Replace(ready.Endpoint, "acs", "other", 1))
	assert.Error(t, err, "the certificate has no other names")
	_, status := tokenEndpoint(t, ready.Page, "other:8080")
	assert.Equal(t, http.StatusForbidden, status)
	p.interrupt(t)
}

// Behind a proxy the token route gives a page the name and the scheme at which the proxy serves it.
func TestHostBehindAProxy(t *testing.T) {
	p := start(t, "", "-page", "localhost:0", "-acs", "localhost:0", "-host", "chat.example", "-trust-proxy", "-json")
	ready := p.ready(t)
	assert.Regexp(t, `^http://localhost:`, ready.Page, "the ports of the proxy are not known")
	assert.Regexp(t, `^http://localhost:`, ready.Endpoint)

	proxied := strings.Replace(ready.Endpoint, "http://localhost", "https://chat.example", 1)
	endpoint, _ := tokenEndpoint(t, ready.Page, "chat.example", "X-Forwarded-Proto", "https", "Origin", "https://chat.example")
	assert.Equal(t, proxied, endpoint)
	endpoint, _ = tokenEndpoint(t, ready.Page, "localhost:8080", "Forwarded", "host=chat.example;proto=https", "Origin", "https://chat.example")
	assert.Equal(t, proxied, endpoint)
	endpoint, _ = tokenEndpoint(t, ready.Page, "localhost:8080")
	assert.Equal(t, ready.Endpoint, endpoint, "without the proxy")
	p.interrupt(t)
}

func TestEndpointHost(t *testing.T) {
	tests := []struct {
		acs  string
		host string
		want bool
	}{
		{"localhost:1", "acs", true},
		{"localhost:1", "ACS", true},
		{"localhost:1", "localhost", true},
		{":1", "127.0.0.1", true},
		{"app.localhost:1", "localhost", true},
		{"192.0.2.7:1", "localhost", false}, // nothing listens there
		{":1", "192.0.2.7", false},          // the address of -page, for example
	}
	for _, test := range tests {
		acs, err := parseAddress(test.acs)
		require.NoError(t, err)
		o := options{acs: acs, hosts: []string{"acs"}}
		assert.Equal(t, test.want, o.emulatorIsAt(test.host), "%+v", test)
	}
}
