//go:build !js

package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"time"
)

// servers is the HTTP servers of this process.
type servers struct {
	log         *log.Logger
	timeouts    timeouts
	connections *connections
	running     []*http.Server
	failed      chan error
}

// timeouts limits how long clients may take. The time for a response is not
// limited, because faults can delay a response on purpose.
type timeouts struct {
	header, request time.Duration // to send a request's header, and all of it
	idle            time.Duration // between requests
	write           time.Duration // to read one piece of a response
}

func newServers(log *log.Logger) *servers {
	return &servers{
		log:         log,
		timeouts:    timeouts{header: 10 * time.Second, request: 30 * time.Second, idle: 2 * time.Minute, write: 30 * time.Second},
		connections: newConnections(connectionLimit()),
		failed:      make(chan error, 1),
	}
}

// site is where a server can be reached.
type site struct {
	url       string // for clients
	port      string
	listening net.Addr
}

// at returns the site's URL under another scheme and host.
func (s site) at(scheme, host string) string {
	return address{host: host, port: s.port}.url(scheme)
}

// direct makes a client connect to the site for every URL, whatever its host.
// Browsers know that acs.localhost is this machine, but few systems resolve
// that name, and a proxy would look for it on its own machine.
func (s site) direct(client *http.Client) *http.Client {
	transport := client.Transport.(*http.Transport)
	transport.Proxy = nil
	transport.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, s.listening.Network(), s.listening.String())
	}
	return client
}

// start listens on address a, which flagName has set, and serves handler there,
// over HTTPS if secured is not nil. The returned site has the actual port, and
// linkHost in its URL unless that is empty.
func (s *servers) start(flagName string, a address, linkHost string, handler http.Handler, secured *tls.Config) (site, error) {
	listeners, err := a.listen()
	if err != nil {
		return site{}, fmt.Errorf("%s %s: %w: stop the program that uses it, or choose another address with %[1]s", flagName, a, err)
	}
	if a.port, err = portOf(listeners[0]); err != nil {
		return site{}, err
	}
	if !a.loopback() {
		s.log.Printf("warning: %s %s: other machines can connect, and whoever connects can act as any user", flagName, a)
	}
	server := &http.Server{
		Handler:           s.connections.handler(withWriteTimeout(s.timeouts.write, handler)),
		ReadHeaderTimeout: s.timeouts.header,
		ReadTimeout:       s.timeouts.request,
		IdleTimeout:       s.timeouts.idle,
		ErrorLog:          s.log,
	}
	s.connections.follow(server)
	serve, scheme := server.Serve, "http"
	if secured != nil {
		server.TLSConfig = secured
		serve = func(l net.Listener) error { return server.ServeTLS(l, "", "") }
		scheme = "https"
	}
	s.running = append(s.running, server)
	for _, listener := range listeners {
		go func() {
			if err := serve(limitedListener{listener, s.connections}); !errors.Is(err, http.ErrServerClosed) {
				select {
				case s.failed <- fmt.Errorf("%s %s: %w", flagName, a, err):
				default: // one failure is enough to end the process
				}
			}
		}()
	}
	started := site{url: a.url(scheme), port: a.port, listening: listeners[0].Addr()}
	if linkHost != "" {
		started.url = started.at(scheme, linkHost)
	}
	return started, nil
}

// wait returns when ctx ends, or with the error of a server that failed.
func (s *servers) wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case err := <-s.failed:
		return err
	}
}

// stop gives requests in flight one second to finish. It does not wait longer,
// because Shutdown takes a browser's unused connections for busy ones for some
// seconds.
func (s *servers) stop() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	for _, server := range s.running {
		if server.Shutdown(ctx) != nil {
			server.Close()
		}
	}
}
