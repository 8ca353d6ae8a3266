package chatcore_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// uuidV7At returns a version 7 UUID that contains a time, in milliseconds since 1970.
func uuidV7At(unixMs int64) string {
	return fmt.Sprintf("%08x-%04x-7abc-8def-0123456789ab", unixMs>>16, unixMs&0xffff)
}

// TestCallerToken: a caller's token may have been sent before, so the client looks it up first.
func TestCallerToken(t *testing.T) {
	for _, token := range []string{callerToken, uuidV7At(startUnixMs), uuidV7At(startUnixMs - 1000), uuidV7At(startUnixMs + 1000), "MADE-" + uuid} {
		d := newSendOnceClient(t, chatcore.Options{})
		call := d.sendOnce(t, testStart, token)
		requireLookup(t, call)
		respondOK(call, testStart, messagesBefore("", "10", "20 token="+token))
		assert.Equal(t, "20", requireSent(t, call), "not sent again")

		d = newSendOnceClient(t, chatcore.Options{})
		call = d.sendOnce(t, testStart, token)
		respond(call, testStart, 403, "")
		assert.Equal(t, chatcore.Forbidden, requireError(t, requireDeliveryUnknown(t, call, token).Cause).Code)
	}
}

// TestCallerTokenSettleTime: the client sends a caller's token when a lookup that began settleMs after the client was made
// finds nothing.
func TestCallerTokenSettleTime(t *testing.T) {
	for _, test := range []struct {
		name  string
		token string
		age   chatcore.Instant // of the client
		waits chatcore.Instant
	}{
		{"new client", callerToken, 0, 5000},
		{"client younger than settleMs", callerToken, 2000, 3000},
		{"client as old as settleMs", callerToken, 5000, 0},
		{"token newer than the client: the clock may have been set", uuidV7At(startUnixMs), 0, 5000},
	} {
		d := newSendOnceClient(t, chatcore.Options{Made: testStart - test.age})
		call := d.sendOnce(t, testStart, test.token)
		requireLookup(t, call)
		respondOK(call, testStart, pageToThreadStart)
		if test.waits > 0 {
			assert.Equal(t, testStart+test.waits, elapseWait(t, call), test.name)
			requireLookup(t, call)
			respondOK(call, testStart+test.waits, pageToThreadStart)
		}
		assert.Equal(t, test.token, tokenInBody(t, requirePost(t, call)), test.name)
		respond(call, testStart+test.waits, 400, "")
		requireFailed(t, call, chatcore.BadRequest) // not DeliveryUnknown
	}
}

// TestCallerTokenLookupRange: a lookup reads back to the time in the token and a day more, or to the thread's start if it has
// none.
func TestCallerTokenLookupRange(t *testing.T) {
	for _, test := range []struct {
		name, token, page string
		sends             bool
	}{
		{"a second old, read far enough", uuidV7At(startUnixMs - 1000), messagesBefore("", "0", "86401001"), true},
		{"a second old, not read far enough", uuidV7At(startUnixMs - 1000), messagesBefore("", "0", "86401000"), false},
		{"an hour old", uuidV7At(startUnixMs - 3_600_000), messagesBefore("", "0", "90000001"), true},
		{"clock two days slow", uuidV7At(startUnixMs - 2*dayMs), messagesBefore("", "0", "259200001"), true},
		{"slightly in the future, read far enough", uuidV7At(startUnixMs + 100), messagesBefore("", "0", "86399901"), true},
		{"slightly in the future, not read far enough", uuidV7At(startUnixMs + 100), messagesBefore("", "0", "86399900"), false},
		{"more than a day in the future", uuidV7At(startUnixMs + dayMs + 1), messagesBefore("", "0", "900000000"), false},
		{"in the future, read to the thread's start", uuidV7At(startUnixMs + 100), pageToThreadStart, true},
		{"no time", callerToken, messagesBefore("", "0", "900000000"), false},
		{"no time, read to the thread's start", callerToken, pageToThreadStart, true},
		{"capital letters", "018BCFE5-6800-7ABC-8DEF-0123456789AB", messagesBefore("", "0", "86400001"), true},
		{"another UUID version", "018bcfe5-6800-4abc-8def-0123456789ab", messagesBefore("", "0", "86400001"), false},
		{"not hexadecimal", "018bcfe5-680x-7abc-8def-0123456789ab", messagesBefore("", "0", "86400001"), false},
		{"hyphen missing", "018bcfe5a6800-7abc-8def-0123456789ab", messagesBefore("", "0", "86400001"), false},
		{"too short", "018bcfe5-6800-7abc-8def", messagesBefore("", "0", "86400001"), false},
	} {
		none := 0
		d := newSendOnceClient(t, chatcore.Options{CallOptions: chatcore.CallOptions{SettleMs: &none}})
		call := d.sendOnce(t, testStart, test.token)
		respondOK(call, testStart, test.page)
		if test.sends {
			requirePost(t, call)
		} else {
			requireDeliveryUnknown(t, call, test.token)
		}
	}
}

