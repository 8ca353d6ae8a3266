//go:build !js

// Command chatdev is the development server: it serves the demo page in ./web,
// if there is one, the emulator on a second port, so that CORS is real, and
// tokens for the page. With ACS_CONNECTION_STRING set the page talks to that
// real resource instead. chatdev -h lists the flags.
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
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C does not wait for anything
	// Otherwise a write to stdout or stderr ends the process once their reader has left.
	signal.Ignore(syscall.SIGPIPE)
	os.Exit(run(ctx, os.Args[1:], os.Getenv("ACS_CONNECTION_STRING"), os.Stdout, os.Stderr))
}

// run returns the exit code: 2 for a command line that cannot be meant, 1 for
// one that cannot be done.
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
		stderr = io.Discard // run prints why chatdev ends
	}
	servers := newServers(log.New(stderr, "", log.Ltime))
	defer servers.stop()

	resource, err := connect(o, store, servers)
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
	if o.page.given() {
		site, err := servers.start("-page", o.page, page.New("web", users, o.page.host), nil)
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

	// Planted earlier, they would fail what chatdev itself asks for.
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
