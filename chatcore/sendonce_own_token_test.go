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
		list(call, start, firstLine)
		if test.waits > 0 {
			assert.Equal(t, start+test.waits, elapse(t, call), test.name)
			looks(t, call)
			list(call, start+test.waits, firstLine)
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
		{"a second old", madeAt(noon - 1000), shown("", "0", "86401001"), true},
		{"a second old, and the page is not older", madeAt(noon - 1000), shown("", "0", "86401000"), false},
		{"an hour old", madeAt(noon - 3_600_000), shown("", "0", "90000001"), true},
		{"by a clock that is two days slow", madeAt(noon - 2*dayMs), shown("", "0", "259200001"), true},
		{"of a little in the future", madeAt(noon + 100), shown("", "0", "86399901"), true},
		{"of a little in the future, and the page is not older", madeAt(noon + 100), shown("", "0", "86399900"), false},
		{"of the far future", madeAt(noon + dayMs + 1), shown("", "0", "900000000"), false},
		{"of the future, in a thread that begins here", madeAt(noon + 100), firstLine, true},
		{"of an unknown time", ownToken, shown("", "0", "900000000"), false},
		{"of an unknown time, in a thread that begins here", ownToken, firstLine, true},
		{"with capital letters", "018BCFE5-6800-7ABC-8DEF-0123456789AB", shown("", "0", "86400001"), true},
		{"of another version", "018bcfe5-6800-4abc-8def-0123456789ab", shown("", "0", "86400001"), false},
		{"with other letters", "018bcfe5-680x-7abc-8def-0123456789ab", shown("", "0", "86400001"), false},
		{"without hyphens", "018bcfe5a6800-7abc-8def-0123456789ab", shown("", "0", "86400001"), false},
		{"too short", "018bcfe5-6800-7abc-8def", shown("", "0", "86400001"), false},
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
		list(call, start, firstLine)
		posts(t, call)
		end(call)
		if call.Step().Kind == chatcore.Wait {
			call.Abort(start+1000, assert.AnError)
		}
		again := d.deliver(t, start+1001, token)
		list(again, start+1001, firstLine)
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
		lock(d.Client, call, start)
		assert.Equal(t, chatcore.Send, call.Step().Kind, text)
	}

	d := newDeliverer(t, chatcore.Options{})
	call := begin(t, d.Client, sendMessage, start, chatcore.CallOptions{IdempotencyToken: "short"})
	invalid(t, call.Step().Err, "sendMessage", "options.idempotencyToken")
	call = method(t, "sendMessage").Call(d.Client, at, `{"content":"Hi","metadata":{"`+tokenMetadataKey+`":"mine"}}`, `{"idempotencyToken":true}`, "")
	call.Start(start)
	invalid(t, call.Step().Err, "sendMessage", "metadata."+tokenMetadataKey)

	client := newClient(t, chatcore.Options{}) // which can make none
	call = begin(t, client, sendMessage, start, chatcore.CallOptions{Idempotent: true})
	invalid(t, call.Step().Err, "sendMessage", "options.idempotencyToken")
	call = begin(t, client, sendMessage, start, chatcore.CallOptions{IdempotencyToken: ownToken})
	lock(client, call, start)
	require.Equal(t, chatcore.Send, call.Step().Kind)
	list(call, start, firstLine)
	call.Elapsed(start + 5000)
	list(call, start+5000, firstLine)
	posts(t, call)
}

// TestOwnTokenAfterAnotherClient: what a closed client has sent may be under way when another of the same page looks.
func TestOwnTokenAfterAnotherClient(t *testing.T) {
	shared := chatcore.Options{Made: start - 60_000, Memory: chatcore.NewSendMemory()}
	first, second := newDeliverer(t, shared), newDeliverer(t, shared)
	call := first.deliver(t, start, ownToken)
	list(call, start, firstLine)
	posts(t, call)
	first.Close(start + 1000)
	e := failed(t, call, chatcore.Closed)
	assert.Equal(t, ownToken, e.IdempotencyToken)

	call = second.deliver(t, start+1001, ownToken)
	list(call, start+1001, firstLine)
	assert.Equal(t, start+6000, elapse(t, call))
	looks(t, call)
}