// TestCallerTokenAfterAnotherAttempt: an attempt of this client may still be stored after its call has ended.
func TestCallerTokenAfterAnotherAttempt(t *testing.T) {
	for name, end := range map[string]func(*chatcore.Call){
		"abort":   func(c *chatcore.Call) { c.Abort(testStart+1000, assert.AnError) },
		"unknown": func(c *chatcore.Call) { c.NetworkFailed(testStart+1000, c.Step().Number, assert.AnError) },
	} {
		d := newSendOnceClient(t, chatcore.Options{Made: testStart - 100_000})
		d.unixMs += 100_000
		token := uuidV7At(d.unixMs)
		call := d.sendOnce(t, testStart, token)
		respondOK(call, testStart, pageToThreadStart)
		requirePost(t, call)
		end(call)
		if call.Step().Kind == chatcore.Wait {
			call.Abort(testStart+1000, assert.AnError)
		}
		again := d.sendOnce(t, testStart+1001, token)
		respondOK(again, testStart+1001, pageToThreadStart)
		assert.Equal(t, testStart+6000, elapseWait(t, again), name)
		respondOK(again, testStart+6000, messagesBefore("", "0 token="+token))
		assert.Equal(t, "0", requireSent(t, again))
	}
}

func TestInvalidIdempotencyTokens(t *testing.T) {
	const problem = "must be true or a string of 16 to 256 printable ASCII characters"
	for text, want := range map[string]string{
		`"fifteen-letters"`: problem, `""`: problem, `"a token of sixteen"`: problem, `"ünicode-of-sixteen"`: problem, `"line-of-sixteen\n"`: problem,
		`"` + fmt.Sprintf("%0257d", 7) + `"`: problem, `false`: "must be true or a string, not false", `null`: "must be true or a string, not null", `1`: "must be true or a string, not a number",
	} {
		d := newSendOnceClient(t, chatcore.Options{})
		call := methodNamed(t, "sendMessage").Call(d.Client, targetIDs, `{"content":"Hi"}`, `{"idempotencyToken":`+text+`}`, "")
		call.Start(testStart)
		e := requireInvalidArgument(t, call.Step().Err, "sendMessage", "options.idempotencyToken")
		assert.Contains(t, e.Message, want, text)
	}
	for _, text := range []string{`true`, `"` + callerToken + `"`, `"sixteen-letters!"`, `"` + fmt.Sprintf("%0256d", 7) + `"`} {
		d := newSendOnceClient(t, chatcore.Options{})
		call := methodNamed(t, "sendMessage").Call(d.Client, targetIDs, `{"content":"Hi"}`, `{"idempotencyToken":`+text+`}`, "")
		call.Start(testStart)
		grantLock(d.Client, call, testStart)
		assert.Equal(t, chatcore.Send, call.Step().Kind, text)
	}

	d := newSendOnceClient(t, chatcore.Options{})
	call := startCall(t, d.Client, sendMessage, testStart, chatcore.CallOptions{IdempotencyToken: "short"})
	requireInvalidArgument(t, call.Step().Err, "sendMessage", "options.idempotencyToken")
	call = methodNamed(t, "sendMessage").Call(d.Client, targetIDs, `{"content":"Hi","metadata":{"`+IdempotencyTokenName+`":"mine"}}`, `{"idempotencyToken":true}`, "")
	call.Start(testStart)
	requireInvalidArgument(t, call.Step().Err, "sendMessage", "metadata."+IdempotencyTokenName)

	client := newClient(t, chatcore.Options{}) // without NewIdempotencyToken
	call = startCall(t, client, sendMessage, testStart, chatcore.CallOptions{Idempotent: true})
	requireInvalidArgument(t, call.Step().Err, "sendMessage", "options.idempotencyToken")
	call = startCall(t, client, sendMessage, testStart, chatcore.CallOptions{IdempotencyToken: callerToken})
	grantLock(client, call, testStart)
	require.Equal(t, chatcore.Send, call.Step().Kind)
	respondOK(call, testStart, pageToThreadStart)
	call.Elapsed(testStart + 5000)
	respondOK(call, testStart+5000, pageToThreadStart)
	requirePost(t, call)
}

