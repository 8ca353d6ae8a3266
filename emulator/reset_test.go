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
	assert.Equal(t, first.CreatedOn, em.Threads()[0].CreatedOn, "the time is Options.Clock's again")
	assert.Equal(t, first.Messages[0].ID, em.Threads()[0].Messages[0].ID, "message ids begin anew")
	requireError(t, post(em, path+"/messages"+chatVersion, alex.Token, `{"content":"Hi"}`), http.StatusNotFound, "NotFound")
}

func TestResetForgetsRates(t *testing.T) {
	em := emulator.New(emulator.Options{Clock: func() time.Time { return start }, RateLimits: true})
	jane := em.NewUser()
	thread := "/chat/threads/x/messages" + chatVersion // which is counted though it is not there
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
	assert.Equal(t, http.StatusTooManyRequests, send(jane), "the option stays")
}

func TestResetDuringACreateLeavesNoThread(t *testing.T) {
	var em *emulator.Emulator
	asked := 0
	em = emulator.New(emulator.Options{RateLimits: true, Clock: func() time.Time {
		asked++
		if asked == 3 { // asked for the token's making, its check, and then for the rate
			done := make(chan bool)
			go func() {
				em.Reset()
				close(done)
			}()
			select {
			case <-done:
			case <-time.After(10 * time.Second):
				t.Error("The third time is another: nothing can be reset meanwhile.")
			}
		}
		return start
	}})
	jane := em.NewUser()
	w := post(em, "/chat/threads"+chatVersion, jane.Token, `{"topic":"Lunch"}`)
	require.GreaterOrEqual(t, asked, 3)
	requireError(t, w, http.StatusUnauthorized, "Unauthorized")
	assert.Empty(t, em.Threads())
}
