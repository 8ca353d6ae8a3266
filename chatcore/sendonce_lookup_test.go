package chatcore_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// TestLookupRange: how far back the messages have to go before a message that is not among them is not there. The first
// attempt began 100 ms before the look-up, unless one of the clocks says otherwise.
func TestLookupRange(t *testing.T) {
	const again, unsure = "again", "unsure"
	jane := jwt(`{"skypeid":"acs:jane"}`)
	for _, test := range []struct {
		name    string
		token   string // of access
		elapsed chatcore.Instant
		clock   int // milliseconds that the computer's clock has moved in that time, if it is another
		pages   []string
		want    string
	}{
		{name: "beyond the margin", pages: []string{messagesBefore("", "10", "60111")}, want: again},
		{name: "within the margin", pages: []string{messagesBefore("", "10", "60110")}, want: unsure},
		{name: "that of the service's clock, which is ahead", pages: []string{messagesBefore("", "-900000", "-840000")}, want: unsure},
		{name: "likewise", pages: []string{messagesBefore("", "-900000", "-800000", "-700000")}, want: again},
		{name: "the first message of all", pages: []string{messagesBefore("", "10 sequenceId=1")}, want: again},
		{name: "a later one", pages: []string{messagesBefore("", "10 sequenceId=11")}, want: unsure},
		{name: "the first message of all, which was edited, and so is in front", pages: []string{messagesBefore("", "10 sequenceId=1 edited metadata", "20")}, want: unsure},
		{name: "with one behind it that has lost its metadata", pages: []string{messagesBefore("", "10 sequenceId=1 edited metadata", "20 edited", "60111")}, want: unsure},
		{name: "that has lost its metadata itself", pages: []string{messagesBefore("", "10 sequenceId=1 edited", "60111")}, want: unsure},
		{name: "a version that cannot be read", pages: []string{messagesBefore("", "10", "20 version=abc")}, want: unsure},
		{name: "no version", pages: []string{messagesBefore("", "10", "20 version=")}, want: unsure},
		{name: "an empty thread", pages: []string{messagesBefore("")}, want: unsure},
		{name: "on the second page", pages: []string{messagesBefore(origin+"/2", "10"), messagesBefore("", "60111")}, want: again},
		{name: "not on the second page", pages: []string{messagesBefore(origin+"/2", "10"), messagesBefore("", "60110")}, want: unsure},
		{name: "an empty page in between", pages: []string{messagesBefore(origin+"/2", "10"), messagesBefore(origin + "/3"), messagesBefore("", "60111")}, want: again},
		{name: "nothing beyond that is read", pages: []string{messagesBefore(origin+"/2", "10", "60111")}, want: again},
		{name: "a foreign page", pages: []string{messagesBefore("https://evil.example/2", "10")}, want: unsure},
		{name: "there on the second page", pages: []string{messagesBefore(origin+"/2", "10"), messagesBefore("", "20 token="+clientToken)}, want: "20"},
		{name: "there beyond the margin", pages: []string{messagesBefore("", "10", "90000", "90001 token="+clientToken)}, want: "90001"},
		{name: "there, but deleted", pages: []string{messagesBefore("", "10 deleted token="+clientToken)}, want: "10"},
		{name: "there, but edited", pages: []string{messagesBefore("", "10 edited token="+clientToken)}, want: "10"},
		{name: "another token", pages: []string{messagesBefore("", "10 token="+clientToken+"x", "60111")}, want: again},
		{name: "ten pages", pages: maxLookupPages("60111"), want: again},
		{name: "more than ten pages", pages: maxLookupPages("60110"), want: unsure},
		{name: "on the tenth page", pages: maxLookupPages("5 token=" + clientToken), want: "5"},

		{name: "it took long", elapsed: 20_000, pages: []string{messagesBefore("", "10", "80010")}, want: unsure},
		{name: "it took long, but not longer", elapsed: 20_000, pages: []string{messagesBefore("", "10", "80011")}, want: again},
		{name: "the computer slept", clock: 3_600_000, pages: []string{messagesBefore("", "10", "3660010")}, want: unsure},
		{name: "the computer slept, but not longer", clock: 3_600_000, pages: []string{messagesBefore("", "10", "3660011")}, want: again},
		{name: "the computer's clock was set back a little", elapsed: 20_000, clock: 1000, pages: []string{messagesBefore("", "10", "80010")}, want: unsure},
		{name: "a little, but not longer", elapsed: 20_000, clock: 1000, pages: []string{messagesBefore("", "10", "80011")}, want: again},
		{name: "the computer's clock was set back", elapsed: 20_000, clock: -3_600_000, pages: []string{messagesBefore("", "10", "80010")}, want: unsure},

		{name: "edited without metadata", pages: []string{messagesBefore("", "10 edited", "60111")}, want: unsure},
		{name: "deleted without metadata", pages: []string{messagesBefore("", "10 deleted", "60111")}, want: unsure},
		{name: "edited with other metadata", pages: []string{messagesBefore("", "10 edited metadata", "60111")}, want: unsure},
		{name: "edited with another token", pages: []string{messagesBefore("", "10 edited token=another", "60111")}, want: again},
		{name: "edited, and from before the first attempt", pages: []string{messagesBefore("", "10 edited made=60111", "60112")}, want: again},
		{name: "edited before", pages: []string{messagesBefore("", "10", "60111 edited")}, want: again},
		{name: "edited by nobody knows whom", token: jane, pages: []string{messagesBefore("", "10 edited", "60111")}, want: unsure},
		{name: "edited by oneself", token: jane, pages: []string{messagesBefore("", "10 edited by=8:acs:jane", "60111")}, want: unsure},
		{name: "edited by another", token: jane, pages: []string{messagesBefore("", "10 edited by=8:acs:joe", "60111")}, want: again},
		{name: "edited by somebody, of a token that does not say whose it is", pages: []string{messagesBefore("", "10 edited by=8:acs:joe", "60111")}, want: unsure},
		{name: "edited by oneself, but there", token: jane, pages: []string{messagesBefore("", "10 edited by=8:acs:jane", "20 token="+clientToken)}, want: "20"},
		{name: "the token in a message of somebody else", token: jane, pages: []string{messagesBefore("", "10 by=8:acs:joe token="+clientToken, "60111")}, want: again},
		{name: "the service's own", pages: []string{messagesBefore("", "10 type=topicUpdated", "20 type=participantAdded", "60111")}, want: again},
	} {
		t.Run(test.name, func(t *testing.T) {
			none := 0
			d := newSendOnceClient(t, chatcore.Options{Token: test.token, CallOptions: chatcore.CallOptions{SettleMs: &none}, Random: func() uint32 { return 0 }})
			call := d.sendOnce(t, testStart, "")
			elapsed := max(test.elapsed, 100)
			respond(call, testStart+elapsed-1, 503, "")
			now := elapseWait(t, call)
			require.Equal(t, testStart+elapsed, now)
			if d.unixMs += int(elapsed); test.clock != 0 {
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
			case again:
				if len(test.pages) > 1 { // something may have moved to the first page meanwhile
					assert.Equal(t, "messages 100", requestedList(t, call))
					respondOK(call, now, test.pages[0])
				}
				requirePost(t, call)
			case unsure:
				assert.NotEmpty(t, requireDeliveryUnknown(t, call, clientToken).Cause)
			default:
				assert.Equal(t, test.want, requireSent(t, call))
			}
		})
	}
}

