//go:build !js

package main

import (
	"flag"
	"strings"
	"testing"

	"acschat/emulator"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParseOptions(t *testing.T) {
	page, acs := address{"localhost", "8080"}, address{"localhost", "8081"}
	tests := []struct {
		name     string
		args     []string
		resource string
		want     options
	}{
		{"none", nil, "", options{page: page, acs: acs}},
		{"all", []string{"-page", "127.0.0.1:0", "-acs", ":9", "-users", "jane, alex", "-db", "chat.db", "-tls", "-trust-proxy", "-rate-limits", "-observed-errors", "-edits-drop-metadata", "-events", "http://localhost:8090/events?secret=x", "-json"}, "",
			options{page: address{"127.0.0.1", "0"}, acs: address{"", "9"}, users: []string{"jane", "alex"}, db: "chat.db", tls: true, trustProxy: true, rateLimits: true, observedErrors: true, editsDropMetadata: true, events: "http://localhost:8090/events?secret=x", json: true}},
		{"faults", []string{"-fault", `{"operation":"sendMessage","call":2,"status":503}`, "-fault", `{"drop":true}`}, "",
			options{page: page, acs: acs, faults: []emulator.Rule{{Operation: "sendMessage", Call: 2, Status: 503}, {Drop: true}}}},
		{"proxy before the page of a real resource", []string{"-trust-proxy"}, "endpoint=…", options{page: page, acs: acs, trustProxy: true, resource: "endpoint=…"}},
		{"rate limits", []string{"-rate-limits"}, "", options{page: page, acs: acs, rateLimits: true}},
		{"observed errors", []string{"-observed-errors"}, "", options{page: page, acs: acs, observedErrors: true}},
		{"file", []string{"-db", "chat.db"}, "", options{page: page, acs: acs, db: "chat.db"}},
		{"HTTPS at a loopback address", []string{"-tls", "-acs", "127.0.0.2:9"}, "", options{page: page, acs: address{"127.0.0.2", "9"}, tls: true}},
		{"HTTPS at a name of this machine", []string{"-tls", "-acs", "acs.localhost:9"}, "", options{page: page, acs: address{"acs.localhost", "9"}, tls: true}},
		{"hosts", []string{"-tls", "-host", "ACS", "-host", "chat_dev.example.", "-host", "192.0.2.7", "-host", "[2001:DB8::1]"}, "",
			options{page: page, acs: acs, tls: true, hosts: []string{"acs", "chat_dev.example", "192.0.2.7", "2001:db8::1"}}},
		{"hosts of this machine without HTTPS", []string{"-host", "acs.localhost", "-host", "127.0.0.1"}, "", options{page: page, acs: acs, hosts: []string{"acs.localhost", "127.0.0.1"}}},
		{"hosts of a proxy with HTTPS", []string{"-host", "acs", "-trust-proxy"}, "", options{page: page, acs: acs, hosts: []string{"acs"}, trustProxy: true}},
		{"hosts of the page of a real resource", []string{"-host", "acs"}, "endpoint=…", options{page: page, acs: acs, hosts: []string{"acs"}, resource: "endpoint=…"}},
		{"HTTPS at an address that is a host", []string{"-tls", "-acs", "Dev.example:9", "-host", "dev.example"}, "", options{page: page, acs: address{"Dev.example", "9"}, tls: true, hosts: []string{"dev.example"}}},
		{"emulator only", []string{"-page", ""}, "", options{acs: acs}},
		{"every address", []string{"-page", "0.0.0.0:1", "-acs", "[::]:2"}, "", options{page: address{"", "1"}, acs: address{"", "2"}}},
		{"real resource", nil, "endpoint=…", options{page: page, acs: acs, resource: "endpoint=…"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := parseOptions(test.args, test.resource)
			require.NoError(t, err)
			assert.Equal(t, test.want, got)
		})
	}
}

func TestParseOptionsErrors(t *testing.T) {
	tests := []struct {
		name     string
		args     []string
		resource string
		message  string
	}{
		{"unknown flag", []string{"-port", "1"}, "", "-port"},
		{"argument", []string{"-json", "now"}, "", `unexpected argument "now"`},
		{"page without port", []string{"-page", "localhost"}, "", "give HOST:PORT"},
		{"empty acs", []string{"-acs", ""}, "", "give HOST:PORT"},
		{"empty port", []string{"-acs", "localhost:"}, "", "give HOST:PORT"},
		{"bad user", []string{"-users", "jane,al ex"}, "", "1 to 64"},
		{"empty user", []string{"-users", "jane,"}, "", "1 to 64"},
		{"rate limits of a real resource", []string{"-rate-limits"}, "endpoint=…", "are for the emulator"},
		{"errors of a real resource", []string{"-observed-errors"}, "endpoint=…", "are for the emulator"},
		{"file of a real resource", []string{"-db", "chat.db"}, "endpoint=…", "are for the emulator"},
		{"HTTPS of a real resource", []string{"-tls"}, "endpoint=…", "are for the emulator"},
		{"edits of a real resource", []string{"-edits-drop-metadata"}, "endpoint=…", "are for the emulator"},
		{"events of a real resource", []string{"-events", "http://localhost:8090/events"}, "endpoint=…", "are for the emulator"},
		{"events to no URL", []string{"-events", "localhost:8090"}, "", "must be an absolute http or https URL"},
		{"faults of a real resource", []string{"-fault", `{"drop":true}`}, "endpoint=…", "are for the emulator"},
		{"no fault", []string{"-fault", ""}, "", "-fault: it is empty"},
		{"unknown fault", []string{"-fault", `{"dropped":true}`}, "", `unknown field "dropped"`},
		{"invalid fault", []string{"-fault", `{"drop":true,"status":503}`}, "", "can have only one of"},
		{"no file", []string{"-db", ""}, "", "give a file"},
		{"HTTPS for others", []string{"-tls", "-acs", "192.0.2.7:9"}, "", "no certificate for 192.0.2.7: add -host 192.0.2.7"},
		{"hosts without HTTPS", []string{"-host", "localhost", "-host", "acs"}, "", "-host acs: clients refuse an emulator on another machine without HTTPS: add -tls"},
		{"nothing to serve", []string{"-page", ""}, "endpoint=…", "nothing to serve"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := parseOptions(test.args, test.resource)
			assert.ErrorContains(t, err, test.message)
		})
	}

	_, err := parseOptions([]string{"-h"}, "")
	assert.ErrorIs(t, err, flag.ErrHelp)
}