// TestCallerTokenAfterAnotherClient: an attempt of a closed client may still be stored when another client of the page looks it
// up.
func TestCallerTokenAfterAnotherClient(t *testing.T) {
	shared := chatcore.Options{Made: testStart - 60_000, Memory: chatcore.NewSendMemory()}
	first, second := newSendOnceClient(t, shared), newSendOnceClient(t, shared)
	call := first.sendOnce(t, testStart, callerToken)
	respondOK(call, testStart, pageToThreadStart)
	requirePost(t, call)
	first.Close(testStart + 1000)
	e := requireFailed(t, call, chatcore.Closed)
	assert.Equal(t, callerToken, e.IdempotencyToken)

	call = second.sendOnce(t, testStart+1001, callerToken)
	respondOK(call, testStart+1001, pageToThreadStart)
	assert.Equal(t, testStart+6000, elapseWait(t, call))
	requireLookup(t, call)
}

// TestAdoptAcrossClients: a client knows what other clients of the program have sent for the same user.
func TestAdoptAcrossClients(t *testing.T) {
	memory := chatcore.NewSendMemory()
	jane := chatcore.Options{Memory: memory, Token: jwt(`{"skypeid":"acs:jane"}`)}
	call := newSendOnceClient(t, jane).sendOnce(t, testStart, callerToken)
	respondOK(call, testStart, messagesBefore("", "20 by=8:acs:jane token="+callerToken))
	assert.Equal(t, "20", requireSent(t, call))

	for i := range int64(1999) { // other tokens
		memory.Made(uuidV7At(startUnixMs+i), testStart, startUnixMs)
		memory.Made(uuidV7At(startUnixMs+i), testStart, startUnixMs)
	}
	assert.Equal(t, "20", requireSent(t, newSendOnceClient(t, jane).sendOnce(t, testStart, callerToken)), "no lookup: the message may not be visible yet")
	defer func() {
		memory.Made(uuidV7At(1), testStart, startUnixMs)
		requireLookup(t, newSendOnceClient(t, jane).sendOnce(t, testStart, uuidV7At(startUnixMs))) // forgotten
		requirePost(t, newSendOnceClient(t, jane).sendOnce(t, testStart, uuidV7At(startUnixMs+5)))
	}()
	for name, o := range map[string]chatcore.Options{
		"user":     {Memory: memory, Token: jwt(`{"skypeid":"acs:joe"}`)},
		"endpoint": {Memory: memory, Token: jane.Token, Endpoint: "https://other.example"},
		"memory":   {Token: jane.Token},
	} {
		call := newSendOnceClient(t, o).sendOnce(t, testStart, callerToken)
		assert.Equal(t, chatcore.Send, call.Step().Kind, "another %s", name)
	}
	elsewhere := newSendOnceClient(t, jane).SendMessage("19:other@thread.v2", chatcore.SendChatMessageRequest{Content: "Hi"}, chatcore.CallOptions{IdempotencyToken: callerToken})
	elsewhere.Start(testStart)
	elsewhere.Locked(testStart, elsewhere.Step().Number, false)
	assert.Equal(t, chatcore.Send, elsewhere.Step().Kind)

	// A client without an access token learns its user when it gets one for the lookup.
	d := newSendOnceClient(t, chatcore.Options{Memory: memory, TokenCallback: true})
	call = d.sendOnce(t, testStart, callerToken)
	d.Token(testStart, d.TokenFlight(), jane.Token)
	respondOK(call, testStart, pageToThreadStart)
	assert.Equal(t, "20", requireSent(t, call))
}

