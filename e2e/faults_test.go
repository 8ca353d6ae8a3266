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

// faultRow is a fault, and the expected outcomes: "resolves" or the error's code, and the number of requests that the server received, without
// lookups. An operation without an expected outcome is not called.
type faultRow struct {
	name    string
	rules   []emulator.Rule // for the operation that is called, unless they name another
	gateway gateway         // answers the first request instead of the service; or nil
	options string          // further options of the client, in JavaScript
	done    bool            // the operation is done even if the call fails

	safe    string // operations that the client may repeat: createThread, reads and changes
	create  string // createThread, if it differs from safe
	read    string // reads, if they differ from safe
	change  string // changes, if they differ from safe
	typing  string // sendTypingNotification, which the client does not repeat
	send    string // sendMessage without a token
	once    string // sendMessage with a token
	lookups int    // requests of its lookup, or 0 if the number depends on timing

	status      int    // of all errors; 0 if they differ
	serviceCode string // of all errors; "" if they differ
	leastMs     int    // minimum duration of a call that resolves
	mostMs      int    // maximum duration, or 0
	retryMs     int    // retryAfterMs of the errors
	asked       []bool // forceRefresh of each call of the token callback; nil means one call with false
}

// one returns a fault for the first call.
func one(rule emulator.Rule) []emulator.Rule {
	rule.Call = 1
	return []emulator.Rule{rule}
}

// always returns a fault for every call.
func always(rule emulator.Rule) []emulator.Rule { return []emulator.Rule{rule} }

// then adds a fault for the lookup.
func then(rules []emulator.Rule, lookup emulator.Rule) []emulator.Rule {
	lookup.Operation = "listMessages"
	return append(rules, lookup)
}

const brief = `timeoutMs: 2000` // for requests without an answer

// lost returns the rows of a fault of one request after which the client does not know whether the operation was done.
func lost(name string, rule emulator.Rule, code string) []faultRow {
	row := func(name string, done bool, once string) faultRow {
		rule.After = done && !rule.Cut
		r := faultRow{name: name, rules: one(rule), done: done, safe: "resolves 2", typing: code + " 1", send: "DeliveryUnknown 1", once: once, status: rule.Status}
		if rule.Hang {
			r.options = brief
		}
		if rule.Cut {
			r.send = "resolves 1" // the header Location contains the message's id
		}
		return r
	}
	rows := []faultRow{row(name+" after the work", true, "resolves 1")}
	if !rule.Cut {
		rows = append(rows, row(name+" before the work", false, "resolves 2"))
	}
	return rows
}

