//go:build !js

package main

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"acschat/chatcore"
	"acschat/chathttp"
	"acschat/identity"
)

const (
	memberTime = time.Minute      // how long the participants of a thread are cached
	changeTime = time.Second      // the same, after an event says that they have changed. One call can cause 200 such events
	retryTime  = 5 * time.Second  // how long a failed lookup is not repeated
	lookupTime = 10 * time.Second // for all lookups of an event; Event Grid waits 30 seconds
	maxThreads = 10_000           // in the cache
	maxLookups = 3                // for one event

	maxPageSize = 200 // few pages, because lists have a rate limit
)

// members caches the participants of threads, which it gets from the service.
type members struct {
	acs  *identity.Client
	http *http.Client

	mu      sync.Mutex
	threads map[string]*membership
}

// membership is the participants of a thread. Its mutex joins the lookups that are needed at the same time.
type membership struct {
	mu      sync.Mutex
	users   map[string]bool
	asked   time.Time // when users were looked up
	expires time.Time
}

// of returns the participants of a thread, from the cache if that is fresh. It needs a user to list them as: insider, who is
// likely to be in the thread, or one who was in it before.
func (m *members) of(ctx context.Context, threadID, insider string, haveChanged bool) map[string]bool {
	m.mu.Lock()
	thread := m.threads[threadID]
	if thread == nil {
		if m.threads == nil || len(m.threads) == maxThreads {
			m.threads = map[string]*membership{}
		}
		thread = &membership{}
		m.threads[threadID] = thread
	}
	m.mu.Unlock()

	thread.mu.Lock()
	defer thread.mu.Unlock()
	if expires := thread.asked.Add(changeTime); haveChanged && expires.Before(thread.expires) {
		thread.expires = expires
	}
	if time.Now().Before(thread.expires) {
		return thread.users
	}
	ctx, cancel := context.WithTimeout(ctx, lookupTime)
	defer cancel()
	candidates := append([]string{insider}, slices.Collect(maps.Keys(thread.users))...)
	thread.users, thread.asked = nil, time.Now()
	for _, user := range candidates[:min(len(candidates), maxLookups)] {
		if users := m.lookUp(ctx, threadID, user); users[user] {
			thread.users, thread.expires = users, thread.asked.Add(memberTime)
			return users
		}
	}
	thread.expires = time.Now().Add(retryTime)
	return nil
}

// lookUp lists the participants of a thread as a user, with a token that leaves this function for the service only. It returns
// nil if the user may not list them.
func (m *members) lookUp(ctx context.Context, threadID, user string) map[string]bool {
	token, err := m.acs.IssueToken(ctx, user, time.Hour, identity.ScopeChatJoinLimited)
	if err != nil {
		return nil
	}
	client, err := chathttp.New(chathttp.Options{Endpoint: m.acs.Endpoint(), Token: token.Token, APIVersion: "2025-03-15", HTTPClient: m.http})
	if err != nil {
		return nil
	}
	defer client.Close()
	users := map[string]bool{}
	for participant, err := range client.ListParticipants(ctx, threadID, chatcore.ListChatParticipantsOptions{MaxPageSize: maxPageSize}, nil) {
		if err != nil {
			return nil
		}
		users[participant.CommunicationIdentifier.RawID] = true
	}
	return users
}
