//go:build !js

package e2e

import (
	"cmp"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/emulator"
)

// faultRow is a fault, and what the client makes of it: "resolves" or the code of the error, and after how many requests
// by the server's count, look-ups aside. What is left out is not tried.
type faultRow struct {
	name    string
	rules   []emulator.Rule // of the operation that is called, unless they name one
	gateway gateway         // what stands before the service at the first request; or nil
	options string          // of the client, beside those in inPage
	done    bool            // a call that fails has done its work all the same

	safe   string // what can be repeated with no harm: createThread, and what reads or changes what is there
	create string // if not as safe
	read   string // likewise
	change string // likewise
	typing string // sendTypingNotification, which is not worth repeating
	send   string // sendMessage without a token
	once   string // sendMessage with one
	looks  int    // requests of its look-up, where they do not depend on how fast everything goes

	status      int    // of the errors, where it is the same for all
	serviceCode string // likewise
	leastMs     int    // that a call takes which resolves
	mostMs      int
	retryMs     int    // retryAfterMs of the errors
	asked       []bool // forceRefresh, each time that the token callback was asked; nil: once
}

// one and always plant a fault for the first call, or for every one.
func one(rule emulator.Rule) []emulator.Rule {
	rule.Call = 1
	return []emulator.Rule{rule}
}

func always(rule emulator.Rule) []emulator.Rule { return []emulator.Rule{rule} }

// then adds a fault of the look-up.
func then(rules []emulator.Rule, lookUp emulator.Rule) []emulator.Rule {
	lookUp.Operation = "listMessages"
	return append(rules, lookUp)
}

const brief = `timeoutMs: 2000` // for what does not answer

// lost is how a fault ends that leaves open whether the work was done, and is over then.
func lost(name string, rule emulator.Rule, code string) []faultRow {
	row := func(name string, done bool, once string) faultRow {
		rule.After = done && !rule.Cut
		r := faultRow{name: name, rules: one(rule), done: done, safe: "resolves 2", typing: code + " 1", send: "DeliveryUnknown 1", once: once, status: rule.Status}
		if rule.Hang {
			r.options = brief
		}
		if rule.Cut {
			r.send = "resolves 1" // the headers say where the message is
		}
		return r
	}
	rows := []faultRow{row(name+" after the work", true, "resolves 1")}
	if !rule.Cut {
		rows = append(rows, row(name+" before the work", false, "resolves 2"))
	}
	return rows
}

// refused is how a fault ends that is a refusal, and no reason to try again.
func refused(status int, code, serviceCode string) faultRow {
	all := code + " 1"
	return faultRow{
		name: fmt.Sprint(status), rules: one(emulator.Rule{Status: status}), status: status, serviceCode: serviceCode,
		safe: all, typing: all, send: all, once: all,
	}
}

