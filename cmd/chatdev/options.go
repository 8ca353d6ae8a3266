//go:build !js

package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"acschat/cmd/chatdev/page"
	"acschat/emulator"
	"acschat/emulator/webhook"
)

const usage = `usage: chatdev [flags]

Serves an ACS Chat emulator, the demo page in ./web and tokens for the page, until
Ctrl-C. Without web/index.html it serves the emulator and tokens only.

  -page ADDR        address of the page and of its token route (default
                    localhost:8080); "" serves the emulator only
  -acs ADDR         address of the emulator (default localhost:8081)
  -users NAMES      create these users at the start, such as jane,alex, and print
                    their tokens
  -db FILE          store the emulator's state in this file, which is created if
                    it does not exist. Without -db the state is lost when chatdev
                    ends. Tokens of earlier runs stay valid; the names of -users
                    and of the page are new users in every run
  -tls              serve the emulator over HTTPS, for localhost, loopback
                    addresses and the names of -host. Prints the file of the CA
                    certificate to trust; it stays the same for some weeks
  -host NAME        a name or address by which clients know this machine, such as
                    the name of its container; can be repeated. All are in the
                    certificate of -tls, and the token route answers to them. The
                    links that chatdev prints have the first, unless there is
                    -trust-proxy. An endpoint from the token route has the one at
                    which the page was opened. -host does not change where chatdev
                    listens. It needs -tls or -trust-proxy, because clients refuse
                    http for other machines
  -trust-proxy      chatdev is behind a reverse proxy: believe the headers Forwarded,
                    X-Forwarded-Proto and X-Forwarded-Host, which say what URL
                    the client has used. The emulator's links and the token
                    route then use that URL. Clients can send these headers, too,
                    so the proxy must set or remove them. The control endpoints
                    never answer a request with such headers
  -rate-limits      the emulator answers 429 to calls that exceed the service's
                    documented rate limits
  -observed-errors  the emulator answers chat errors in the form observed at the
                    service, not in the documented one
  -edits-drop-metadata
                    updateMessage without metadata removes the message's
                    metadata; it is not known whether the service does so
  -events URL       post the emulator's events to this webhook, as Azure Event Grid
                    posts those of the service. First chatdev makes the validation
                    handshake, and repeats it until the webhook answers. The log
                    says when events are dropped, and shows only the URL's host
  -fault RULE       plant a fault after -users are created; can be repeated. RULE
                    is JSON such as
                      {"operation":"sendMessage","call":2,"status":503}
                    It says which calls fail (operation, call, times) and how
                    (refuse, drop, hang, cut, status, trickleMs, noCORS,
                    visibleAfterMs, eventsTwice, eventsAfterMs,
                    eventsUnordered, eventsLost). Rule in package emulator describes all its
                    members. POST /emulator/faults plants more faults, DELETE
                    removes all; the request header x-emulator-fault is a fault
                    for that request only
  -json             print one line of JSON when ready and nothing else: no log and
                    no warnings; if chatdev fails, it prints the error
  -h                print this help

ADDR is HOST:PORT. Port 0 picks a free port. localhost and names that end in
.localhost mean both 127.0.0.1 and [::1]; the port must be free on both. Without
HOST, chatdev listens on all addresses, and other machines can connect.

If ACS_CONNECTION_STRING is set, there is no emulator: the page uses that
resource, and users are created in it.
`

// options is the parsed command line.
type options struct {
	page, acs         address
	users             []string
	db                string // file for the emulator's state; empty: in memory
	tls               bool
	hosts             []string
	trustProxy        bool
	rateLimits        bool
	observedErrors    bool
	editsDropMetadata bool
	events            string // URL of a webhook; empty: none
	faults            []emulator.Rule
	json              bool
	resource          string // connection string of a real resource; empty: use the emulator
}

func parseOptions(args []string, resource string) (options, error) {
	o := options{
		page:     address{host: "localhost", port: "8080"},
		acs:      address{host: "localhost", port: "8081"},
		resource: resource,
	}
	flags := flag.NewFlagSet("chatdev", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // run prints the error and the usage
	flags.Func("page", "", func(value string) (err error) {
		o.page = address{}
		if value != "" {
			o.page, err = parseAddress(value)
		}
		return err
	})
	flags.Func("acs", "", func(value string) (err error) {
		o.acs, err = parseAddress(value)
		return err
	})
	flags.Func("users", "", func(value string) (err error) {
		o.users, err = parseUsers(value)
		return err
	})
	flags.Func("db", "", func(value string) error {
		if value == "" {
			return errors.New("give a file for the emulator's state")
		}
		o.db = value
		return nil
	})
	flags.BoolVar(&o.tls, "tls", false, "")
	flags.Func("host", "", func(value string) error {
		host, err := parseHost(value)
		o.hosts = append(o.hosts, host)
		return err
	})
	flags.BoolVar(&o.trustProxy, "trust-proxy", false, "")
	flags.BoolVar(&o.rateLimits, "rate-limits", false, "")
	flags.BoolVar(&o.observedErrors, "observed-errors", false, "")
	flags.BoolVar(&o.editsDropMetadata, "edits-drop-metadata", false, "")
	flags.Func("events", "", func(value string) error {
		o.events = value
		return webhook.CheckURL(value)
	})
	flags.Func("fault", "", func(value string) error {
		rule, err := emulator.ParseRule(value)
		o.faults = append(o.faults, rule)
		return err
	})
	flags.BoolVar(&o.json, "json", false, "")
	if err := flags.Parse(args); err != nil {
		return options{}, err
	}
	if flags.NArg() > 0 {
		return options{}, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if resource != "" && !o.page.isSet() {
		return options{}, errors.New(`-page "" leaves nothing to serve: with ACS_CONNECTION_STRING set there is no emulator`)
	}
	if resource != "" && (o.db != "" || o.tls || o.rateLimits || o.observedErrors || o.editsDropMetadata || o.events != "" || o.faults != nil) {
		return options{}, errors.New("-db, -tls, -rate-limits, -observed-errors, -edits-drop-metadata, -events and -fault are for the emulator, and with ACS_CONNECTION_STRING set there is none: leave them out or unset it")
	}
	if o.tls && o.acs.host != "" && !o.acs.loopback() && !slices.Contains(o.hosts, strings.ToLower(o.acs.host)) {
		return options{}, fmt.Errorf("-tls has no certificate for %s: add -host %[1]s, or use -acs localhost:PORT, or -acs :PORT to let other machines connect", o.acs.host)
	}
	if others := o.otherHosts(); len(others) > 0 && resource == "" && !o.tls && !o.trustProxy {
		return options{}, fmt.Errorf("-host %s: clients refuse an emulator on another machine without HTTPS: add -tls, or -trust-proxy if a proxy serves it over HTTPS", others[0])
	}
	return o, nil
}

func parseUsers(list string) ([]string, error) {
	var users []string
	for name := range strings.SplitSeq(list, ",") {
		name = strings.TrimSpace(name)
		if err := page.CheckName(name); err != nil {
			return nil, err
		}
		users = append(users, name)
	}
	return users, nil
}
