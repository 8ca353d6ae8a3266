package emulator

import (
	"net/netip"
	"strings"
)

// isLocal reports whether a request comes from this machine. It also checks Host because of DNS rebinding: an attacker's
// name can resolve to a loopback address.
//
// A proxy on this machine passes on the requests of other machines, often with its own Host. So isLocal refuses all that have
// come through a proxy, whatever their headers say about the client: clients can send these headers, too.
func isLocal(r *Request) bool {
	return !isForwarded(r) && (r.RemoteAddr == "" || isLoopback(r.RemoteAddr) && isLoopback(r.Host))
}

// forwardingHeaders are the headers by which proxies show that they have passed a request on.
var forwardingHeaders = [...]string{"Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP"}

func isForwarded(r *Request) bool {
	for _, name := range forwardingHeaders {
		if len(r.Header.Values(name)) > 0 {
			return true
		}
	}
	return false
}

// isLoopback reports whether a host, with or without a port, is this machine: a loopback address, localhost, or a name under
// localhost (RFC 6761).
func isLoopback(address string) bool {
	host := withoutPort(address)
	name := "." + strings.ToLower(strings.TrimSuffix(host, "."))
	if strings.HasSuffix(name, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// withoutPort returns the name or the address of "name:port", "[address]:port" or one of them without a port.
func withoutPort(address string) string {
	if rest, ok := strings.CutPrefix(address, "["); ok {
		host, port, ok := strings.Cut(rest, "]")
		if !ok || port != "" && port[0] != ':' {
			return ""
		}
		return host
	}
	if host, port, ok := strings.Cut(address, ":"); ok && !strings.Contains(port, ":") {
		return host
	}
	return address
}