func faultRows() (rows []faultRow) {
	type rule = emulator.Rule
	for _, more := range [][]faultRow{
		lost("dropped", rule{Drop: true}, "NetworkError"),
		lost("without an answer", rule{Hang: true}, "Timeout"),
		lost("cut off", rule{Cut: true}, "NetworkError"),
		lost("408", rule{Status: 408}, "HttpError"),
		lost("500", rule{Status: 500}, "HttpError"),
		lost("502", rule{Status: 502}, "HttpError"),
		lost("502 from a gateway", rule{Status: 502, Body: "<h1>Bad Gateway</h1>", ContentType: "text/html"}, "HttpError"),
		lost("503", rule{Status: 503}, "ServiceUnavailable"),
		lost("504 with nothing in it", rule{Status: 504, Empty: true}, "HttpError"),
		{
			refused(400, "BadRequest", "BadRequest"),
			refused(403, "Forbidden", "Forbidden"),
			refused(404, "NotFound", "NotFound"),
			refused(412, "HttpError", "PreconditionFailed"),
			{name: "403 as observed", rules: one(rule{Status: 403, Observed: true}), status: 403, serviceCode: "Forbidden",
				safe: "Forbidden 1", typing: "Forbidden 1", send: "Forbidden 1", once: "Forbidden 1"},
			{name: "404 with a page", rules: one(rule{Status: 404, Body: "<h1>Not Found</h1>", ContentType: "text/html"}), status: 404,
				safe: "NotFound 1", typing: "NotFound 1", send: "NotFound 1", once: "NotFound 1"},
			{name: "501", rules: one(rule{Status: 501}), status: 501,
				safe: "HttpError 1", typing: "HttpError 1", send: "DeliveryUnknown 1", once: "resolves 2"},

			{name: "refused", rules: one(rule{Refuse: true}), safe: "resolves 2", typing: "NetworkError 1", send: "DeliveryUnknown 1", once: "resolves 2"},
			{name: "refused for good", rules: always(rule{Refuse: true}), safe: "NetworkError 4", typing: "NetworkError 1", send: "DeliveryUnknown 1", once: "DeliveryUnknown 4"},
			{name: "503 for good", rules: always(rule{Status: 503}), status: 503, safe: "ServiceUnavailable 4", typing: "ServiceUnavailable 1", send: "DeliveryUnknown 1", once: "DeliveryUnknown 4"},
			{name: "503 after the work for good", rules: always(rule{Status: 503, After: true}), done: true,
				safe: "ServiceUnavailable 4", typing: "ServiceUnavailable 1", send: "DeliveryUnknown 1", once: "resolves 1", looks: 1},
			{name: "dropped, without retries", rules: one(rule{Drop: true}), options: `retry: false`,
				safe: "NetworkError 1", typing: "NetworkError 1", send: "DeliveryUnknown 1", once: "DeliveryUnknown 1"},
			{name: "without an answer for good", rules: always(rule{Hang: true}), options: `totalTimeoutMs: 1500`,
				safe: "Timeout 1", typing: "Timeout 1", send: "DeliveryUnknown 1", once: "DeliveryUnknown 1"},
			{name: "slow", rules: one(rule{TrickleMs: 20}), safe: "resolves 1", typing: "resolves 1", send: "resolves 1", once: "resolves 1"},
			{name: "slow and cut off", rules: one(rule{TrickleMs: 20, Cut: true}), done: true,
				safe: "resolves 2", typing: "NetworkError 1", send: "resolves 1", once: "resolves 1"},

			// The preflight is refused, so that nothing arrives.
			{name: "without CORS", rules: one(rule{NoCORS: true}), safe: "resolves 1", typing: "NetworkError 0", send: "DeliveryUnknown 0", once: "resolves 1"},
			{name: "without CORS for good", rules: always(rule{NoCORS: true}), safe: "NetworkError 0", typing: "NetworkError 0", send: "DeliveryUnknown 0", once: "DeliveryUnknown 0"},
			{name: "an answer without CORS", rules: one(rule{NoCORS: true, After: true}), done: true, looks: 1,
				safe: "resolves 2", typing: "NetworkError 1", send: "DeliveryUnknown 1", once: "resolves 1"},

			{name: "401", rules: one(rule{Status: 401}), asked: []bool{false, true}, safe: "resolves 2", typing: "resolves 2", send: "resolves 2", once: "resolves 2"},
			{name: "401 as observed", rules: one(rule{Status: 401, Observed: true}), asked: []bool{false, true}, safe: "resolves 2", typing: "resolves 2", send: "resolves 2", once: "resolves 2"},
			{name: "401 for good", rules: always(rule{Status: 401, Empty: true}), asked: []bool{false, true}, status: 401,
				safe: "Unauthorized 2", typing: "Unauthorized 2", send: "Unauthorized 2", once: "Unauthorized 2"},
			{name: "401 to a fixed token", rules: always(rule{Status: 401}), options: `token: cell.Token`, asked: []bool{}, status: 401,
				safe: "Unauthorized 1", typing: "Unauthorized 1", send: "Unauthorized 1", once: "Unauthorized 1"},

			{name: "429", rules: one(rule{Status: 429}), safe: "resolves 2", typing: "TooManyRequests 1", send: "resolves 2", once: "resolves 2"},
			{name: "429 with a wait that is hidden", rules: one(rule{Status: 429, RetryAfter: 20}), mostMs: 10_000,
				safe: "resolves 2", typing: "TooManyRequests 1", send: "resolves 2", once: "resolves 2"},
			{name: "429 with a wait to be seen", rules: one(rule{Status: 429, RetryAfter: 1, ExposeRetryAfter: true}), leastMs: 1000, retryMs: 1000,
				safe: "resolves 2", typing: "TooManyRequests 1", send: "resolves 2", once: "resolves 2"},
			{name: "503 with a wait to be seen", rules: one(rule{Status: 503, RetryAfter: 1, ExposeRetryAfter: true}), leastMs: 1000, retryMs: 1000,
				safe: "resolves 2", typing: "ServiceUnavailable 1", send: "DeliveryUnknown 1", once: "resolves 2"},
			{name: "429 with a wait too long", rules: one(rule{Status: 429, RetryAfter: 3600, ExposeRetryAfter: true}), retryMs: 3_600_000,
				safe: "TooManyRequests 1", typing: "TooManyRequests 1", send: "TooManyRequests 1", once: "TooManyRequests 1"},
			{name: "429 for good", rules: always(rule{Status: 429, Observed: true}), status: 429, serviceCode: "TooManyRequests",
				safe: "TooManyRequests 4", typing: "TooManyRequests 1", send: "TooManyRequests 4", once: "TooManyRequests 4"},

			{name: "a page with status 200", gateway: portal, status: 200,
				create: "HttpError 1", read: "ParseError 1", change: "HttpError 1", typing: "HttpError 1", send: "DeliveryUnknown 1", once: "resolves 2"},

			{name: "half an answer that claims to be whole", gateway: halved, done: true,
				create: "ParseError 1", read: "ParseError 1", change: "resolves 1", typing: "resolves 1", send: "resolves 1", once: "resolves 1"},
			{name: "the same with no Location", gateway: nowhere, done: true, send: "DeliveryUnknown 1", once: "resolves 1", looks: 1},

			{name: "visible late", rules: one(rule{Operation: "sendMessage", VisibleAfterMs: 1200}), send: "resolves 1", once: "resolves 1"},
			{name: "dropped, and visible late", rules: one(rule{Operation: "sendMessage", VisibleAfterMs: 1200, Drop: true, After: true}), options: `settleMs: 1500`, done: true,
				send: "DeliveryUnknown 1", once: "resolves 1"},
			{name: "a look-up that is dropped", rules: then(one(rule{Operation: "sendMessage", Drop: true, After: true}), rule{Call: 1, Drop: true}), done: true, once: "resolves 1", looks: 2},
			{name: "a look-up that is a 429", rules: then(one(rule{Operation: "sendMessage", Drop: true, After: true}), rule{Call: 1, Status: 429}), done: true, once: "resolves 1", looks: 2},
			{name: "a look-up that is a 401", rules: then(one(rule{Operation: "sendMessage", Drop: true, After: true}), rule{Call: 1, Status: 401}), done: true, asked: []bool{false, true}, once: "resolves 1", looks: 2},
			{name: "a look-up that is a 403", rules: then(one(rule{Operation: "sendMessage", Drop: true, After: true}), rule{Call: 1, Status: 403}), done: true, status: 403, once: "DeliveryUnknown 1", looks: 1},
			{name: "a look-up that fails for good", rules: then(one(rule{Operation: "sendMessage", Drop: true, After: true}), rule{Status: 503}), done: true, status: 503, once: "DeliveryUnknown 1", looks: 4},
			{name: "nothing to be found, and look-ups that fail", rules: then(one(rule{Operation: "sendMessage", Drop: true}), rule{Status: 503}), status: 503, once: "DeliveryUnknown 1", looks: 4},
		},
	} {
		rows = append(rows, more...)
	}
	return rows
}

