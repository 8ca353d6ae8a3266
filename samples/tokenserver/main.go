//go:build !js

// Tokenserver is the part of a site's server from which a page gets its chat token, with a simple sign-in for trying it out.
package main

import (
	"encoding/json"
	"log"
	"net"
	"net/http"
	"os"
	"time"

	"acschat/identity"
)

// chatToken answers POST /token with a token for the signed-in user. The site provides signedIn: it finds the user from the
// request's session, and returns the id of the user's chat identity, which the site stores with the user's other data.
// CreateUser creates that identity when a user signs up.
func chatToken(acs *identity.Client, signedIn func(*http.Request) (chatID string, ok bool)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		chatID, ok := signedIn(r)
		if !ok {
			http.Error(w, "sign in first", http.StatusUnauthorized)
			return
		}
		token, err := acs.IssueToken(r.Context(), chatID, time.Hour, identity.ScopeChat)
		if err != nil {
			log.Printf("chat token: %v", err) // the error never contains the access key
			http.Error(w, "no chat at the moment", http.StatusBadGateway)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		_ = json.NewEncoder(w).Encode(map[string]string{"endpoint": acs.Endpoint(), "id": chatID, "token": token.Token})
	}
}

func main() {
	acs, err := identity.New(os.Getenv("ACS_CONNECTION_STRING"), nil)
	if err != nil {
		log.Fatalf("ACS_CONNECTION_STRING: %v", err)
	}
	http.Handle("POST /token", chatToken(acs, newAccounts(acs).signedIn))
	listener, err := net.Listen("tcp", "localhost:8090")
	if err != nil {
		log.Fatal(err)
	}
	log.Print("tokens: POST http://localhost:8090/token")
	log.Fatal(http.Serve(listener, nil))
}
