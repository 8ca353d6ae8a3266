//go:build !js

package main

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// asBrowser makes a client resolve every name to this machine. Browsers do so for names under localhost.
func asBrowser(client *http.Client) *http.Client {
	transport := client.Transport.(*http.Transport)
	transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		_, port, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		return new(net.Dialer).DialContext(ctx, network, net.JoinHostPort("127.0.0.1", port))
	}
	return client
}

// chatdev must reach its own emulator although few systems resolve names under localhost.
func TestNamesUnderLocalhost(t *testing.T) {
	setCache(t, t.TempDir())
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1") // nothing listens there: names under localhost must not use the proxy
	t.Setenv("HTTPS_PROXY", "http://127.0.0.1:1")
	for name, args := range map[string][]string{"http": nil, "https": {"-tls"}} {
		t.Run(name, func(t *testing.T) {
			p := start(t, "", append(args, "-page", "app.localhost:0", "-acs", "acs.localhost:0", "-users", "jane", "-json")...)
			ready := p.ready(t)
			page, err := url.Parse(ready.Page)
			require.NoError(t, err)
			assert.Equal(t, "app.localhost", page.Hostname())
			answer := postToken(t, "http://localhost:"+page.Port(), "jane")
			assert.Equal(t, ready.Endpoint, answer.Endpoint)
			assert.Equal(t, ready.Users["jane"].ID, answer.ID)

			client := &http.Client{Transport: new(http.Transport)}
			if ready.Certificate != "" {
				client = newTrustingClient(t, ready.Certificate)
			}
			for _, endpoint := range []string{ready.Endpoint, strings.Replace(ready.Endpoint, "acs.", "other.", 1)} {
				status, err := readyStatus(asBrowser(client), endpoint)
				require.NoError(t, err)
				assert.Equal(t, http.StatusOK, status)
			}
			p.interrupt(t)
		})
	}
}
