//go:build !js

package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"flag"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"acschat/identity"
)

// signedIn returns a stand-in for the site's login. sessions is a list such as "x7f=8:acs:…,k2m=8:acs:…": the value of the cookie
// session, and the raw id of the chat user whose session it is.
func signedIn(sessions string) func(*http.Request) (rawID string, err error) {
	users := map[string]string{}
	for session := range strings.SplitSeq(sessions, ",") {
		cookie, rawID, _ := strings.Cut(session, "=")
		users[cookie] = rawID
	}
	return func(r *http.Request) (string, error) {
		cookie, err := r.Cookie("session")
		if err != nil || users[cookie.Value] == "" {
			return "", errors.New("not signed in")
		}
		return users[cookie.Value], nil
	}
}

func main() {
	address := flag.String("address", "localhost:8090", "where to listen, as HOST:PORT")
	origin := flag.String("origin", "http://localhost:8080", "the origin of the pages")
	flag.Parse()
	acs, err := identity.New(os.Getenv("ACS_CONNECTION_STRING"), nil)
	if err != nil {
		log.Fatalf("ACS_CONNECTION_STRING: %v", err)
	}
	secret := os.Getenv("HINTRELAY_SECRET")
	if len(secret) < 16 {
		log.Fatal("HINTRELAY_SECRET: give at least 16 random characters, which the webhook's URL has as ?secret=…")
	}
	stop, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	relay := &relay{
		user:       signedIn(os.Getenv("HINTRELAY_SESSIONS")),
		secretHash: sha256.Sum256([]byte(secret)),
		origin:     *origin,
		members:    members{acs: acs, http: &http.Client{Timeout: lookupTime}},
	}
	listener, err := net.Listen("tcp", *address)
	if err != nil {
		log.Fatal(err)
	}
	log.Printf("events: POST http://%s/events?secret=…   hints: GET http://%[1]s/hints", listener.Addr())
	if err := serve(stop, listener, relay.handler()); err != nil {
		log.Fatal(err)
	}
}

// serve serves until stop ends. Then it ends the connections of pages, and waits for the events that are being handled.
func serve(stop context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		BaseContext:       func(net.Listener) context.Context { return stop },
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-stop.Done():
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return server.Shutdown(ctx)
}
