//go:build !js

package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"acschat/identity"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// newProxy starts a reverse proxy that serves a site over HTTPS. changeHost makes it send the site's own Host.
func newProxy(t *testing.T, target string, changeHost bool) *httptest.Server {
	t.Helper()
	site, err := url.Parse(target)
	require.NoError(t, err)
	proxy := httptest.NewTLSServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(site)
		r.SetXForwarded()
		if !changeHost {
			r.Out.Host = r.In.Host
		}
	}})
	t.Cleanup(proxy.Close)
	return proxy
}

// send sends JSON with a client and returns the response with its body.
func send(t *testing.T, client *http.Client, method, url, token, body string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := client.Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response, string(text)
}

// The emulator's links have the proxy's address if chatdev trusts it, and not otherwise.
func TestLinksBehindAProxy(t *testing.T) {
	for _, trusts := range []bool{false, true} {
		for _, changeHost := range []bool{false, true} {
			t.Run(fmt.Sprintf("trusts %t, proxy changes Host %t", trusts, changeHost), func(t *testing.T) {
				args := []string{"-page", "", "-acs", "localhost:0", "-users", "jane", "-json"}
				if trusts {
					args = append(args, "-trust-proxy")
				}
				p := start(t, "", args...)
				ready := p.ready(t)
				proxy := newProxy(t, ready.Endpoint, changeHost)
				want := proxy.URL
				if !trusts {
					want = strings.Replace(proxy.URL, "https:", "http:", 1)
					if changeHost {
						want = ready.Endpoint
					}
				}
				token := ready.Users["jane"].Token
				for range 2 {
					response, body := send(t, proxy.Client(), http.MethodPost, proxy.URL+"/chat/threads?api-version=2025-03-15", token, `{"topic":"Lunch"}`)
					require.Equal(t, http.StatusCreated, response.StatusCode, body)
					assert.True(t, strings.HasPrefix(response.Header.Get("Location"), want+"/chat/threads/"), response.Header.Get("Location"))
				}
				_, body := send(t, proxy.Client(), http.MethodGet, proxy.URL+"/chat/threads?maxPageSize=1&api-version=2025-03-15", token, "")
				assert.Contains(t, body, `"nextLink":"`+want+`/chat/threads?`)

				client, err := identity.New(strings.Replace(ready.ConnectionString, ready.Endpoint, proxy.URL, 1), proxy.Client())
				require.NoError(t, err)
				_, err = client.CreateUser(t.Context())
				assert.Equal(t, trusts || !changeHost, err == nil, "the signature is over the host that the client has used: %v", err)

				for _, header := range []string{"", "localhost:8081"} {
					r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, proxy.URL+"/emulator/reset", nil)
					require.NoError(t, err)
					r.Host = header
					response, err := proxy.Client().Do(r)
					require.NoError(t, err)
					response.Body.Close()
					assert.Equal(t, http.StatusForbidden, response.StatusCode, "control endpoints do not answer through a proxy")
				}
				status, body := request(t, http.MethodPost, ready.Endpoint+"/emulator/reset", "", "")
				assert.Equal(t, http.StatusNoContent, status, body)
				p.interrupt(t)
			})
		}
	}
}

// A page that a proxy serves over HTTPS gets tokens only if chatdev trusts the proxy.
func TestTokensBehindAProxy(t *testing.T) {
	for _, trusts := range []bool{false, true} {
		args := []string{"-page", "localhost:0", "-acs", "localhost:0", "-json"}
		if trusts {
			args = append(args, "-trust-proxy")
		}
		p := start(t, "", args...)
		proxy := newProxy(t, p.ready(t).Page, true)
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, proxy.URL+"/token", strings.NewReader(`{"user":"jane"}`))
		require.NoError(t, err)
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Origin", proxy.URL)
		response, err := proxy.Client().Do(r)
		require.NoError(t, err)
		response.Body.Close()
		assert.Equal(t, trusts, response.StatusCode == http.StatusOK, response.Status)
		p.interrupt(t)
	}
}
