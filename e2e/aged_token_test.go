//go:build !js

package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/emulator"
)

// inProcess sends a request to the emulator without a network.
func inProcess(t *testing.T, em *emulator.Emulator, method, path string, user emulator.User, body string) {
	request := httptest.NewRequest(method, path+"?api-version=2025-03-15", strings.NewReader(body))
	request.Header.Set("Authorization", "Bearer "+user.Token)
	request.Header.Set("Content-Type", "application/json")
	if method == http.MethodPatch {
		request.Header.Set("Content-Type", "application/merge-patch+json")
	}
	answer := httptest.NewRecorder()
	em.ServeHTTP(answer, request)
	require.Less(t, answer.Code, 300, answer.Body.String())
}

// TestTokenFromAFastClock checks that a message is found half an hour later, after a reload, although its token contains a time ten minutes in the
// future: the device's clock was fast.
func TestTokenFromAFastClock(t *testing.T) {
	site := newSite(t)
	alex := site.emulator.NewUser()
	p := programOf(t, site, `{
		const { now } = Date;
		Date.now = () => now.call(Date) + Number(sessionStorage.aheadMs ?? 600_000);
	}`)
	messages := "/chat/threads/" + p.threadID + "/messages"
	inProcess(t, site.emulator, http.MethodPost, "/chat/threads/"+p.threadID+"/participants/:add", p.user,
		fmt.Sprintf(`{"participants":[{"communicationIdentifier":{"rawId":%q}}]}`, alex.ID))

	tab := p.open(t)
	var draft struct {
		Token  string
		Result sendResult
	}
	tab.evaluate(`(async (token) => ({ token, result: await resultOf(send(client, token)) }))(newIdempotencyToken())`, &draft)
	p.requireOnce(t, []string{draft.Token}, []sendResult{draft.Result})
	for range 120 {
		site.emulator.Advance(30 * time.Minute / 120)
		inProcess(t, site.emulator, http.MethodPost, messages, alex, `{"content":"Hi"}`)
	}

	tab.evaluate(fmt.Sprintf(`sessionStorage.aheadMs = %d`, (30*time.Minute).Milliseconds()), nil)
	tab.reload()
	var got sendResult
	tab.evaluate(fmt.Sprintf(`resultOf(send(client, %q))`, draft.Token), &got)
	p.requireOnce(t, []string{draft.Token}, []sendResult{got})
	assert.Equal(t, draft.Result.ID, got.ID)
	tab.requireQuiet()
}

// TestTokenRemovedByAnEdit checks that a repeated send ends as DeliveryUnknown if another client has removed the token from the message.
func TestTokenRemovedByAnEdit(t *testing.T) {
	site := newSite(t)
	p := programOf(t, site, "")
	tab := p.open(t)
	var draft struct {
		Token  string
		Result sendResult
	}
	tab.evaluate(`(async (token) => ({ token, result: await resultOf(send(client, token)) }))(newIdempotencyToken())`, &draft)
	p.requireOnce(t, []string{draft.Token}, []sendResult{draft.Result})
	inProcess(t, site.emulator, http.MethodPatch, "/chat/threads/"+p.threadID+"/messages/"+draft.Result.ID, p.user, `{"metadata":{"colour":"blue","acschat.idempotencyToken":null}}`)
	require.NotContains(t, site.emulator.Threads()[0].Messages[2].Metadata, "acschat.idempotencyToken")

	tab.reload()
	var got sendResult
	tab.evaluate(fmt.Sprintf(`resultOf(send(client, %q))`, draft.Token), &got)
	assert.Equal(t, "DeliveryUnknown", got.Code)
	assert.Equal(t, draft.Token, got.IdempotencyToken)
	assert.Len(t, p.sent(draft.Token), 1)
	tab.requireQuiet()
}

// TestFreshTokenInABusyThread checks that the lookup for a fresh token ends, and the message is sent, in a long and busy thread where an old
// message of the user was edited just now.
func TestFreshTokenInABusyThread(t *testing.T) {
	site := newSite(t)
	var ago atomic.Int64 // how far the emulator's clock is behind, in nanoseconds
	site.emulator = emulator.New(emulator.Options{Clock: func() time.Time { return time.Now().Add(-time.Duration(ago.Load())) }})
	site.through(t, site.emulator.ServeHTTP)
	day := int64(24 * time.Hour)
	jane := site.emulator.NewUser()
	ago.Store(40 * day)
	p := programOfUser(t, site, jane, "")
	messages := "/chat/threads/" + p.threadID + "/messages"
	for i := range int64(5000) {
		switch {
		case i < 4850:
			ago.Store(40*day - i*int64(10*time.Minute))
		default:
			ago.Store((5000 - i) * day / 151)
		}
		inProcess(t, site.emulator, http.MethodPost, messages, p.user, `{"content":"Hi"}`)
	}
	ago.Store(0)
	inProcess(t, site.emulator, http.MethodPatch, messages+"/"+site.emulator.Threads()[0].Messages[4000].ID, p.user, `{"content":"Hi!"}`)

	tab, token := p.open(t), foreignTokens(1)[0]
	var got sendResult
	tab.evaluate(fmt.Sprintf(`resultOf(send(client, %q))`, token), &got)
	p.requireOnce(t, []string{token}, []sendResult{got})
	tab.requireQuiet()
}
