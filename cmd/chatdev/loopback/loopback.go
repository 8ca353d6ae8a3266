//go:build !js

// Package loopback recognizes hosts that are this machine.
package loopback

import (
	"net"
	"strings"
)

// IsName reports whether a host is localhost or a name under it. RFC 6761 reserves
// these names for this machine.
func IsName(host string) bool {
	name := "." + strings.ToLower(strings.TrimSuffix(host, "."))
	return strings.HasSuffix(name, ".localhost")
}

// Is reports whether a host, without a port, is a loopback address or a name for
// which IsName is true.
func Is(host string) bool {
	return IsName(host) || net.ParseIP(host).IsLoopback()
}
