//go:build !js

package main

import (
	"net"

	"acschat/cmd/chatdev/loopback"
)

// maxPortTries is how often listenOnAll tries other free ports. One that is
// free on one address of a machine is seldom taken on another.
const maxPortTries = 100

// listen listens wherever a client may connect that is told this address. A
// browser that opens localhost tries [::1] and 127.0.0.1, so another program on
// one of them would get requests, and tokens, that are meant for chatdev.
//
// The result has one listener or more, all on the same port. The error names
// the address that is in use.
func (a address) listen() ([]net.Listener, error) {
	ips, err := a.ips()
	if err != nil {
		return nil, err
	}
	listeners, err := listenOnAll(ips, a.port)
	if err != nil || a.host != "" {
		return listeners, err
	}
	// Some systems let a program listen on every address while another listens
	// on one of them, and gets what is sent there. Here both were free.
	port, err := portOf(listeners[0])
	closeAll(listeners)
	if err != nil {
		return nil, err
	}
	every, err := net.Listen("tcp", ":"+port)
	return []net.Listener{every}, err
}

// ips gives the addresses that the host stands for. For every address they are
// those of localhost.
func (a address) ips() ([]string, error) {
	if a.host == "" || loopback.IsName(a.host) {
		return []string{"127.0.0.1", "::1"}, nil
	}
	if net.ParseIP(a.host) != nil {
		return []string{a.host}, nil
	}
	return net.LookupHost(a.host)
}

// listenOnAll listens on a port of those addresses that the machine has.
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
			if exists(ip) {
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

// exists reports whether the machine has an address. One that does not use
// IPv6, for example, has no [::1], and no other program can listen there.
func exists(ip string) bool {
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
