package identity

import (
	"encoding/base64"
	"errors"
	"net"
	"net/url"
	"strings"
)

const byteOrderMark = "\ufeff"

// parseConnectionString reads "endpoint=…;accesskey=…". No error quotes any of it.
func parseConnectionString(s string) (endpoint string, key []byte, err error) {
	s = unwrap(s)
	switch {
	case strings.ContainsAny(s, "\"'`“”„«»‘’"):
		return "", nil, errors.New("identity: connection string: there is a quotation mark in it: leave it out")
	case strings.Contains(s, byteOrderMark):
		return "", nil, errors.New("identity: connection string: there is a byte order mark (U+FEFF) in it: leave it out")
	}
	parts := map[string]string{}
	for part := range strings.SplitSeq(s, ";") {
		name, value, _ := strings.Cut(part, "=") // the padding of a key has more of them
		name = strings.ToLower(strings.TrimSpace(name))
		if _, twice := parts[name]; twice && name != "" {
			return "", nil, errors.New("identity: connection string: a part stands in it twice")
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

// unwrap removes what a connection string may have come in: quotation marks from an .env file, and the byte order mark that
// some editors put at the start of a file.
func unwrap(s string) string {
	s = trimMark(s)
	if n := len(s); n >= 2 && s[0] == s[n-1] && (s[0] == '"' || s[0] == '\'') {
		s = trimMark(s[1 : n-1])
	}
	return s
}

func trimMark(s string) string {
	return strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(s), byteOrderMark))
}

// parseEndpoint gives scheme and host of an endpoint.
func parseEndpoint(s string) (string, error) {
	if s == "" {
		return "", errors.New("identity: connection string: endpoint is missing")
	}
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" {
		return "", errors.New("identity: connection string: endpoint is not an absolute URL")
	}
	if strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return "", errors.New("identity: connection string: endpoint has more than scheme, host and port")
	}
	if u.Scheme != "https" && !(u.Scheme == "http" && isLoopback(u.Hostname())) {
		return "", errors.New("identity: connection string: endpoint must be https, or http on loopback")
	}
	return u.Scheme + "://" + u.Host, nil
}

// isLoopback tells whether a host is this machine: localhost or a name that ends in it (RFC 6761), or an address.
func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	name := "." + strings.ToLower(strings.TrimSuffix(host, "."))
	return strings.HasSuffix(name, ".localhost") || ip != nil && ip.IsLoopback()
}
