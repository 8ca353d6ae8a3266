//go:build !js

// Package forwarded reads the headers in which a reverse proxy says what URL the
// client has used. Clients can send these headers, too, so a server must read
// them only if it is behind a proxy that sets or removes them.
package forwarded

import (
	"net/http"
	"regexp"
	"strings"
)

// hostPattern matches a host with an optional port, as in the header Host.
var hostPattern = regexp.MustCompile(`^([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?$`)

// Origin returns scheme and host of the URL that the client has used. They are
// from the header Forwarded (RFC 7239), or else from X-Forwarded-Proto and
// X-Forwarded-Host. If several proxies have added values, the last one counts,
// which is that of the proxy nearest to this server. What the headers lack, or
// what is malformed, is taken from the request itself.
func Origin(r *http.Request) (scheme, host string) {
	scheme, host = "http", r.Host
	if r.TLS != nil {
		scheme = "https"
	}
	nearest := forwardedBy(r.Header)
	if proto := strings.ToLower(nearest["proto"]); proto == "http" || proto == "https" {
		scheme = proto
	}
	if hostPattern.MatchString(nearest["host"]) {
		host = nearest["host"]
	}
	return scheme, host
}

// Handler makes next see the request with the scheme and the host that Origin
// returns. It keeps the headers.
func Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		scheme, host := Origin(r)
		seen := r.WithContext(r.Context()) // a copy
		url := *r.URL
		url.Scheme = scheme
		seen.URL, seen.Host = &url, host
		if scheme == "http" {
			seen.TLS = nil
		}
		next.ServeHTTP(w, seen)
	})
}

// forwardedBy returns what the nearest proxy has said: "proto" and "host".
func forwardedBy(header http.Header) map[string]string {
	found := map[string]string{
		"proto": last(header.Values("X-Forwarded-Proto")),
		"host":  last(header.Values("X-Forwarded-Host")),
	}
	elements := split(strings.Join(header.Values("Forwarded"), ","), ',')
	for _, pair := range split(elements[len(elements)-1], ';') {
		name, value, _ := strings.Cut(pair, "=")
		if name = strings.ToLower(strings.TrimSpace(name)); name == "proto" || name == "host" {
			found[name] = unquote(strings.TrimSpace(value))
		}
	}
	return found
}

func last(values []string) string {
	list := strings.Join(values, ",")
	return strings.TrimSpace(list[strings.LastIndex(list, ",")+1:])
}

// split splits a header's value at separators that are not in a quoted string.
// It returns at least one part.
func split(value string, separator byte) (parts []string) {
	start, quoted := 0, false
	for i := 0; i < len(value); i++ {
		switch c := value[i]; {
		case c == '"':
			quoted = !quoted
		case c == '\\' && quoted:
			i++ // the next character is escaped
		case c == separator && !quoted:
			parts = append(parts, value[start:i])
			start = i + 1
		}
	}
	return append(parts, value[start:])
}

// unquote returns the content of a quoted string. No valid host or scheme has an
// escaped character in it, so escapes stay, and the value is refused as malformed.
func unquote(value string) string {
	if content, ok := strings.CutPrefix(value, `"`); ok {
		return strings.TrimSuffix(content, `"`)
	}
	return value
}
