//go:build !js

// Command chatdev is the development server: it serves the demo page in ./web,
// the emulator on a second port, so that CORS is real, and tokens for the
// page. With ACS_CONNECTION_STRING set the page talks to that real resource
// instead. chatdev -h lists the flags.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"syscall"

	"acschat/cmd/chatdev/page"
	"acschat/emulator"
	"acschat/identity"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C does not wait for anything
	os.Exit(run(ctx, os.Args[1:], os.Getenv("ACS_CONNECTION_STRING"), os.Stdout, os.Stderr))
}

// run returns the exit code: 2 for a command line that cannot be meant, 1 for
// one that cannot be done.
func run(ctx context.Context, args []string, resource string, stdout, stderr io.Writer) int {
	options, err := parseOptions(args, resource)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, usage)
		return 0
	case err != nil:
		fmt.Fprintf(stderr, "chatdev: %v\n\n%s", err, usage)
		return 2
	}
	// Interrupted while it starts, it was stopped and did not fail.
	if err := serve(ctx, options, stdout, stderr); err != nil && ctx.Err() == nil {
		fmt.Fprintf(stderr, "chatdev: %v\n", err)
		return 1
	}
	return 0
}

// serve starts what the options ask for, says so once all of it answers, and
// returns when ctx ends.
func serve(ctx context.Context, o options, stdout, stderr io.Writer) error {
	servers := newServers(log.New(stderr, "", log.Ltime))
	defer servers.stop()

	client, connectionString, err := connect(o, servers)
	if err != nil {
		return err
	}
	users := page.NewUsers(client)

	ready := announcement{Endpoint: client.Endpoint(), ConnectionString: connectionString, Users: make(map[string]credentials)}
	if o.page.given() {
		if _, err := os.Stat("web/index.html"); err != nil {
			return errors.New(`no web/index.html here: start chatdev in the repository's top directory, or with -page "" for the emulator alone`)
		}
		if ready.Page, err = servers.start("-page", o.page, page.New("web", users, o.page.host)); err != nil {
			return err
		}
	}
	for _, name := range o.users {
		grant, err := users.Grant(ctx, name)
		if err != nil {
			return fmt.Errorf("-users: no token for %s: %w", name, err)
		}
		ready.Users[name] = credentials{ID: grant.ID, Token: grant.Token}
	}

	if o.json {
		err = ready.writeJSON(stdout)
	} else {
		err = ready.writeText(stdout)
	}
	if err != nil {
		return err
	}
	return servers.wait(ctx)
}

// connect returns a client of the resource to work with: the real one, or an
// emulator started for it. The connection string is the emulator's; that of a
// real resource has a key that must not be shown, so it is left empty.
func connect(o options, servers *servers) (client *identity.Client, connectionString string, err error) {
	if o.resource != "" {
		client, err = identity.New(o.resource, nil)
		if err != nil {
			return nil, "", fmt.Errorf("ACS_CONNECTION_STRING: %w", err)
		}
		return client, "", nil
	}
	em := emulator.New(emulator.Options{RateLimits: o.rateLimits, ObservedErrors: o.observedErrors})
	endpoint, err := servers.start("-acs", o.acs, logTraffic(servers.log, em))
	if err != nil {
		return nil, "", err
	}
	connectionString = em.ConnectionString(endpoint)
	client, err = identity.New(connectionString, nil)
	if err != nil {
		return nil, "", fmt.Errorf("-acs %s: %w: give localhost, or no host to let other machines in", o.acs, err)
	}
	return client, connectionString, nil
}