// TestAdoptBeforeDeliveryUnknown: if another client of this user is known to have sent the message, an inconclusive lookup is a
// success.
func TestAdoptBeforeDeliveryUnknown(t *testing.T) {
	o := chatcore.Options{Memory: chatcore.NewSendMemory(), TokenCallback: true}
	first, second := newSendOnceClient(t, o), newSendOnceClient(t, o)
	call := first.sendOnce(t, testStart, callerToken)
	first.Token(testStart, first.TokenFlight(), secretToken)
	respondOK(call, testStart, messagesBefore("", "20 token="+callerToken))
	call = second.sendOnce(t, testStart, callerToken)
	second.Token(testStart, second.TokenFlight(), jwt(`{"skypeid":"acs:jane"}`))
	respondOK(call, testStart, messagesBefore("", "10"))
	requireDeliveryUnknown(t, call, callerToken)
	third := newSendOnceClient(t, o)
	call = third.sendOnce(t, testStart, callerToken)
	third.Token(testStart, third.TokenFlight(), secretToken)
	respondOK(call, testStart, messagesBefore("", "10"))
	assert.Equal(t, "20", requireSent(t, call))
}

// TestTokenMadeByThisProgram: an earlier page cannot have sent a token that this program made, so the client does not wait for
// settleMs.
func TestTokenMadeByThisProgram(t *testing.T) {
	for _, test := range []struct {
		name    string
		age     chatcore.Instant
		clock   int64 // milliseconds that the time of day has changed meanwhile
		looksUp bool
		happen  func(d *sendOnceClient, memory *chatcore.SendMemory)
	}{
		{name: "new"},
		{name: "a second old", age: 1000, clock: 1000},
		{name: "older than a second", age: 1001, clock: 1001, looksUp: true},
		{name: "the computer slept", age: 10, clock: 3_600_000, looksUp: true},
		{name: "the clock was set back", age: 2000, clock: -3_600_000, looksUp: true},
		{name: "the answer to another send was lost", age: 2000, looksUp: true, happen: func(d *sendOnceClient, _ *chatcore.SendMemory) {
			call := startCall(t, d.Client, sendMessage, testStart, chatcore.CallOptions{})
			call.NetworkFailed(testStart+1999, call.Step().Number, errAborted)
		}},
	} {
		memory, made := chatcore.NewSendMemory(), uuidV7At(startUnixMs)
		d := newSendOnceClient(t, chatcore.Options{Memory: memory, Made: testStart})
		memory.Made(made, testStart, startUnixMs)
		if test.happen != nil {
			test.happen(d, memory)
		}
		d.unixMs = startUnixMs + test.clock
		call := d.sendOnce(t, testStart+test.age, made)
		if test.looksUp {
			requireLookup(t, call)
			respondOK(call, testStart+test.age, pageToThreadStart)
		}
		assert.Equal(t, made, tokenInBody(t, requirePost(t, call)), test.name)
	}
}