// TestMessageMovesBetweenLookupPages: a message that is edited while a look-up goes through the pages is on none of them.
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

// TestSecondLookupPass: it goes through what has changed since the first, so that the whole began with that.
func TestSecondLookupPass(t *testing.T) {
	d := newSendOnceClient(t, chatcore.Options{})
	call := d.sendOnce(t, testStart, "")
	respond(call, testStart, 503, "")
	now := elapseWait(t, call)
	respondOK(call, now, messagesBefore(origin+"/2", "10"))
	respondOK(call, testStart+5100, messagesBefore("", "70000")) // after all was settled
	requireLookup(t, call)
	respondOK(call, testStart+5100, messagesBefore("", "10"))
	call.Elapsed(testStart + 5100)
	requireLookup(t, call) // since the first page was from before
	respondOK(call, testStart+5200, messagesBefore("", "5 token="+clientToken, "10"))
	assert.Equal(t, "5", requireSent(t, call))
}

// tenPages are as many as a look-up reads, the last with a message.
func maxLookupPages(last string) (pages []string) {
	for i := range 9 {
		pages = append(pages, messagesBefore(fmt.Sprint(origin, "/", i+2), "10", "11"))
	}
	return append(pages, messagesBefore(origin+"/11", last))
}

// TestLookupUsesCallOptions: those of the call.
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

// TestMessageMissedByTwoLookupPasses: a message that is edited during both passes of a look-up is in neither of them.
func TestMessageMissedByTwoLookupPasses(t *testing.T) {
	d := newSendOnceClient(t, chatcore.Options{Made: testStart - 10_000})
	call := d.sendOnce(t, testStart, callerToken)
	requireLookup(t, call)
	page := func(version int, next string) string {
		return fmt.Sprintf(`{"value":[{"id":"%d","version":"%[1]d","type":"text","sequenceId":"%d"}],"nextLink":"%s"}`, version, version-startUnixMs, next)
	}
	next := origin + "/chat/threads/next"
	respondOK(call, testStart, page(startUnixMs+100, next+"1"))
	respondOK(call, testStart, page(startUnixMs+1, "")) // the first; the message, which was here, has just been edited: version 200
	requireLookup(t, call)
	respondOK(call, testStart, page(startUnixMs+210, next+"2"))
	respondOK(call, testStart, page(startUnixMs+100, next+"3")) // now it has been edited once more: version 220
	requireLookup(t, call)
	respondOK(call, testStart, `{"value":[{"id":"5","version":"`+fmt.Sprint(startUnixMs+220)+`","type":"text","sequenceId":"5","metadata":{"acschat.idempotencyToken":"`+callerToken+`"}}]}`)
	require.Equal(t, chatcore.Done, call.Step().Kind, "%v", call.Step().Err)
	assert.Equal(t, "5", call.Step().Result.(*chatcore.SendChatMessageResult).ID)
}
