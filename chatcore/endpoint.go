package chatcore

import "acschat/chatcore/internal/ascii"

// Endpoint is the origin of an ACS resource, such as https://contoso.communication.azure.com. ParseEndpoint makes it.
type Endpoint struct{ origin string }

// String returns the origin, without a trailing slash.
func (e Endpoint) String() string { return e.origin }

// ParseEndpoint checks the endpoint of a resource: https, a host and an optional port, without path, query, fragment or user name. It
// accepts a trailing slash. It accepts http for this machine only, because requests contain the token. The error is an [*Error]
// with code InvalidArgument.
func ParseEndpoint(text string) (Endpoint, error) {
	origin := ascii.Lower(text)
	if n := len(origin); n > 0 && origin[n-1] == '/' {
		origin = origin[:n-1]
	}
	var host, problem string
	switch {
	case text == "":
		problem = "is required"
	case ascii.HasPrefix(origin, "https://"):
		host = origin[len("https://"):]
	case ascii.HasPrefix(origin, "http://"):
		if host = origin[len("http://"):]; !isLoopback(host) {
			problem = "must be https, because every request carries the token. http works for this machine only: localhost, *.localhost, 127.0.0.1, [::1]"
		}
	default:
		problem = `must start with "https://"`
	}
	if problem == "" && !isAuthority(host) {
		problem = "must be a scheme and a host only, as in https://contoso.communication.azure.com"
	}
	if problem != "" {
		err := createClient.invalid("endpoint", problem)
		err.Reason, err.Hint = 0, "Copy the endpoint of your Communication Services resource from the Azure portal, or use the address that chatdev prints."
		return Endpoint{}, err
	}
	return Endpoint{origin}, nil
}

// isOnOrigin tells whether a URL belongs to an origin. Either may contain the scheme's default port.
func isOnOrigin(address, origin string) bool {
	for i, slashes := 0, 0; i < len(address); i++ {
		if address[i] == '/' {
			slashes++
		}
		if slashes == 3 {
			return withoutPort(ascii.Lower(address[:i])) == withoutPort(origin)
		}
	}
	return false
}

// withoutPort returns an origin without the scheme's default port.
func withoutPort(origin string) string {
	for _, standard := range [...]struct{ scheme, port string }{{"https://", ":443"}, {"http://", ":80"}} {
		if n := len(origin) - len(standard.port); n > 0 && ascii.HasPrefix(origin, standard.scheme) && origin[n:] == standard.port {
			return origin[:n]
		}
	}
	return origin
}

// isAuthority tells whether s is a host name or an IP address (IPv6 in brackets) with an optional port.
func isAuthority(s string) bool {
	host, port := s, "0"
	if s != "" && s[0] == '[' {
		var closed bool
		if host, port, closed = ascii.Cut(s[1:], ']'); !closed || !ascii.ConsistsOf(host, "0123456789abcdef:.") {
			return false
		}
		if port == "" {
			return true
		}
		if port[0] != ':' {
			return false
		}
		port = port[1:]
	} else {
		if h, p, found := ascii.Cut(s, ':'); found {
			host, port = h, p
		}
		if !ascii.ConsistsOf(host, "0123456789abcdefghijklmnopqrstuvwxyz-._") || host[0] == '.' || host[0] == '-' {
			return false
		}
	}
	return ascii.ConsistsOf(port, "0123456789") && (len(port) < 5 || len(port) == 5 && port <= "65535")
}

// isLocal tells whether the endpoint is on this machine.
func (e Endpoint) isLocal() bool {
	_, authority, _ := ascii.Cut(e.origin, '/')
	return isLoopback(authority[1:])
}

// hasServer tells whether there can be a server at the endpoint. There is nothing at names under .invalid (RFC 6761), so only a fetch
// function of the page, such as an emulator's, answers there.
func (e Endpoint) hasServer() bool {
	const invalid = ".invalid"
	origin := withoutPort(e.origin)
	n := len(origin) - len(invalid)
	return n < 0 || origin[n:] != invalid
}

// isLoopback tells whether an authority is certain to be this machine: localhost or a name below it (RFC 6761), [::1] or an address in
// 127.0.0.0/8.
func isLoopback(authority string) bool {
	if ascii.HasPrefix(authority, "[::1]") {
		return true
	}
	host, _, _ := ascii.Cut(authority, ':')
	name := "." + host
	if name[len(name)-1] == '.' { // the DNS root
		name = name[:len(name)-1]
	}
	const local = ".localhost"
	if n := len(name) - len(local); n >= 0 && name[n:] == local {
		return true
	}
	numbers := 0
	for rest, more := host, true; more; numbers++ {
		var number string
		number, rest, more = ascii.Cut(rest, '.')
		if !ascii.ConsistsOf(number, "0123456789") || len(number) > 3 || len(number) == 3 && number > "255" {
			return false
		}
	}
	return numbers == 4 && ascii.HasPrefix(host, "127.")
}