// TestTokenSentByThisProgram: if this program has sent the token before, settleMs counts from the end of that attempt.
func TestTokenSentByThisProgram(t *testing.T) {
	memory, made := chatcore.NewSendMemory(), uuidV7At(startUnixMs)
	d := newSendOnceClient(t, chatcore.Options{Memory: memory, Made: testStart})
	memory.Made(made, testStart, startUnixMs)
	call := d.sendOnce(t, testStart, made)
	requirePost(t, call)
	call.Abort(testStart+100, errAborted)
	call = d.sendOnce(t, testStart+200, made)
	respondOK(call, testStart+200, pageToThreadStart)
	assert.Equal(t, testStart+5100, elapseWait(t, call))

	d = newSendOnceClient(t, chatcore.Options{Memory: chatcore.NewSendMemory(), Made: testStart})
	call = d.sendOnce(t, testStart, "")
	respond(call, testStart+10, 500, "")
	respondOK(call, elapseWait(t, call), "<html>")
	requireDeliveryUnknown(t, call, clientToken)
	call = d.sendOnce(t, testStart+2000, clientToken)
	respondOK(call, testStart+2000, pageToThreadStart)
	assert.Equal(t, testStart+5010, elapseWait(t, call), "a token that the client made itself")
	respondOK(call, testStart+5010, messagesBefore("", "10", "66000"))
	requirePost(t, call)
}

// TestLookupRangeAfterClockChange: the monotonic clock tells the age of this program's token. Another token may be a day older
// than its time says.
func TestLookupRangeAfterClockChange(t *testing.T) {
	const minute = 60_000
	fast := uuidV7At(startUnixMs + 10*minute) // made at startUnixMs, when the time of day was 10 minutes fast
	for _, test := range []struct {
		name  string
		made  bool
		pages []string
		want  string
	}{
		{"found", false, []string{messagesBefore("", "-1799000", fmt.Sprint(1, " token=", fast))}, "1"},
		{"other token, not read far enough", false, []string{messagesBefore("", "-1799000", "5000000")}, "unknown"},
		{"other token, read not quite a day before", false, []string{messagesBefore("", "-1799000", fmt.Sprint(dayMs-10*minute))}, "unknown"},
		{"other token, read a day before", false, []string{messagesBefore("", "-1799000", fmt.Sprint(dayMs-10*minute+1))}, "sent"},
		{"this program's token, read far enough", true, []string{messagesBefore("", "-1799000", "61001")}, "sent"},
		{"this program's token, not read far enough", true, []string{messagesBefore("", "-1799000", "60000")}, "unknown"},
	} {
		none := 0
		memory := chatcore.NewSendMemory()
		d := newSendOnceClient(t, chatcore.Options{Memory: memory, Made: testStart, CallOptions: chatcore.CallOptions{SettleMs: &none}})
		if test.made {
			memory.Made(fast, testStart, startUnixMs+10*minute)
		}
		d.unixMs = startUnixMs + 30*minute
		call := d.sendOnce(t, testStart+30*minute, fast)
		for _, page := range test.pages {
			requireLookup(t, call)
			respondOK(call, testStart+30*minute, page)
		}
		switch test.want {
		case "sent":
			requirePost(t, call)
		case "unknown":
			requireDeliveryUnknown(t, call, fast)
		default:
			assert.Equal(t, test.want, requireSent(t, call), test.name)
		}
	}
}

const dayMs = 24 * 60 * 60 * 1000

// TestEditedMessageWithoutToken: an edited message without a token may be the one looked for if it is not older than the token.
func TestEditedMessageWithoutToken(t *testing.T) {
	for page, sends := range map[string]bool{
		messagesBefore("", "10 made=20 edited", "60111"):                   false,
		messagesBefore("", "10 made=20 edited metadata", "60111"):          false,
		messagesBefore("", "10 made=20 deleted metadata", "60111"):         false,
		messagesBefore("", "10 made=70000 edited metadata", "60111"):       true,
		messagesBefore("", "10 made=70000 deleted", "60111"):               true,
		messagesBefore("", "10 made=20 edited token=another", "60111"):     true,
		messagesBefore("", "10 made=20 edited by=8:acs:joe", "60111"):      true,
		messagesBefore("", "10 id=abc edited by=8:acs:jane", "60111"):      false,
		messagesBefore("", "10 made=20 edited type=topicUpdated", "60111"): false,
	} {
		none := 0
		d := newSendOnceClient(t, chatcore.Options{Token: jwt(`{"skypeid":"acs:jane"}`), CallOptions: chatcore.CallOptions{SettleMs: &none}, Random: func() uint32 { return 0 }})
		call := d.sendOnce(t, testStart, "")
		respond(call, testStart+99, 503, "")
		respondOK(call, elapseWait(t, call), page)
		if sends {
			requirePost(t, call)
		} else {
			assert.Contains(t, requireDeliveryUnknown(t, call, clientToken).Message, "edited or deleted", page)
		}
	}
}

