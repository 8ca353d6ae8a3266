package chatcore_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// TestLookupRange: how far back a lookup must read before a message that it did not find counts as absent. The first attempt
// began 100 ms before the lookup, unless elapsed or clock is set.
func TestLookupRange(t *testing.T) {
	const resend, unknown = "resend", "unknown"
	jane := jwt(`{"skypeid":"acs:jane"}`)
	for _, test := range []struct {
		name    string
		token   string // the access token
		elapsed chatcore.Instant
		clock   int64 // milliseconds that the computer's time of day advanced, if not the same
		pages   []string
		want    string
	}{
		{name: "beyond the margin", pages: []string{messagesBefore("", "10", "60111")}, want: resend},
		{name: "within the margin", pages: []string{messagesBefore("", "10", "60110")}, want: unknown},
		{name: "within the margin by the service's clock, which is ahead", pages: []string{messagesBefore("", "-900000", "-840000")}, want: unknown},
		{name: "beyond the margin by the service's clock", pages: []string{messagesBefore("", "-900000", "-800000", "-700000")}, want: resend},
		{name: "the thread's first message", pages: []string{messagesBefore("", "10 sequenceId=1")}, want: resend},
		{name: "a sequence id that starts with 1", pages: []string{messagesBefore("", "10 sequenceId=11")}, want: unknown},
		{name: "the thread's first message, edited and so in front", pages: []string{messagesBefore("", "10 sequenceId=1 edited metadata", "20")}, want: unknown},
		{name: "the first message edited, another without metadata", pages: []string{messagesBefore("", "10 sequenceId=1 edited metadata", "20 edited", "60111")}, want: unknown},
		{name: "the first message edited, without metadata", pages: []string{messagesBefore("", "10 sequenceId=1 edited", "60111")}, want: unknown},
		{name: "an unreadable version", pages: []string{messagesBefore("", "10", "20 version=abc")}, want: unknown},
		{name: "no version", pages: []string{messagesBefore("", "10", "20 version=")}, want: unknown},
		{name: "an empty thread", pages: []string{messagesBefore("")}, want: unknown},
		{name: "beyond the margin on the second page", pages: []string{messagesBefore(origin+"/2", "10"), messagesBefore("", "60111")}, want: resend},
		{name: "within the margin on the second page", pages: []string{messagesBefore(origin+"/2", "10"), messagesBefore("", "60110")}, want: unknown},
		{name: "an empty page", pages: []string{messagesBefore(origin+"/2", "10"), messagesBefore(origin + "/3"), messagesBefore("", "60111")}, want: resend},
		{name: "beyond the margin: the next page is not read", pages: []string{messagesBefore(origin+"/2", "10", "60111")}, want: resend},
		{name: "a nextLink to another host", pages: []string{messagesBefore("https://evil.example/2", "10")}, want: unknown},
		{name: "found on the second page", pages: []string{messagesBefore(origin+"/2", "10"), messagesBefore("", "20 token="+clientToken)}, want: "20"},
		{name: "found beyond the margin", pages: []string{messagesBefore("", "10", "90000", "90001 token="+clientToken)}, want: "90001"},
		{name: "found, deleted", pages: []string{messagesBefore("", "10 deleted token="+clientToken)}, want: "10"},
		{name: "found, edited", pages: []string{messagesBefore("", "10 edited token="+clientToken)}, want: "10"},
		{name: "another token", pages: []string{messagesBefore("", "10 token="+clientToken+"x", "60111")}, want: resend},
		{name: "ten pages", pages: maxLookupPages("60111"), want: resend},
		{name: "more than ten pages", pages: maxLookupPages("60110"), want: unknown},
		{name: "found on the tenth page", pages: maxLookupPages("5 token=" + clientToken), want: "5"},

		{name: "slow attempt, within the margin", elapsed: 20_000, pages: []string{messagesBefore("", "10", "80010")}, want: unknown},
		{name: "slow attempt, beyond the margin", elapsed: 20_000, pages: []string{messagesBefore("", "10", "80011")}, want: resend},
		{name: "the computer slept, within the margin", clock: 3_600_000, pages: []string{messagesBefore("", "10", "3660010")}, want: unknown},
		{name: "the computer slept, beyond the margin", clock: 3_600_000, pages: []string{messagesBefore("", "10", "3660011")}, want: resend},
		{name: "the computer's clock was set back a little, within the margin", elapsed: 20_000, clock: 1000, pages: []string{messagesBefore("", "10", "80010")}, want: unknown},
		{name: "the computer's clock was set back a little, beyond the margin", elapsed: 20_000, clock: 1000, pages: []string{messagesBefore("", "10", "80011")}, want: resend},
		{name: "the computer's clock was set back", elapsed: 20_000, clock: -3_600_000, pages: []string{messagesBefore("", "10", "80010")}, want: unknown},

		{name: "edited without metadata", pages: []string{messagesBefore("", "10 edited", "60111")}, want: unknown},
		{name: "deleted without metadata", pages: []string{messagesBefore("", "10 deleted", "60111")}, want: unknown},
		{name: "edited with other metadata", pages: []string{messagesBefore("", "10 edited metadata", "60111")}, want: unknown},
		{name: "edited with another token", pages: []string{messagesBefore("", "10 edited token=another", "60111")}, want: resend},
		{name: "edited, sent before the first attempt", pages: []string{messagesBefore("", "10 edited made=60111", "60112")}, want: resend},
		{name: "edited before the first attempt", pages: []string{messagesBefore("", "10", "60111 edited")}, want: resend},
		{name: "edited, no sender", token: jane, pages: []string{messagesBefore("", "10 edited", "60111")}, want: unknown},
		{name: "edited, sent by the caller", token: jane, pages: []string{messagesBefore("", "10 edited by=8:acs:jane", "60111")}, want: unknown},
		{name: "edited, sent by another user", token: jane, pages: []string{messagesBefore("", "10 edited by=8:acs:joe", "60111")}, want: resend},
		{name: "edited, access token without a user", pages: []string{messagesBefore("", "10 edited by=8:acs:joe", "60111")}, want: unknown},
		{name: "edited, but the message is found", token: jane, pages: []string{messagesBefore("", "10 edited by=8:acs:jane", "20 token="+clientToken)}, want: "20"},
		{name: "another user's message with the token", token: jane, pages: []string{messagesBefore("", "10 by=8:acs:joe token="+clientToken, "60111")}, want: resend},
		{name: "system messages", pages: []string{messagesBefore("", "10 type=topicUpdated", "20 type=participantAdded", "60111")}, want: resend},
	} {
		t.Run(test.name, func(t *testing.T) {
			none := 0
			d := newSendOnceClient(t, chatcore.Options{Token: test.token, CallOptions: chatcore.CallOptions{SettleMs: &none}, Random: func() uint32 { return 0 }})
			call := d.sendOnce(t, testStart, "")
			elapsed := max(test.elapsed, 100)
			respond(call, testStart+elapsed-1, 503, "")
			now := elapseWait(t, call)
			require.Equal(t, testStart+elapsed, now)
			if d.unixMs += int64(elapsed); test.clock != 0 {
				d.unixMs = startUnixMs + test.clock
			}
			requireLookup(t, call)
			for i, page := range test.pages {
				if i > 0 {
					require.Regexp(t, "^"+origin+`/\d+$`, requestedList(t, call))
				}
				respondOK(call, now, page)
			}
			switch test.want {
			case resend:
				if len(test.pages) > 1 { // second pass: a message may have moved to the first page meanwhile
					assert.Equal(t, "messages 100", requestedList(t, call))
					respondOK(call, now, test.pages[0])
				}
				requirePost(t, call)
			case unknown:
				assert.NotEmpty(t, requireDeliveryUnknown(t, call, clientToken).Cause)
			default:
				assert.Equal(t, test.want, requireSent(t, call))
			}
		})
	}
}

