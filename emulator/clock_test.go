package emulator_test

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestAdvance(t *testing.T) {
	em, _ := newEmulator()
	jane := em.NewUser()
	em.Advance(23 * time.Hour)
	em.Advance(time.Hour - time.Second)
	newThread(t, em, jane)
	assert.Equal(t, start.Add(24*time.Hour-time.Second).Truncate(time.Second), em.Threads()[0].CreatedOn)
	em.Advance(time.Second)
	requireError(t, post(em, "/chat/threads"+chatVersion, jane.Token, `{"topic":"Lunch"}`), http.StatusUnauthorized, "Unauthorized")
	newThread(t, em, em.NewUser())
}

func TestSignatureAgeIgnoresAdvance(t *testing.T) {
	em, clock := newEmulator()
	em.Advance(time.Hour)
	body := `{"createTokenWithScopes":["chat"]}`
	result := decode[identityResult](t, serve(em, signed("/identities"+identityVersion, body, start)), http.StatusCreated)
	assert.EqualValues(t, start.Add(time.Hour).Unix(), claimsOf(t, result.AccessToken.Token)["iat"], "the token has the emulator's time")
	ahead := serve(em, signed("/identities"+identityVersion, body, start.Add(time.Hour)))
	requireError(t, ahead, http.StatusUnauthorized, "Unauthorized")
	clock.advance(time.Hour)
	requireError(t, serve(em, signed("/identities"+identityVersion, body, start)), http.StatusUnauthorized, "Unauthorized")
}

func TestAdvancePanics(t *testing.T) {
	needsPackage(t, "clock with nanoseconds")
	const century = 100 * 365 * 24 * time.Hour
	em, _ := newEmulator()
	assert.Panics(t, func() { em.Advance(-1) })
	assert.Panics(t, func() { em.Advance(century + 1) })
	assert.NotPanics(t, func() { em.Advance(century) })
	assert.Panics(t, func() { em.Advance(1) }, "the sum is limited")
	em.Reset()
	assert.NotPanics(t, func() { em.Advance(century) })
}

func TestConcurrentAdvancesAddUp(t *testing.T) {
	em, _ := newEmulator()
	var wg sync.WaitGroup
	for range 100 {
		wg.Go(func() { em.Advance(time.Second) })
	}
	wg.Wait()
	newThread(t, em, em.NewUser())
	assert.Equal(t, start.Add(100*time.Second).Truncate(time.Second), em.Threads()[0].CreatedOn)
}
