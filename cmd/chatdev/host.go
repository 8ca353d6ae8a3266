//go:build !js

package main

import (
	"errors"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"acschat/cmd/chatdev/loopback"
	"acschat/cmd/chatdev/page"
)

// namePattern matches a DNS name. Container names may have underscores.
var namePattern = regexp.MustCompile(`^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$`)

// parseHost returns a value of -host in lower case and without a final dot.
func parseHost(value string) (string, error) {
	host := strings.ToLower(strings.TrimSuffix(value, "."))
	ip := net.ParseIP(strings.Trim(host, "[]"))
	switch {
	case ip != nil && !ip.IsUnspecified():
		return ip.String(), nil
	case ip != nil || len(host) > 253 || !namePattern.MatchString(host):
		return "", errors.New("give a name or an address without a port, such as acs or 192.0.2.7")
	}
	return host, nil
}

// linkHost returns the host of the URLs that chatdev prints. Empty means that of
// -page and -acs. A proxy may serve the hosts under other ports, which only
// requests through it tell.
func (o options) linkHost() string {
	if len(o.hosts) == 0 || o.trustProxy {
		return ""
	}
	return o.hosts[0]
}

// otherHosts returns those of -host that are not certain to be this machine,
// sorted.
func (o options) otherHosts() []string {
	others := slices.DeleteFunc(slices.Clone(o.hosts), loopback.Is)
	slices.Sort(others)
	return slices.Compact(others)
}

// newPage returns the page of -page. With -host, the endpoint that it gives to a
// page is under the host at which the page was opened: a browser outside of a
// container and a program in another one know chatdev by different names.
func newPage(o options, users *page.Users, r resource) http.Handler {
	p := page.New("web", users, append([]string{o.page.host}, o.hosts...)...)
	p.TrustProxy = o.trustProxy
	if r.emulator != nil {
		p.Emulator = r.emulator
	}
	if len(o.hosts) > 0 && r.emulator != nil {
		p.Endpoint = func(scheme, hostport string) string {
			host := page.WithoutPort(hostport)
			if !o.emulatorIsAt(host) {
				return r.client.Endpoint()
			}
			if o.tls {
				scheme = "https"
			}
			return r.site.at(scheme, host)
		}
	}
	return p
}

// emulatorIsAt reports whether clients reach the emulator at a host of the page.
func (o options) emulatorIsAt(host string) bool {
	isHost := slices.ContainsFunc(o.hosts, func(h string) bool { return strings.EqualFold(h, host) })
	return isHost || loopback.Is(host) && (o.acs.host == "" || o.acs.loopback())
}