func TestInvalidHosts(t *testing.T) {
	for _, host := range []string{"", ".", "acs:8081", "192.0.2.7:80", "[::1]:80", "0.0.0.0", "::", "*.example", "a..b", "a/b", "../b", "a b", "-a", "a-", "é.example", "http://acs", "a+b", "fe80::1%eth0", strings.Repeat("a", 64), strings.Repeat("a.", 127) + "a"} {
		_, err := parseOptions([]string{"-tls", "-host", host}, "")
		assert.ErrorContains(t, err, "give a name or an address without a port", host)
	}
}

func TestAddress(t *testing.T) {
	tests := []struct {
		value    string
		url      string
		loopback bool
	}{
		{"localhost:8080", "http://localhost:8080", true},
		{"127.0.0.1:80", "http://127.0.0.1:80", true},
		{"[::1]:80", "http://[::1]:80", true},
		{"LocalHost:80", "http://LocalHost:80", true},
		{"acs.localhost:80", "http://acs.localhost:80", true},
		{"localhost.example:80", "http://localhost.example:80", false},
		{":80", "http://localhost:80", false},
		{"0.0.0.0:80", "http://localhost:80", false},
		{"192.0.2.7:80", "http://192.0.2.7:80", false},
		{"dev.example:80", "http://dev.example:80", false},
	}
	for _, test := range tests {
		t.Run(test.value, func(t *testing.T) {
			a, err := parseAddress(test.value)
			require.NoError(t, err)
			assert.Equal(t, test.url, a.url("http"))
			assert.Equal(t, test.loopback, a.loopback())
		})
	}
}
