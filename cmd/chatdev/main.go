//go:build !js

// Command chatdev is the development server. It serves the demo page in ./web,
// tokens for the page, and the emulator. The emulator has its own port, so that
// the page's requests are cross-origin as with the real service. If
// ACS_CONNECTION_STRING is set, the page uses that real resource and there is no
// emulator. chatdev -h lists the flags.
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
	"acschat/emulator/filestore"
	"acschat/emulator/webhook"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the process at once
	// By default a write to stdout or stderr kills the process if their reader has gone.
	signal.Ignore(syscall.SIGPIPE)
	os.Exit(run(ctx, os.Args[1:], os.Getenv("ACS_CONNECTION_STRING"), os.Stdout, os.Stderr))
}

// run returns the exit code: 2 for an invalid command line, 1 for any other
// failure.
func run(ctx context.Context, args []string, resource string, out, errs io.Writer) int {
	stdout, stderr := newOutput(out), newOutput(errs)
	defer stdout.close()
	defer stderr.close()
	options, err := parseOptions(args, resource)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, usage)
		return 0
	case err != nil:
		fmt.Fprintf(stderr, "chatdev: %v\n\n%s", err, usage)
		return 2
	}
	// An error after an interrupt is not a failure: the user stopped the start.
	if err := serve(ctx, options, stdout, stderr); err != nil && ctx.Err() == nil {
		fmt.Fprintf(stderr, "chatdev: %v\n", err)
		return 1
	}
	return 0
}

// serve starts the servers, prints the announcement when they are ready, and
// returns when ctx ends or a server fails.
func serve(ctx context.Context, o options, stdout, stderr io.Writer) error {
	var store emulator.Store
	if o.db != "" {
		file, err := filestore.Open(o.db)
		if err != nil {
			return fmt.Errorf("-db: %w", err)
		}
		defer file.Close() // after the servers have stopped
		store = file
	}
	if o.json {
		stderr = io.Discard // -json: no log; run still prints the error that ends chatdev
	}
	servers := newServers(log.New(stderr, "", log.Ltime))
	var events func(emulator.Event)
	if o.events != "" {
		hook, err := webhook.New(o.events, webhook.Options{Logf: servers.log.Printf})
		if err != nil {
			return fmt.Errorf("-events: %w", err)
		}
		defer hook.Close() // after the servers have stopped
		events = hook.Deliver
	}
	defer servers.stop()

	resource, err := connect(o, store, events, servers)
	if err != nil {
		return err
	}
	users := page.NewUsers(resource.client)

	ready := announcement{
		Endpoint:         resource.client.Endpoint(),
		ConnectionString: resource.connectionString,
		Certificate:      resource.certificate,
		Users:            make(map[string]credentials),
	}
	if o.page.isSet() {
		site, err := servers.start("-page", o.page, o.linkHost(), newPage(o, users, resource), nil)
		if err != nil {
			return err
		}
		ready.Tokens = site.url + "/token"
		if _, err := os.Stat("web/index.html"); err == nil {
			ready.Page = site.url
		}
	}
	for _, name := range o.users {
		grant, err := users.Grant(ctx, name)
		if err != nil {
			return fmt.Errorf("-users: no token for %s: %w", name, err)
		}
		ready.Users[name] = credentials{ID: grant.ID, Token: grant.Token}
	}

	// Plant faults last, or chatdev's own requests for -users would fail.
	for _, rule := range o.faults {
		resource.emulator.Fail(rule)
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
