package chatcore_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// madeAt is a version 7 UUID of a time, in milliseconds since 1970.
func madeAt(unixMs int) string {
	return fmt.Sprintf("%08x-%04x-7abc-8def-0123456789ab", unixMs>>16, unixMs&0xffff)
}

// TestOwnToken: a token that the caller has kept may have been sent before, so that it is looked for first.
func TestOwnToken(t *testing.T) {
	for _, token := range []string{ownToken, madeAt(noon), madeAt(noon - 1000), madeAt(noon + 1000), "MADE-" + uuid} {
		d := newDeliverer(t, chatcore.Options{})
		call := d.deliver(t, start, token)
		looks(t, call)
		list(call, start, shown("", "10", "20 token="+token))
		assert.Equal(t, "20", found(t, call), "without a second")

		d = newDeliverer(t, chatcore.Options{})
		call = d.deliver(t, start, token)
		answer(call, start, 403, "")
		assert.Equal(t, chatcore.Forbidden, failure(t, unknown(t, call, token).Cause).Code)
	}
}

// TestWhenAnOwnTokenIsSent: when a look-up has not found it that began late enough for what may be under way from before.
func TestWhenAnOwnTokenIsSent(t *testing.T) {
	for _, test := range []struct {
		name  string
		token string
		age   chatcore.Instant // of the client
		waits chatcore.Instant
	}{
		{"in a new client", ownToken, 0, 5000},
		{"in one that has been there for a while", ownToken, 2000, 3000},
		{"in one that has been there long enough", ownToken, 5000, 0},
		{"from after the client, by a clock that may have been set", madeAt(noon), 0, 5000},
	} {
		d := newDeliverer(t, chatcore.Options{Made: start - test.age})
		call := d.deliver(t, start, test.token)
		looks(t, call)
		list(call, start, beginning)
		if test.waits > 0 {
			assert.Equal(t, start+test.waits, elapse(t, call), test.name)
			looks(t, call)
			list(call, start+test.waits, beginning)
		}
		assert.Equal(t, test.token, tokenOf(t, posts(t, call)), test.name)
		answer(call, start+test.waits, 400, "")
		failed(t, call, chatcore.BadRequest) // which was never unknown
	}
}

// TestHowFarBackAnOwnTokenIsLookedFor: as far as it is old, where it says that, and otherwise to the beginning.
func TestHowFarBackAnOwnTokenIsLookedFor(t *testing.T) {
	for _, test := range []struct {
		name, token, page string
		sends             bool
	}{
		{"a second old", madeAt(noon - 1000), shown("", "0", "61001"), true},
		{"a second old, and the page is not older", madeAt(noon - 1000), shown("", "0", "61000"), false},
		{"an hour old", madeAt(noon - 3_600_000), shown("", "0", "3660001"), true},
		{"an hour old, and the page is not older", madeAt(noon - 3_600_000), shown("", "0", "3660000"), false},
		{"of the future", madeAt(noon + 100), shown("", "0", "900000000"), false},
		{"of the future, in a thread that begins here", madeAt(noon + 100), beginning, true},
		{"of an unknown time", ownToken, shown("", "0", "900000000"), false},
		{"of an unknown time, in a thread that begins here", ownToken, beginning, true},
		{"with capital letters", "018BCFE5-6800-7ABC-8DEF-0123456789AB", shown("", "0", "60001"), true},
		{"of another version", "018bcfe5-6800-4abc-8def-0123456789ab", shown("", "0", "60001"), false},
		{"with other letters", "018bcfe5-680x-7abc-8def-0123456789ab", shown("", "0", "60001"), false},
		{"without hyphens", "018bcfe5a6800-7abc-8def-0123456789ab", shown("", "0", "60001"), false},
		{"too short", "018bcfe5-6800-7abc-8def", shown("", "0", "60001"), false},
	} {
		none := 0
		d := newDeliverer(t, chatcore.Options{CallOptions: chatcore.CallOptions{SettleMs: &none}})
		call := d.deliver(t, start, test.token)
		list(call, start, test.page)
		if test.sends {
			posts(t, call)
		} else {
			unknown(t, call, test.token)
		}
	}
}