// TestMessageMovesBetweenLookupPages: a message edited while a lookup reads the pages may be on none of them. A second pass
// finds it.
func TestMessageMovesBetweenLookupPages(t *testing.T) {
	none := 0
	d := newSendOnceClient(t, chatcore.Options{CallOptions: chatcore.CallOptions{SettleMs: &none}})
	call := d.sendOnce(t, testStart, "")
	respond(call, testStart, 503, "")
	now := elapseWait(t, call)
	respondOK(call, now, messagesBefore(origin+"/2", "10"))
	respondOK(call, now, messagesBefore("", "70000"))
	respondOK(call, now, messagesBefore(origin+"/2", "5 edited token="+clientToken, "10"))
	assert.Equal(t, "5", requireSent(t, call))
}

// TestSecondLookupPass: the second pass reads what changed since the first, so the lookup counts as begun with the first pass.
func TestSecondLookupPass(t *testing.T) {
	d := newSendOnceClient(t, chatcore.Options{})
	call := d.sendOnce(t, testStart, "")
	respond(call, testStart, 503, "")
	now := elapseWait(t, call)
	respondOK(call, now, messagesBefore(origin+"/2", "10"))
	respondOK(call, testStart+5100, messagesBefore("", "70000")) // after the settle time
	requireLookup(t, call)
	respondOK(call, testStart+5100, messagesBefore("", "10"))
	call.Elapsed(testStart + 5100)
	requireLookup(t, call) // the first pass began before the end of the settle time
	respondOK(call, testStart+5200, messagesBefore("", "5 token="+clientToken, "10"))
	assert.Equal(t, "5", requireSent(t, call))
}

