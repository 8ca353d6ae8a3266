//go:build !js

package main

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"slices"
	"time"

	"acschat/cmd/chatdev/forwarded"
	"acschat/emulator"
	"acschat/identity"
)

// resource is the ACS resource that the page and -users use: a real one, or an
// emulator.
type resource struct {
	client           *identity.Client
	emulator         *emulator.Emulator // nil for a real resource
	site             site               // of the emulator
	connectionString string             // empty for a real resource: its key must not be shown
	certificate      string             // with -tls: the file with the CA certificate to trust
}

// connect returns the real resource, or starts an emulator. The emulator keeps
// its state in store; nil means in memory. It passes its events to events,
// unless that is nil.
func connect(o options, store emulator.Store, events func(emulator.Event), servers *servers) (resource, error) {
	if o.resource != "" {
		client, err := identity.New(o.resource, nil)
		if err != nil {
			return resource{}, fmt.Errorf("ACS_CONNECTION_STRING: %w", err)
		}
		return resource{client: client}, nil
	}
	em, err := emulator.Open(emulator.Options{
		Store:             store,
		Events:            events,
		RateLimits:        o.rateLimits,
		ObservedErrors:    o.observedErrors,
		EditsDropMetadata: o.editsDropMetadata,
	})
	if err != nil {
		return resource{}, fmt.Errorf("-db %s: %w", o.db, err)
	}
	r := resource{emulator: em}
	var secured *tls.Config // nil: HTTP
	httpClient := &http.Client{Transport: http.DefaultTransport.(*http.Transport).Clone(), Timeout: 30 * time.Second}
	if o.tls {
		ca, err := openAuthority(time.Now(), o.otherHosts(), servers.log)
		if err != nil {
			return resource{}, fmt.Errorf("-tls: %w", err)
		}
		if secured, err = ca.serverConfig(slices.Concat(o.hosts, []string{o.acs.host}), time.Now); err != nil {
			return resource{}, fmt.Errorf("-tls: %w", err)
		}
		r.certificate, httpClient = ca.file, ca.client()
	}
	handler := http.Handler(em)
	if o.trustProxy {
		handler = forwarded.Handler(em)
	}
	if r.site, err = servers.start("-acs", o.acs, o.linkHost(), logTraffic(servers.log, handler), secured); err != nil {
		return resource{}, err
	}
	r.connectionString = em.ConnectionString(r.site.url)
	if r.client, err = identity.New(r.connectionString, r.site.direct(httpClient)); err != nil {
		return resource{}, fmt.Errorf("-acs %s: %w: use localhost:PORT, or :PORT to let other machines connect", o.acs, err)
	}
	return r, nil
}