// TestAdoption: what one client has sent, another of the same program takes for sent, unless it is another user's.
func TestAdoption(t *testing.T) {
	memory := chatcore.NewSendMemory()
	jane := chatcore.Options{Memory: memory, Token: jwt(`{"skypeid":"acs:jane"}`)}
	call := newDeliverer(t, jane).deliver(t, start, ownToken)
	list(call, start, shown("", "20 by=8:acs:jane token="+ownToken))
	assert.Equal(t, "20", found(t, call))

	for i := range 1999 { // others made since
		memory.Made(madeAt(noon+i), start, noon)
		memory.Made(madeAt(noon+i), start, noon)
	}
	assert.Equal(t, "20", found(t, newDeliverer(t, jane).deliver(t, start, ownToken)), "it may not be visible yet")
	defer func() {
		memory.Made(madeAt(1), start, noon)
		looks(t, newDeliverer(t, jane).deliver(t, start, madeAt(noon))) // forgotten
		posts(t, newDeliverer(t, jane).deliver(t, start, madeAt(noon+5)))
	}()
	for name, o := range map[string]chatcore.Options{
		"user":     {Memory: memory, Token: jwt(`{"skypeid":"acs:joe"}`)},
		"endpoint": {Memory: memory, Token: jane.Token, Endpoint: "https://other.example"},
		"memory":   {Token: jane.Token},
	} {
		call := newDeliverer(t, o).deliver(t, start, ownToken)
		assert.Equal(t, chatcore.Send, call.Step().Kind, "another %s", name)
	}
	elsewhere := newDeliverer(t, jane).SendMessage("19:other@thread.v2", chatcore.SendChatMessageRequest{Content: "Hi"}, chatcore.CallOptions{IdempotencyToken: ownToken})
	elsewhere.Start(start)
	elsewhere.Locked(start, elsewhere.Step().Number, false)
	assert.Equal(t, chatcore.Send, elsewhere.Step().Kind)

	// A client that has no access token yet learns whose it is with the look-up.
	d := newDeliverer(t, chatcore.Options{Memory: memory, TokenCallback: true})
	call = d.deliver(t, start, ownToken)
	d.Token(start, d.TokenFlight(), jane.Token)
	list(call, start, firstLine)
	assert.Equal(t, "20", found(t, call))
}

// TestAdoptionBeforeGivingUp: what is known to be sent is not in doubt, however little the thread shows.
func TestAdoptionBeforeGivingUp(t *testing.T) {
	o := chatcore.Options{Memory: chatcore.NewSendMemory(), TokenCallback: true}
	first, second := newDeliverer(t, o), newDeliverer(t, o)
	call := first.deliver(t, start, ownToken)
	first.Token(start, first.TokenFlight(), secret)
	list(call, start, shown("", "20 token="+ownToken))
	call = second.deliver(t, start, ownToken)
	second.Token(start, second.TokenFlight(), jwt(`{"skypeid":"acs:jane"}`))
	list(call, start, shown("", "10"))
	unknown(t, call, ownToken)
	third := newDeliverer(t, o)
	call = third.deliver(t, start, ownToken)
	third.Token(start, third.TokenFlight(), secret)
	list(call, start, shown("", "10"))
	assert.Equal(t, "20", found(t, call))
}

