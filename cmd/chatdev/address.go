//go:build !js

package main

import (
	"fmt"
	"net"

	"acschat/cmd/chatdev/loopback"
)

// address is where a server listens. The zero value means that there is no server.
type address struct {
	host string // empty: every address of this machine
	port string
}

func parseAddress(value string) (address, error) {
	host, port, err := net.SplitHostPort(value)
	if err != nil || port == "" {
		return address{}, fmt.Errorf("%q is not an address: give HOST:PORT, such as localhost:8080", value)
	}
	// 0.0.0.0 and :: mean the same as no host, but a browser cannot open them.
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = ""
	}
	return address{host: host, port: port}, nil
}

func (a address) isSet() bool {
	return a.port != ""
}

func (a address) String() string {
	return net.JoinHostPort(a.host, a.port)
}

// loopback reports whether only this machine can connect.
func (a address) loopback() bool {
	return loopback.Is(a.host)
}

// url returns the URL for a browser on this machine.
func (a address) url(scheme string) string {
	if a.host == "" {
		a.host = "localhost"
	}
	return scheme + "://" + a.String()
}
