//go:build !js

// Package loopback tells which hosts are this machine.
package loopback

import (
	"net"
	"strings"
)

// IsName reports whether a host is localhost or a name that ends in it, which
// RFC 6761 reserves for this machine.
func IsName(host string) bool {
	name := "." + strings.ToLower(strings.TrimSuffix(host, "."))
	return strings.HasSuffix(name, ".localhost")
}

// Is reports whether a host, without a port, is such a name or a loopback
// address.
func Is(host string) bool {
	return IsName(host) || net.ParseIP(host).IsLoopback()
}
