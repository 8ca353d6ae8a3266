//go:build !js

package main

import (
	"log"
	"net/http"
	"sync"

	"acschat/identity"
)

// accounts is a stand-in for a site's sign-in and its table of users. Users sign in with HTTP basic authentication. Their
// password is their name.
type accounts struct {
	acs *identity.Client

	mu      sync.Mutex
	chatIDs map[string]string // by name; empty until the user signs in for the first time
}

func newAccounts(acs *identity.Client) *accounts {
	return &accounts{acs: acs, chatIDs: map[string]string{"jane": "", "alex": ""}}
}

// signedIn returns the chat identity of the signed-in user. It creates the identity when the user signs in for the first time.
func (a *accounts) signedIn(r *http.Request) (chatID string, ok bool) {
	name, password, _ := r.BasicAuth()
	a.mu.Lock()
	defer a.mu.Unlock()
	chatID, known := a.chatIDs[name]
	if !known || password != name {
		return "", false
	}
	if chatID == "" {
		var err error
		if chatID, err = a.acs.CreateUser(r.Context()); err != nil {
			log.Printf("chat identity: %v", err)
			return "", false
		}
		a.chatIDs[name] = chatID
	}
	return chatID, true
}
