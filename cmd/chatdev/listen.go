//go:build !js

package main

import (
	"net"

	"acschat/cmd/chatdev/loopback"
)

// maxPortTries limits how many free ports listenOnAll tries for port 0. A port
// that is free on one address is rarely taken on another.
const maxPortTries = 100

// listen listens on every IP address that clients may try for this address. A
// browser tries [::1] and 127.0.0.1 for localhost. If another program listened
// on one of them, it would receive requests and tokens for chatdev.
//
// It returns at least one listener, all on the same port. The error names the
// address that is in use.
func (a address) listen() ([]net.Listener, error) {
	ips, err := a.ips()
	if err != nil {
		return nil, err
	}
	listeners, err := listenOnAll(ips, a.port)
	if err != nil || a.host != "" {
		return listeners, err
	}
	// On some systems a program can listen on all addresses although another
	// program has one of them and gets the requests sent there. So first check
	// above that both addresses of localhost are free.
	port, err := portOf(listeners[0])
	closeAll(listeners)
	if err != nil {
		return nil, err
	}
	wildcard, err := net.Listen("tcp", ":"+port)
	return []net.Listener{wildcard}, err
}

// ips returns the IP addresses of the host. Without a host, which means all
// addresses, it returns those of localhost.
func (a address) ips() ([]string, error) {
	if a.host == "" || loopback.IsName(a.host) {
		return []string{"127.0.0.1", "::1"}, nil
	}
	if net.ParseIP(a.host) != nil {
		return []string{a.host}, nil
	}
	return net.LookupHost(a.host)
}

// listenOnAll listens on one port of all given addresses that this machine has.
// For port 0 it picks one that is free on all of them.
func listenOnAll(ips []string, port string) ([]net.Listener, error) {
	var err error
	for range maxPortTries {
		var listeners []net.Listener
		if listeners, err = tryListenOnAll(ips, port); err == nil || port != "0" {
			return listeners, err
		}
	}
	return nil, err
}

func tryListenOnAll(ips []string, port string) (listeners []net.Listener, err error) {
	defer func() {
		if err != nil {
			closeAll(listeners)
			listeners = nil
		}
	}()
	var missing error
	for _, ip := range ips {
		listener, err := net.Listen("tcp", net.JoinHostPort(ip, port))
		if err != nil {
			if isLocal(ip) {
				return listeners, err
			}
			missing = err
			continue
		}
		listeners = append(listeners, listener)
		if port, err = portOf(listener); err != nil {
			return listeners, err
		}
	}
	if len(listeners) == 0 {
		return nil, missing
	}
	return listeners, nil
}

// isLocal reports whether this machine has an IP address. A machine without
// IPv6, for example, has no [::1], so no other program can listen there.
func isLocal(ip string) bool {
	listener, err := net.Listen("tcp", net.JoinHostPort(ip, "0"))
	if err != nil {
		return false
	}
	listener.Close()
	return true
}

func portOf(listener net.Listener) (string, error) {
	_, port, err := net.SplitHostPort(listener.Addr().String())
	return port, err
}

func closeAll(listeners []net.Listener) {
	for _, listener := range listeners {
		listener.Close()
	}
}