// TestTokenThatThisProgramMade has not been sent by an earlier page: nothing has to settle.
func TestTokenThatThisProgramMade(t *testing.T) {
	for _, test := range []struct {
		name   string
		age    chatcore.Instant
		clock  int // how the time of day has moved meanwhile
		looks  bool
		happen func(d *deliverer, memory *chatcore.SendMemory)
	}{
		{name: "at once"},
		{name: "a second old", age: 1000, clock: 1000},
		{name: "older", age: 1001, clock: 1001, looks: true},
		{name: "on a computer that has slept", age: 10, clock: 3_600_000, looks: true},
		{name: "the clock was set back", age: 2000, clock: -3_600_000, looks: true},
		{name: "another token has been lost", age: 2000, looks: true, happen: func(d *deliverer, _ *chatcore.SendMemory) {
			call := begin(t, d.Client, sendMessage, start, chatcore.CallOptions{})
			call.NetworkFailed(start+1999, call.Step().Number, errAborted)
		}},
	} {
		memory, made := chatcore.NewSendMemory(), madeAt(noon)
		d := newDeliverer(t, chatcore.Options{Memory: memory, Made: start})
		memory.Made(made, start, noon)
		if test.happen != nil {
			test.happen(d, memory)
		}
		d.unixMs = noon + test.clock
		call := d.deliver(t, start+test.age, made)
		if test.looks {
			looks(t, call)
			list(call, start+test.age, firstLine)
		}
		assert.Equal(t, made, tokenOf(t, posts(t, call)), test.name)
	}
}

// TestTokenThatWasSentBefore: by this program, so that only what is lost since has to settle.
func TestTokenThatWasSentBefore(t *testing.T) {
	memory, made := chatcore.NewSendMemory(), madeAt(noon)
	d := newDeliverer(t, chatcore.Options{Memory: memory, Made: start})
	memory.Made(made, start, noon)
	call := d.deliver(t, start, made)
	posts(t, call)
	call.Abort(start+100, errAborted)
	call = d.deliver(t, start+200, made)
	list(call, start+200, firstLine)
	assert.Equal(t, start+5100, elapse(t, call))

	d = newDeliverer(t, chatcore.Options{Memory: chatcore.NewSendMemory(), Made: start})
	call = d.deliver(t, start, "")
	answer(call, start+10, 500, "")
	list(call, elapse(t, call), "<html>")
	unknown(t, call, madeToken)
	call = d.deliver(t, start+2000, madeToken)
	list(call, start+2000, firstLine)
	assert.Equal(t, start+5010, elapse(t, call), "one that the client made for itself is known, too")
	list(call, start+5010, shown("", "10", "66000"))
	posts(t, call)
}

// TestClockThatWasSet: a token of this program is as old as the clock says that cannot be set; another may be a day older
// than it says.
func TestClockThatWasSet(t *testing.T) {
	const minute = 60_000
	fast := madeAt(noon + 10*minute) // made at noon, when the time of day was 10 minutes fast
	for _, test := range []struct {
		name  string
		made  bool
		pages []string
		want  string
	}{
		{"found", false, []string{shown("", "-1799000", fmt.Sprint(1, " token=", fast))}, "1"},
		{"not far enough", false, []string{shown("", "-1799000", "5000000")}, "unknown"},
		{"not quite a day before", false, []string{shown("", "-1799000", fmt.Sprint(dayMs-10*minute))}, "unknown"},
		{"a day before", false, []string{shown("", "-1799000", fmt.Sprint(dayMs-10*minute+1))}, "sent"},
		{"of this program", true, []string{shown("", "-1799000", "61001")}, "sent"},
		{"of this program, not far enough", true, []string{shown("", "-1799000", "60000")}, "unknown"},
	} {
		none := 0
		memory := chatcore.NewSendMemory()
		d := newDeliverer(t, chatcore.Options{Memory: memory, Made: start, CallOptions: chatcore.CallOptions{SettleMs: &none}})
		if test.made {
			memory.Made(fast, start, noon+10*minute)
		}
		d.unixMs = noon + 30*minute
		call := d.deliver(t, start+30*minute, fast)
		for _, page := range test.pages {
			looks(t, call)
			list(call, start+30*minute, page)
		}
		switch test.want {
		case "sent":
			posts(t, call)
		case "unknown":
			unknown(t, call, fast)
		default:
			assert.Equal(t, test.want, found(t, call), test.name)
		}
	}
}

const dayMs = 24 * 60 * 60 * 1000

