//go:build !js

package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"acschat/cmd/chatdev/page"
	"acschat/emulator"
)

const usage = `usage: chatdev [flags]

Serves the demo page in ./web and an ACS Chat emulator, until Ctrl-C. Where there
is no web/index.html it serves the emulator and tokens.

  -page ADDR        where the page and its token route listen (default
                    localhost:8080); "" for the emulator alone
  -acs ADDR         where the emulator listens (default localhost:8081)
  -users NAMES      users to make at start, such as jane,alex; their tokens are
                    printed
  -db FILE          keep the emulator's state in this file, made if there is
                    none; without it, it ends with chatdev. Tokens of earlier
                    runs stay good; names given to -users and on the page are
                    new users in every run
  -tls              serve the emulator over HTTPS, for localhost and loopback
                    addresses. The file of the CA certificate to trust is
                    printed; it stays the same for some weeks
  -rate-limits      the emulator refuses with 429 what exceeds the service's
                    documented rate limits
  -observed-errors  the emulator words chat errors as the service has been seen
                    to, not as its documentation says
  -edits-drop-metadata
                    an updateMessage without metadata drops what the message
                    had; it is not known whether the service does so
  -fault RULE       plant a fault, once -users are made; may be given again.
                    RULE is JSON such as
                      {"operation":"sendMessage","call":2,"status":503}
                    Package emulator's Rule says all that it may have: which
                    calls fail (operation, call, times) and how (refuse, drop,
                    hang, cut, status, trickleMs, noCORS, visibleAfterMs).
                    POST /emulator/faults plants more, DELETE takes all back;
                    a request's header x-emulator-fault is for it alone
  -json             print one line of JSON when ready, and nothing else: no log,
                    no warnings, only the reason if chatdev fails
  -h                print this

Port 0 picks a free port. ADDR is HOST:PORT. localhost, like names that end in
.localhost, is both 127.0.0.1 and [::1]: the port must be free on both. Without a
host it is every address of this machine, which lets others in.

With ACS_CONNECTION_STRING set there is no emulator: the page talks to that
resource, as users that are made in it.
`

// options is the command line, understood.
type options struct {
	page, acs         address
	users             []string
	db                string // a file; empty for the memory
	tls               bool
	rateLimits        bool
	observedErrors    bool
	editsDropMetadata bool
	faults            []emulator.Rule
	json              bool
	resource          string // a real resource's connection string; empty for the emulator
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
			return errors.New("give the file to keep the emulator's state in")
		}
		o.db = value
		return nil
	})
	flags.BoolVar(&o.tls, "tls", false, "")
	flags.BoolVar(&o.rateLimits, "rate-limits", false, "")
	flags.BoolVar(&o.observedErrors, "observed-errors", false, "")
	flags.BoolVar(&o.editsDropMetadata, "edits-drop-metadata", false, "")
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
	if resource != "" && !o.page.given() {
		return options{}, errors.New(`-page "" leaves nothing to serve: with ACS_CONNECTION_STRING set there is no emulator`)
	}
	if resource != "" && (o.db != "" || o.tls || o.rateLimits || o.observedErrors || o.editsDropMetadata || o.faults != nil) {
		return options{}, errors.New("-db, -tls, -rate-limits, -observed-errors, -edits-drop-metadata and -fault are for the emulator: with ACS_CONNECTION_STRING set there is none")
	}
	if o.tls && o.acs.host != "" && !o.acs.loopback() {
		return options{}, fmt.Errorf("-tls has a certificate for this machine alone, not for %s: give -acs localhost, or no host to let other machines in", o.acs.host)
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