// TestOwnTokenAfterAnotherAttempt: an attempt of this client may be under way too, when its call has ended.
func TestOwnTokenAfterAnotherAttempt(t *testing.T) {
	for name, end := range map[string]func(*chatcore.Call){
		"abort":   func(c *chatcore.Call) { c.Abort(start+1000, assert.AnError) },
		"unknown": func(c *chatcore.Call) { c.NetworkFailed(start+1000, c.Step().Number, assert.AnError) },
	} {
		d := newDeliverer(t, chatcore.Options{Made: start - 100_000})
		d.unixMs += 100_000
		token := madeAt(d.unixMs)
		call := d.deliver(t, start, token)
		list(call, start, beginning)
		posts(t, call)
		end(call)
		if call.Step().Kind == chatcore.Wait {
			call.Abort(start+1000, assert.AnError)
		}
		again := d.deliver(t, start+1001, token)
		list(again, start+1001, beginning)
		assert.Equal(t, start+6000, elapse(t, again), name)
		list(again, start+6000, shown("", "0 token="+token))
		assert.Equal(t, "0", found(t, again))
	}
}

// TestBadIdempotencyTokens of messages.
func TestBadIdempotencyTokens(t *testing.T) {
	const problem = "must be true, or a text of 16 to 256"
	for text, want := range map[string]string{
		`"fifteen-letters"`: problem, `""`: problem, `"a token of sixteen"`: problem, `"ünicode-of-sixteen"`: problem, `"line-of-sixteen\n"`: problem,
		`"` + fmt.Sprintf("%0257d", 7) + `"`: problem, `false`: "must be true or a string, not false", `null`: "must be true or a string, not null", `1`: "must be true or a string, not a number",
	} {
		d := newDeliverer(t, chatcore.Options{})
		call := method(t, "sendMessage").Call(d.Client, at, `{"content":"Hi"}`, `{"idempotencyToken":`+text+`}`, "")
		call.Start(start)
		e := invalid(t, call.Step().Err, "sendMessage", "options.idempotencyToken")
		assert.Contains(t, e.Message, want, text)
	}
	for _, text := range []string{`true`, `"` + ownToken + `"`, `"sixteen-letters!"`, `"` + fmt.Sprintf("%0256d", 7) + `"`} {
		d := newDeliverer(t, chatcore.Options{})
		call := method(t, "sendMessage").Call(d.Client, at, `{"content":"Hi"}`, `{"idempotencyToken":`+text+`}`, "")
		call.Start(start)
		assert.Equal(t, chatcore.Send, call.Step().Kind, text)
	}

	d := newDeliverer(t, chatcore.Options{})
	call := begin(t, d.Client, sendMessage, start, chatcore.CallOptions{IdempotencyToken: "short"})
	invalid(t, call.Step().Err, "sendMessage", "options.idempotencyToken")
	call = method(t, "sendMessage").Call(d.Client, at, `{"content":"Hi","metadata":{"`+tokenName+`":"mine"}}`, `{"idempotencyToken":true}`, "")
	call.Start(start)
	invalid(t, call.Step().Err, "sendMessage", "metadata."+tokenName)

	client := newClient(t, chatcore.Options{}) // which can make none
	call = begin(t, client, sendMessage, start, chatcore.CallOptions{Idempotent: true})
	invalid(t, call.Step().Err, "sendMessage", "options.idempotencyToken")
	call = begin(t, client, sendMessage, start, chatcore.CallOptions{IdempotencyToken: ownToken})
	require.Equal(t, chatcore.Send, call.Step().Kind)
	list(call, start, beginning)
	call.Elapsed(start + 5000)
	list(call, start+5000, beginning)
	posts(t, call)
}

// TestOwnTokenAfterAnotherClient: what a closed client has sent may be under way when another of the same page looks.
func TestOwnTokenAfterAnotherClient(t *testing.T) {
	var unsettled chatcore.Instant
	shared := chatcore.Options{Made: start - 60_000, Unsettled: &unsettled}
	first, second := newDeliverer(t, shared), newDeliverer(t, shared)
	call := first.deliver(t, start, ownToken)
	list(call, start, beginning)
	posts(t, call)
	first.Close(start + 1000)
	e := failed(t, call, chatcore.Closed)
	assert.Equal(t, ownToken, e.IdempotencyToken)

	call = second.deliver(t, start+1001, ownToken)
	list(call, start+1001, beginning)
	assert.Equal(t, start+6000, elapse(t, call))
	looks(t, call)
}