// TestEditedWithoutItsToken: a message that has lost its token in an edit may be the one, if it is not older than the token.
func TestEditedWithoutItsToken(t *testing.T) {
	for page, sends := range map[string]bool{
		shown("", "10 made=20 edited", "60111"):                   false,
		shown("", "10 made=20 edited metadata", "60111"):          false,
		shown("", "10 made=20 deleted metadata", "60111"):         false,
		shown("", "10 made=70000 edited metadata", "60111"):       true,
		shown("", "10 made=70000 deleted", "60111"):               true,
		shown("", "10 made=20 edited token=another", "60111"):     true,
		shown("", "10 made=20 edited by=8:acs:joe", "60111"):      true,
		shown("", "10 id=abc edited by=8:acs:jane", "60111"):      false,
		shown("", "10 made=20 edited type=topicUpdated", "60111"): false,
	} {
		none := 0
		d := newDeliverer(t, chatcore.Options{Token: jwt(`{"skypeid":"acs:jane"}`), CallOptions: chatcore.CallOptions{SettleMs: &none}, Random: func() uint32 { return 0 }})
		call := d.deliver(t, start, "")
		answer(call, start+99, 503, "")
		list(call, elapse(t, call), page)
		if sends {
			posts(t, call)
		} else {
			assert.Contains(t, unknown(t, call, madeToken).Message, "edited or deleted", page)
		}
	}
}

// TestBusyThread: a fresh token is sent in a thread of 5,000 messages, 150 of them from the last day.
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
	d := newDeliverer(t, chatcore.Options{Made: start - 10_000})
	call := d.deliver(t, start, madeAt(noon))
	list(call, start, shown(origin+"/2", first...))
	list(call, start, shown(origin+"/3", second...))
	looks(t, call) // for what has moved to the front meanwhile
	list(call, start, shown(origin+"/2", first...))
	posts(t, call)
}

// TestResumed: while the page was frozen, another may have sent what it was about to send.
func TestResumed(t *testing.T) {
	memory, made := chatcore.NewSendMemory(), madeAt(noon)
	d := newDeliverer(t, chatcore.Options{Memory: memory, Made: start - 60_000})
	memory.Made(made, start, noon)
	d.Resumed(start + 100)
	call := d.deliver(t, start+200, made)
	looks(t, call)
	list(call, start+200, firstLine)
	assert.Equal(t, start+5100, elapse(t, call))
	list(call, start+5100, shown("", "0 token="+made))
	assert.Equal(t, "0", found(t, call))
	posts(t, begin(t, d.Client, sendMessage, start, chatcore.CallOptions{}))

	for name, reach := range map[string]func(d *deliverer) *chatcore.Call{
		"waiting for all to be settled": func(d *deliverer) *chatcore.Call {
			call := d.deliver(t, start, made)
			list(call, start, firstLine)
			due(t, call)
			return call
		},
		"looking": func(d *deliverer) *chatcore.Call { return d.deliver(t, start, made) },
		"held back": func(d *deliverer) *chatcore.Call {
			refused := begin(t, d.Client, sendMessage, start, chatcore.CallOptions{})
			refuse(refused, start, "5")
			refused.Abort(start, errAborted)
			call := d.deliver(t, start, made)
			list(call, start, firstLine)
			call.Elapsed(start + 4000)
			if call.Step().Kind == chatcore.Send {
				list(call, start+4000, firstLine)
			}
			due(t, call)
			return call
		},
	} {
		settleMs := 4000
		d := newDeliverer(t, chatcore.Options{Made: start, CallOptions: chatcore.CallOptions{SettleMs: &settleMs}})
		call := reach(d)
		now := start + 4500
		d.Resumed(now)
		for range 10 {
			if step := call.Step(); step.Kind == chatcore.Wait {
				now = max(now, step.Deadline)
				call.Elapsed(now)
			} else if step.Kind == chatcore.Send {
				require.Equal(t, "GET", step.Request.Method, name)
				if now >= start+8500 {
					list(call, now, shown("", "0 token="+made))
					break
				}
				list(call, now, firstLine)
			}
		}
		assert.Equal(t, "0", found(t, call), name)
	}
}
