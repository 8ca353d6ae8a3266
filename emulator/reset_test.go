package emulator_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/emulator"
)

func TestReset(t *testing.T) {
	em, _ := newEmulator()
	jane := em.NewUser()
	path := newThread(t, em, jane)
	first := em.Threads()[0]
	em.Advance(time.Hour)
	em.Fail(emulator.Rule{Status: 503})

	em.Reset()
	assert.Empty(t, em.Threads())
	requireError(t, post(em, "/chat/threads"+chatVersion, jane.Token, `{"topic":"x"}`), http.StatusUnauthorized, "Unauthorized")
	issue := signed("/identities/"+jane.ID+"/:issueAccessToken"+identityVersion, `{"scopes":["chat"]}`, start)
	requireError(t, serve(em, issue), http.StatusNotFound, "NotFound")

	alex := em.NewUser()
	newThread(t, em, alex)
	require.Len(t, em.Threads(), 1)
	assert.Equal(t, first.CreatedOn, em.Threads()[0].CreatedOn, "Advance is taken back")
	assert.Equal(t, first.Messages[0].ID, em.Threads()[0].Messages[0].ID, "message ids depend on the clock again")
	requireError(t, post(em, path+"/messages"+chatVersion, alex.Token, `{"content":"Hi"}`), http.StatusNotFound, "NotFound")
}

func TestResetClearsRateLimits(t *testing.T) {
	em := newResource(emulator.Options{Clock: func() time.Time { return start }, RateLimits: true})
	jane := em.NewUser()
	thread := "/chat/threads/x/messages" + chatVersion // the thread does not exist, but the calls count
	send := func(user emulator.User) int { return post(em, thread, user.Token, `{"content":"Hi"}`).Code }
	for range 10 {
		require.Equal(t, http.StatusNotFound, send(jane))
	}
	require.Equal(t, http.StatusTooManyRequests, send(jane))
	em.Reset()
	jane = em.NewUser()
	for range 10 {
		assert.Equal(t, http.StatusNotFound, send(jane))
	}
	assert.Equal(t, http.StatusTooManyRequests, send(jane), "the option is still set")
}

func TestResetDuringACreateLeavesNoThread(t *testing.T) {
	var em resource
	readings := 0
	em = emulator.New(emulator.Options{RateLimits: true, Clock: func() time.Time {
		readings++
		if readings == 3 { // the first two readings are for the token's issue and its check, the third is for the rate limit
			done := make(chan bool)
			go func() {
				em.Reset()
				close(done)
			}()
			select {
			case <-done:
			case <-time.After(10 * time.Second):
				t.Error("Reset cannot run during the third reading of the clock: the reading is not the one for the rate limit.")
			}
		}
		return start
	}})
	jane := em.NewUser()
	w := post(em, "/chat/threads"+chatVersion, jane.Token, `{"topic":"Lunch"}`)
	require.GreaterOrEqual(t, readings, 3)
	requireError(t, w, http.StatusUnauthorized, "Unauthorized")
	assert.Empty(t, em.Threads())
}

// clearableStore is a Store that can delete all records at once.
type clearableStore struct{ *memoryStore }

func (s clearableStore) Clear() error {
	clear(s.records)
	return s.failure
}

func TestResetExcept(t *testing.T) {
	memory := newMemoryStore()
	for name, store := range map[string]emulator.Store{"a store": memory, "a store that clears itself": clearableStore{newMemoryStore()}, "memory": nil} {
		t.Run(name, func(t *testing.T) {
			c := &clock{now: start}
			em := openWithStore(t, c, store)
			jane, alex := em.NewUser(), em.NewUser()
			revoke := signed("/identities/"+jane.ID+"/:revokeAccessTokens"+identityVersion, "", start)
			require.Equal(t, http.StatusNoContent, serve(em, revoke).Code)
			token, ok := em.NewToken(jane.ID)
			require.True(t, ok)
			newThread(t, em, emulator.User{ID: jane.ID, Token: token})

			require.NoError(t, em.ResetExcept(jane.ID, "8:acs:unknown"))
			if store != nil {
				em = openWithStore(t, c, store)
			}
			assert.Empty(t, em.Threads())
			newThread(t, em, emulator.User{ID: jane.ID, Token: token})
			requireError(t, post(em, "/chat/threads"+chatVersion, jane.Token, `{"topic":"x"}`), http.StatusUnauthorized, "Unauthorized")
			_, ok = em.NewToken(alex.ID)
			assert.False(t, ok)
		})
	}
	em := openWithStore(t, &clock{now: start}, memory)
	jane := em.NewUser()
	memory.failure = assert.AnError
	assert.ErrorIs(t, em.ResetExcept(jane.ID), assert.AnError)
}
