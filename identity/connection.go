package identity

import (
	"encoding/base64"
	"errors"
	"net"
	"net/url"
	"strings"
)

const byteOrderMark = "\ufeff"

// parseConnectionString reads "endpoint=…;accesskey=…". Its errors quote no part of s, because the access key may be
// anywhere in a malformed string.
func parseConnectionString(s string) (endpoint string, key []byte, err error) {
	s = unwrap(s)
	switch {
	case strings.ContainsAny(s, "\"'`“”„«»‘’"):
		return "", nil, errors.New("identity: connection string: it contains a quotation mark: remove it")
	case strings.Contains(s, byteOrderMark):
		return "", nil, errors.New("identity: connection string: it contains a byte order mark (U+FEFF): remove it")
	}
	parts := map[string]string{}
	for part := range strings.SplitSeq(s, ";") {
		name, value, _ := strings.Cut(part, "=") // at the first one: a key can end in "="
		name = strings.ToLower(strings.TrimSpace(name))
		if _, exists := parts[name]; exists && name != "" {
			return "", nil, errors.New("identity: connection string: a part is given twice")
		}
		parts[name] = strings.TrimSpace(value)
	}
	if endpoint, err = parseEndpoint(parts["endpoint"]); err != nil {
		return "", nil, err
	}
	if parts["accesskey"] == "" {
		return "", nil, errors.New("identity: connection string: accesskey is missing")
	}
	if key, err = base64.StdEncoding.DecodeString(parts["accesskey"]); err != nil {
		return "", nil, errors.New("identity: connection string: accesskey is not base64")
	}
	return endpoint, key, nil
}

// unwrap removes a pair of quotation marks around s, as in an .env file, and the byte order mark that some editors write at
// the start of a file.
func unwrap(s string) string {
	s = trimByteOrderMark(s)
	if n := len(s); n >= 2 && s[0] == s[n-1] && (s[0] == '"' || s[0] == '\'') {
		s = trimByteOrderMark(s[1 : n-1])
	}
	return s
}

func trimByteOrderMark(s string) string {
	return strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(s), byteOrderMark))
}

// parseEndpoint returns the scheme and host of an endpoint, without a trailing slash.
func parseEndpoint(s string) (string, error) {
	if s == "" {
		return "", errors.New("identity: connection string: endpoint is missing")
	}
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" {
		return "", errors.New("identity: connection string: endpoint is not an absolute URL")
	}
	if strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return "", errors.New("identity: connection string: endpoint must have only scheme, host and port")
	}
	if u.Scheme != "https" && !(u.Scheme == "http" && isLoopback(u.Hostname())) {
		return "", errors.New("identity: connection string: endpoint must use https, or http on loopback")
	}
	return u.Scheme + "://" + u.Host, nil
}

// isLoopback reports whether a host is this machine: localhost, a name under it (RFC 6761), or a loopback address.
func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	name := "." + strings.ToLower(strings.TrimSuffix(host, "."))
	return strings.HasSuffix(name, ".localhost") || ip != nil && ip.IsLoopback()
}