// maxLookupPages returns ten pages, the most that a lookup reads. The last one contains the given message.
func maxLookupPages(last string) (pages []string) {
	for i := range 9 {
		pages = append(pages, messagesBefore(fmt.Sprint(origin, "/", i+2), "10", "11"))
	}
	return append(pages, messagesBefore(origin+"/11", last))
}

func TestLookupUsesCallOptions(t *testing.T) {
	d := newSendOnceClient(t, chatcore.Options{})
	call := startCall(t, d.Client, sendMessage, testStart, chatcore.CallOptions{Idempotent: true, APIVersion: "2025-03-15", TimeoutMs: 700, TotalTimeoutMs: 1000})
	respond(call, testStart, 503, "")
	now := elapseWait(t, call)
	assert.Equal(t, threadURL+"/messages?api-version=2025-03-15&maxPageSize=100", call.Step().Request.URL)
	assert.Equal(t, secretToken, sentToken(t, call))
	assert.Equal(t, now+700, call.Step().Deadline)
	call.Elapsed(now + 700)
	assert.Equal(t, testStart+902, elapseWait(t, call))
	assert.Equal(t, testStart+1000, call.Step().Deadline)
	call.Elapsed(testStart + 1000)
	requireDeliveryUnknown(t, call, clientToken)
}

// TestMessageMissedByTwoLookupPasses: a message edited during both passes of a lookup is in neither, and a third pass finds it.
func TestMessageMissedByTwoLookupPasses(t *testing.T) {
	d := newSendOnceClient(t, chatcore.Options{Made: testStart - 10_000})
	call := d.sendOnce(t, testStart, callerToken)
	requireLookup(t, call)
	page := func(version int64, next string) string {
		return fmt.Sprintf(`{"value":[{"id":"%d","version":"%[1]d","type":"text","sequenceId":"%d"}],"nextLink":"%s"}`, version, version-startUnixMs, next)
	}
	next := origin + "/chat/threads/next"
	respondOK(call, testStart, page(startUnixMs+100, next+"1"))
	respondOK(call, testStart, page(startUnixMs+1, "")) // the thread's first message; the message was here until it was edited: version 200
	requireLookup(t, call)
	respondOK(call, testStart, page(startUnixMs+210, next+"2"))
	respondOK(call, testStart, page(startUnixMs+100, next+"3")) // it is edited again: version 220
	requireLookup(t, call)
	respondOK(call, testStart, `{"value":[{"id":"5","version":"`+fmt.Sprint(startUnixMs+220)+`","type":"text","sequenceId":"5","metadata":{"acschat.idempotencyToken":"`+callerToken+`"}}]}`)
	require.Equal(t, chatcore.Done, call.Step().Kind, "%v", call.Step().Err)
	assert.Equal(t, "5", call.Step().Result.(*chatcore.SendChatMessageResult).ID)
}