// refused returns the row of a status that refuses the operation. The client does not retry.
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
		lost("504 without a body", rule{Status: 504, Empty: true}, "HttpError"),
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
			{name: "always refused", rules: always(rule{Refuse: true}), safe: "NetworkError 4", typing: "NetworkError 1", send: "DeliveryUnknown 1", once: "DeliveryUnknown 4"},
			{name: "always 503", rules: always(rule{Status: 503}), status: 503, safe: "ServiceUnavailable 4", typing: "ServiceUnavailable 1", send: "DeliveryUnknown 1", once: "DeliveryUnknown 4"},
			{name: "always 503 after the work", rules: always(rule{Status: 503, After: true}), done: true,
				safe: "ServiceUnavailable 4", typing: "ServiceUnavailable 1", send: "DeliveryUnknown 1", once: "resolves 1", lookups: 1},
			{name: "dropped, without retries", rules: one(rule{Drop: true}), options: `retry: false`,
				safe: "NetworkError 1", typing: "NetworkError 1", send: "DeliveryUnknown 1", once: "DeliveryUnknown 1"},
			{name: "never an answer", rules: always(rule{Hang: true}), options: `totalTimeoutMs: 1500`,
				safe: "Timeout 1", typing: "Timeout 1", send: "DeliveryUnknown 1", once: "DeliveryUnknown 1"},
			{name: "slow", rules: one(rule{TrickleMs: 20}), safe: "resolves 1", typing: "resolves 1", send: "resolves 1", once: "resolves 1"},
			{name: "slow and cut off", rules: one(rule{TrickleMs: 20, Cut: true}), done: true,
				safe: "resolves 2", typing: "NetworkError 1", send: "resolves 1", once: "resolves 1"},

			// The preflight is refused, so no request arrives.
			{name: "without CORS", rules: one(rule{NoCORS: true}), safe: "resolves 1", typing: "NetworkError 0", send: "DeliveryUnknown 0", once: "resolves 1"},
			{name: "always without CORS", rules: always(rule{NoCORS: true}), safe: "NetworkError 0", typing: "NetworkError 0", send: "DeliveryUnknown 0", once: "DeliveryUnknown 0"},
			{name: "an answer without CORS", rules: one(rule{NoCORS: true, After: true}), done: true, lookups: 1,
				safe: "resolves 2", typing: "NetworkError 1", send: "DeliveryUnknown 1", once: "resolves 1"},

			{name: "401", rules: one(rule{Status: 401}), asked: []bool{false, true}, safe: "resolves 2", typing: "resolves 2", send: "resolves 2", once: "resolves 2"},
			{name: "401 as observed", rules: one(rule{Status: 401, Observed: true}), asked: []bool{false, true}, safe: "resolves 2", typing: "resolves 2", send: "resolves 2", once: "resolves 2"},
			{name: "always 401", rules: always(rule{Status: 401, Empty: true}), asked: []bool{false, true}, status: 401,
				safe: "Unauthorized 2", typing: "Unauthorized 2", send: "Unauthorized 2", once: "Unauthorized 2"},
			{name: "401 to a fixed token", rules: always(rule{Status: 401}), options: `token: cell.Token`, asked: []bool{}, status: 401,
				safe: "Unauthorized 1", typing: "Unauthorized 1", send: "Unauthorized 1", once: "Unauthorized 1"},

			{name: "429", rules: one(rule{Status: 429}), safe: "resolves 2", typing: "TooManyRequests 1", send: "resolves 2", once: "resolves 2"},
			{name: "429 with a Retry-After that CORS hides", rules: one(rule{Status: 429, RetryAfter: 20}), mostMs: 10_000,
				safe: "resolves 2", typing: "TooManyRequests 1", send: "resolves 2", once: "resolves 2"},
			{name: "429 with Retry-After", rules: one(rule{Status: 429, RetryAfter: 1, ExposeRetryAfter: true}), leastMs: 1000, retryMs: 1000,
				safe: "resolves 2", typing: "TooManyRequests 1", send: "resolves 2", once: "resolves 2"},
			{name: "503 with Retry-After", rules: one(rule{Status: 503, RetryAfter: 1, ExposeRetryAfter: true}), leastMs: 1000, retryMs: 1000,
				safe: "resolves 2", typing: "ServiceUnavailable 1", send: "DeliveryUnknown 1", once: "resolves 2"},
			{name: "429 with a Retry-After that is too long", rules: one(rule{Status: 429, RetryAfter: 3600, ExposeRetryAfter: true}), retryMs: 3_600_000,
				safe: "TooManyRequests 1", typing: "TooManyRequests 1", send: "TooManyRequests 1", once: "TooManyRequests 1"},
			{name: "always 429", rules: always(rule{Status: 429, Observed: true}), status: 429, serviceCode: "TooManyRequests",
				safe: "TooManyRequests 4", typing: "TooManyRequests 1", send: "TooManyRequests 4", once: "TooManyRequests 4"},

			{name: "a page with status 200", gateway: portal, status: 200,
				create: "HttpError 1", read: "ParseError 1", change: "HttpError 1", typing: "HttpError 1", send: "DeliveryUnknown 1", once: "resolves 2"},

			{name: "half an answer, without an error", gateway: halved, done: true,
				create: "ParseError 1", read: "ParseError 1", change: "resolves 1", typing: "resolves 1", send: "resolves 1", once: "resolves 1"},
			{name: "half an answer, without Location", gateway: nowhere, done: true, send: "DeliveryUnknown 1", once: "resolves 1", lookups: 1},

			{name: "visible late", rules: one(rule{Operation: "sendMessage", VisibleAfterMs: 1200}), send: "resolves 1", once: "resolves 1"},
			{name: "dropped, and visible late", rules: one(rule{Operation: "sendMessage", VisibleAfterMs: 1200, Drop: true, After: true}), options: `settleMs: 1500`, done: true,
				send: "DeliveryUnknown 1", once: "resolves 1"},
			{name: "a lookup that is dropped", rules: then(one(rule{Operation: "sendMessage", Drop: true, After: true}), rule{Call: 1, Drop: true}), done: true, once: "resolves 1", lookups: 2},
			{name: "a lookup that is answered with 429", rules: then(one(rule{Operation: "sendMessage", Drop: true, After: true}), rule{Call: 1, Status: 429}), done: true, once: "resolves 1", lookups: 2},
			{name: "a lookup that is answered with 401", rules: then(one(rule{Operation: "sendMessage", Drop: true, After: true}), rule{Call: 1, Status: 401}), done: true, asked: []bool{false, true}, once: "resolves 1", lookups: 2},
			{name: "a lookup that is answered with 403", rules: then(one(rule{Operation: "sendMessage", Drop: true, After: true}), rule{Call: 1, Status: 403}), done: true, status: 403, once: "DeliveryUnknown 1", lookups: 1},
			{name: "a lookup that always fails", rules: then(one(rule{Operation: "sendMessage", Drop: true, After: true}), rule{Status: 503}), done: true, status: 503, once: "DeliveryUnknown 1", lookups: 4},
			{name: "a message that is not stored, and lookups that fail", rules: then(one(rule{Operation: "sendMessage", Drop: true}), rule{Status: 503}), status: 503, once: "DeliveryUnknown 1", lookups: 4},
		},
	} {
		rows = append(rows, more...)
	}
	return rows
}

// TestFaults calls every operation with every fault, in a page and over HTTP, and compares the outcomes with what the emulator stored.
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

// TestSentAgainByAnotherPage checks that a page with the token finds out what became of a message that another page has sent.
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