// TestFaults has every operation meet every fault, in a page and over HTTP, and compares what the page is told with what has
// happened.
func TestFaults(t *testing.T) {
	var cells []*cell
	for _, row := range faultRows() {
		create, read, change := cmp.Or(row.create, row.safe), cmp.Or(row.read, row.safe), cmp.Or(row.change, row.safe)
		for _, call := range []struct{ operation, want string }{
			{"createThread", create}, {"getMessage", read}, {"listMessages", read}, {"updateMessage", change}, {"deleteMessage", change},
			{"sendTypingNotification", row.typing}, {"sendMessage", row.send}, {"sendMessage once", row.once},
		} {
			if call.want != "" {
				cells = append(cells, newCell(t, row, call.operation, call.want))
			}
		}
	}
	site := newSite(t)
	tab := site.openClient(t, site.emulator.NewUser())
	for i, got := range tab.call(cells) {
		t.Run(cells[i].row.name+"/"+cells[i].Operation, func(t *testing.T) { cells[i].check(t, got) })
	}
	tab.requireQuiet()
}

// A page that does not find out whether its message was sent leaves that to the next one, which has the token alone.
func TestSentAgainByAnotherPage(t *testing.T) {
	for name, rule := range map[string]emulator.Rule{
		"it was sent":     {Operation: "sendMessage", Call: 1, Drop: true, After: true},
		"it was not sent": {Operation: "sendMessage", Call: 1, Drop: true},
	} {
		t.Run(name, func(t *testing.T) {
			site := newSite(t)
			jane := site.emulator.NewUser()
			site.post(t, "/chat/threads", jane, `{"topic":"Lunch"}`)
			threadID := site.emulator.Threads()[0].ID
			site.emulator.Fail(rule)
			site.emulator.Fail(emulator.Rule{Operation: "listMessages", Call: 1, Times: 4, Status: 503})
			site.emulator.Fail(emulator.Rule{Operation: "deleteIdentity", Status: 500}) // see newCell

			const send = `client.sendMessage(%q, { content: "Hi" }, { idempotencyToken, retry: { baseDelayMs: 0 }, settleMs: 300 })`
			var unknown struct{ Code, Token, IdempotencyToken string }
			site.openClient(t, jane).evaluate(fmt.Sprintf(`import("./chat.js").then(({ newIdempotencyToken }) => {
				const idempotencyToken = newIdempotencyToken();
				return `+send+`.catch((e) => ({ ...e, token: idempotencyToken }));
			})`, threadID), &unknown)
			assert.Equal(t, "DeliveryUnknown", unknown.Code)
			assert.Equal(t, unknown.Token, unknown.IdempotencyToken)

			var sent struct{ ID string }
			site.openClient(t, jane).evaluate(fmt.Sprintf(`((idempotencyToken) => `+send+`)(%q)`, threadID, unknown.Token), &sent)
			messages := site.emulator.Threads()[0].Messages[2:]
			require.Len(t, messages, 1)
			assert.Equal(t, messages[0].ID, sent.ID)
			assert.Equal(t, unknown.Token, messages[0].Metadata["acschat.idempotencyToken"])
		})
	}
}
