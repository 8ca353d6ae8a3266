//go:build !js

package main

import (
	"log"
	"net/http"
	"sync"

	"acschat/identity"
)

// accounts stands in for a site's sign-in and its table of users: whoever names one of these users by HTTP's basic
// authentication, with the name for a password, is that user.
type accounts struct {
	acs *identity.Client

	mu      sync.Mutex
	chatIDs map[string]string // by name; empty before the user's first visit
}

func newAccounts(acs *identity.Client) *accounts {
	return &accounts{acs: acs, chatIDs: map[string]string{"jane": "", "alex": ""}}
}

// signedIn makes the user's chat identity at the first visit, and gives the same ever after.
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