// TestBusyThread: a new token can be sent in a thread of 5,000 messages, 150 of them from the last day.
func TestBusyThread(t *testing.T) {
	var first, second []string
	for i := range 100 {
		first = append(first, fmt.Sprint(1000+i*500_000))
		before := 50_001_000 + i*500_000
		if i >= 50 {
			before = dayMs + i*500_000
		}
		second = append(second, fmt.Sprint(before))
	}
	first[3] += " edited made=100000000"
	d := newSendOnceClient(t, chatcore.Options{Made: testStart - 10_000})
	call := d.sendOnce(t, testStart, uuidV7At(startUnixMs))
	respondOK(call, testStart, messagesBefore(origin+"/2", first...))
	respondOK(call, testStart, messagesBefore(origin+"/3", second...))
	requireLookup(t, call) // second pass: a message may have moved to the first page meanwhile
	respondOK(call, testStart, messagesBefore(origin+"/2", first...))
	requirePost(t, call)
}

// TestResumedCallsLookUp: while the page was frozen, another page may have sent the same message. The client looks it up.
func TestResumedCallsLookUp(t *testing.T) {
	memory, made := chatcore.NewSendMemory(), uuidV7At(startUnixMs)
	d := newSendOnceClient(t, chatcore.Options{Memory: memory, Made: testStart - 60_000})
	memory.Made(made, testStart, startUnixMs)
	d.Resumed(testStart + 100)
	call := d.sendOnce(t, testStart+200, made)
	requireLookup(t, call)
	respondOK(call, testStart+200, pageToThreadStart)
	assert.Equal(t, testStart+5100, elapseWait(t, call))
	respondOK(call, testStart+5100, messagesBefore("", "0 token="+made))
	assert.Equal(t, "0", requireSent(t, call))
	requirePost(t, startCall(t, d.Client, sendMessage, testStart, chatcore.CallOptions{}))

	for name, reach := range map[string]func(d *sendOnceClient) *chatcore.Call{
		"waiting for the settle time": func(d *sendOnceClient) *chatcore.Call {
			call := d.sendOnce(t, testStart, made)
			respondOK(call, testStart, pageToThreadStart)
			waitDeadline(t, call)
			return call
		},
		"lookup": func(d *sendOnceClient) *chatcore.Call { return d.sendOnce(t, testStart, made) },
		"throttled": func(d *sendOnceClient) *chatcore.Call {
			refused := startCall(t, d.Client, sendMessage, testStart, chatcore.CallOptions{})
			respond429(refused, testStart, "5")
			refused.Abort(testStart, errAborted)
			call := d.sendOnce(t, testStart, made)
			respondOK(call, testStart, pageToThreadStart)
			call.Elapsed(testStart + 4000)
			if call.Step().Kind == chatcore.Send {
				respondOK(call, testStart+4000, pageToThreadStart)
			}
			waitDeadline(t, call)
			return call
		},
	} {
		settleMs := 4000
		d := newSendOnceClient(t, chatcore.Options{Made: testStart, CallOptions: chatcore.CallOptions{SettleMs: &settleMs}})
		call := reach(d)
		now := testStart + 4500
		d.Resumed(now)
		for range 10 {
			if step := call.Step(); step.Kind == chatcore.Wait {
				now = max(now, step.Deadline)
				call.Elapsed(now)
			} else if step.Kind == chatcore.Send {
				require.Equal(t, "GET", step.Request.Method, name)
				if now >= testStart+8500 {
					respondOK(call, now, messagesBefore("", "0 token="+made))
					break
				}
				respondOK(call, now, pageToThreadStart)
			}
		}
		assert.Equal(t, "0", requireSent(t, call), name)
	}
}
