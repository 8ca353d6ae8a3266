//go:build !js

package forwarded_test

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"testing"

	"acschat/cmd/chatdev/forwarded"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOrigin(t *testing.T) {
	header := func(pairs ...string) http.Header {
		h := http.Header{}
		for i := 0; i < len(pairs); i += 2 {
			h.Add(pairs[i], pairs[i+1])
		}
		return h
	}
	const own = "acs:8081" // the request's Host
	tests := []struct {
		name   string
		header http.Header
		tls    bool
		want   string
	}{
		{"no header", header(), false, "http://acs:8081"},
		{"no header, HTTPS", header(), true, "https://acs:8081"},

		{"X-Forwarded-Proto", header("X-Forwarded-Proto", "https"), false, "https://acs:8081"},
		{"in capitals", header("X-Forwarded-Proto", "HTTPS"), false, "https://acs:8081"},
		{"http before HTTPS", header("X-Forwarded-Proto", "http"), true, "http://acs:8081"},
		{"X-Forwarded-Host", header("X-Forwarded-Host", "chat.example"), false, "http://chat.example"},
		{"both", header("X-Forwarded-Proto", "https", "X-Forwarded-Host", "chat.example:8443"), false, "https://chat.example:8443"},
		{"lists", header("X-Forwarded-Proto", "http, https", "X-Forwarded-Host", "evil.example , chat.example"), false, "https://chat.example"},
		{"repeated", header("X-Forwarded-Host", "evil.example", "X-Forwarded-Host", "chat.example"), false, "http://chat.example"},
		{"IPv6", header("X-Forwarded-Host", "[2001:db8::1]:443"), false, "http://[2001:db8::1]:443"},

		{"Forwarded", header("Forwarded", `for=192.0.2.1;proto=https;host=chat.example`), false, "https://chat.example"},
		{"quoted", header("Forwarded", `for="[2001:db8::1]:4711"; Proto="https"; HOST="chat.example:8443"`), false, "https://chat.example:8443"},
		{"separators in quotes", header("Forwarded", `host=chat.example;for="_a,host=b;host=c\",host=d";proto=https`), false, "https://chat.example"},
		{"several elements", header("Forwarded", `host=evil.example;proto=http, host=chat.example;proto=https`), false, "https://chat.example"},
		{"several headers", header("Forwarded", `host=evil.example`, "Forwarded", `host=chat.example`), false, "http://chat.example"},
		{"an earlier element does not fill in", header("Forwarded", `host=evil.example, for=192.0.2.1;proto=https`), false, "https://acs:8081"},
		{"Forwarded before the others", header("Forwarded", "host=chat.example;proto=https", "X-Forwarded-Host", "other.example", "X-Forwarded-Proto", "http"), false, "https://chat.example"},
		{"each for what the other lacks", header("Forwarded", "for=192.0.2.1;host=chat.example", "X-Forwarded-Proto", "https"), false, "https://chat.example"},

		{"unknown scheme", header("X-Forwarded-Proto", "javascript"), false, "http://acs:8081"},
		{"empty", header("X-Forwarded-Proto", "", "X-Forwarded-Host", "", "Forwarded", ""), false, "http://acs:8081"},
		{"path in host", header("X-Forwarded-Host", "chat.example/a"), false, "http://acs:8081"},
		{"user in host", header("X-Forwarded-Host", "a@chat.example"), false, "http://acs:8081"},
		{"space in host", header("X-Forwarded-Host", "chat example"), false, "http://acs:8081"},
		{"bare IPv6", header("X-Forwarded-Host", "2001:db8::1"), false, "http://acs:8081"},
		{"unfinished quotes", header("Forwarded", `proto="https;host=chat.example`), false, "http://acs:8081"},
		{"escapes", header("Forwarded", `proto=https;host="chat\.example"`), false, "https://acs:8081"},
		{"ends in an escape", header("Forwarded", `host="\`), false, "http://acs:8081"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequest("GET", "/chat/threads", nil)
			r.Host, r.Header = own, test.header
			if test.tls {
				r.TLS = new(tls.ConnectionState)
			}
			scheme, host := forwarded.Origin(r)
			assert.Equal(t, test.want, scheme+"://"+host)

			called := false
			forwarded.Handler(http.HandlerFunc(func(_ http.ResponseWriter, seen *http.Request) {
				called = true
				assert.Equal(t, host, seen.Host)
				assert.Equal(t, scheme, seen.URL.Scheme)
				assert.False(t, scheme == "http" && seen.TLS != nil, "a server takes TLS for HTTPS")
				assert.Equal(t, test.header, seen.Header)
			})).ServeHTTP(httptest.NewRecorder(), r)
			require.True(t, called)
			assert.Equal(t, own, r.Host, "the server's own request stays unchanged")
			assert.Empty(t, r.URL.Scheme)
		})
	}
}

func FuzzOrigin(f *testing.F) {
	f.Add(`for="[2001:db8::1]";proto=https;host="a\"b", host=c`, "http, https", "a:1")
	f.Fuzz(func(t *testing.T, header, proto, host string) {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header = http.Header{"Forwarded": {header}, "X-Forwarded-Proto": {proto}, "X-Forwarded-Host": {host}}
		scheme, name := forwarded.Origin(r)
		assert.Contains(t, []string{"http", "https"}, scheme)
		assert.Regexp(t, `^[A-Za-z0-9._:\[\]-]+$`, name)
	})
}
