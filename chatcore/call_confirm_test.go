package chatcore_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// refusedAfter returns a call whose first attempt ended with an unknown outcome and whose second is refused.
func refusedAfter(t *testing.T, before string, status int, newCall func(c *chatcore.Client) *chatcore.Call) (*chatcore.Call, chatcore.Instant) {
	t.Helper()
	call := newCall(retrying(t, chatcore.Options{Token: jwt(`{"skypeid":"acs:jane"}`)}))
	call.Start(start)
	passing[before](call, start)
	now := elapse(t, call)
	answer(call, now, status, `{"error":{"code":"C","message":"words"}}`)
	return call, now
}

func deletion(c *chatcore.Client) *chatcore.Call {
	return c.DeleteThread(threadID, chatcore.CallOptions{})
}

func leaving(c *chatcore.Client) *chatcore.Call {
	return c.RemoveParticipant(threadID, chatcore.CommunicationIdentifierModel{RawID: "8:acs:jane"}, chatcore.CallOptions{})
}

// membersNamed is a page of participants.
func membersNamed(nextLink string, rawIDs ...string) string {
	text := `{"nextLink":"` + nextLink + `","value":[`
	for i, id := range rawIDs {
		if i > 0 {
			text += ","
		}
		text += `{"communicationIdentifier":{"rawId":"` + id + `"}}`
	}
	return text + `]}`
}

// told is a page with system messages, each written as its type and whom it names.
func told(nextLink string, messages ...[2]string) string {
	text := `{"nextLink":"` + nextLink + `","value":[`
	for i, m := range messages {
		if i > 0 {
			text += ","
		}
		text += `{"id":"1","version":"1","type":"` + m[0] + `","content":{"participants":[{"communicationIdentifier":{"rawId":"` + m[1] + `"}}]}}`
	}
	return text + `]}`
}

// TestConfirmation: a 403 after an attempt whose outcome is unknown is a success only if reading shows that it was one.
func TestConfirmation(t *testing.T) {
	const jane, joe = "8:acs:jane", "8:acs:joe"
	next := origin + "/next"
	properties := `{"id":"19:a","topic":"T"`
	removed, added := [2]string{"participantRemoved", jane}, [2]string{"participantAdded", jane}
	type reading struct {
		status int
		body   string
	}
	for _, test := range []struct {
		name     string
		call     func(c *chatcore.Client) *chatcore.Call
		readings []reading
		done     bool
	}{
		{"deleteThread: gone", deletion, []reading{{404, ""}}, true},
		{"deleteThread: marked as deleted", deletion, []reading{{200, properties + `,"deletedOn":"2026-01-02T03:04:05Z"}`}}, true},
		{"deleteThread: there", deletion, []reading{{200, properties + `}`}}, false},
		{"deleteThread: not to be read either", deletion, []reading{{403, ""}}, false},
		{"deleteThread: nothing readable", deletion, []reading{{200, "<html>"}}, false},
		{"leaving: not among them", leaving, []reading{{200, membersNamed("", joe)}}, true},
		{"leaving: not among the last either, and a message says so", leaving, []reading{{200, membersNamed(next, joe)}, {200, membersNamed("", joe)}, {200, told("", removed)}}, true},
		{"leaving: pages that have shifted", leaving, []reading{{200, membersNamed(next, joe)}, {200, membersNamed("")}, {200, told("", added)}}, false},
		{"leaving: among them", leaving, []reading{{200, membersNamed("", joe, jane)}}, false},
		{"leaving: among the last", leaving, []reading{{200, membersNamed(next, joe)}, {200, membersNamed("", jane)}}, false},
		{"leaving: foreign page", leaving, []reading{{200, membersNamed("https://evil.example/", joe)}}, false},
		{"leaving: no such thread", leaving, []reading{{404, ""}}, false},
		{"leaving: a message says so", leaving, []reading{{403, ""}, {200, told("", [2]string{"participantAdded", joe}, removed, added)}}, true},
		{"leaving: a message on a later page says so", leaving, []reading{{403, ""}, {200, told(next)}, {200, told("", removed)}}, true},
		{"leaving: added again", leaving, []reading{{403, ""}, {200, told("", added, removed)}}, false},
		{"leaving: another was removed", leaving, []reading{{403, ""}, {200, told("", [2]string{"participantRemoved", joe})}}, false},
		{"leaving: nothing to be read", leaving, []reading{{403, ""}, {403, ""}}, false},
	} {
		for _, before := range []string{"503", "network", "timeout"} {
			t.Run(test.name+" "+before, func(t *testing.T) {
				call, now := refusedAfter(t, before, 403, test.call)
				for _, r := range test.readings {
					require.Equal(t, chatcore.Send, call.Step().Kind)
					require.Equal(t, "GET", call.Step().Request.Method)
					answer(call, now, r.status, r.body)
				}
				if test.done {
					require.Equal(t, chatcore.Done, call.Step().Kind, "%v", call.Step().Err)
					return
				}
				e := failed(t, call, chatcore.Forbidden)
				assert.Equal(t, 403, e.Status)
				assert.Contains(t, e.Message, "an earlier attempt may have succeeded")
				assert.NotEqual(t, chatcore.Forbidden, failure(t, e.Cause).Code)
			})
		}
	}
}

// TestFailuresOfAConfirmation: a reading is retried like any other; if it fails for good, the refusal stands.
func TestFailuresOfAConfirmation(t *testing.T) {
	call, now := refusedAfter(t, "503", 403, deletion)
	for _, fail := range []string{"503", "network", "429"} {
		passing[fail](call, now)
		now = elapse(t, call)
	}
	answer(call, now, 404, "")
	require.Equal(t, chatcore.Done, call.Step().Kind)

	for _, last := range []string{"503", "network", "429"} {
		call, now = refusedAfter(t, "503", 403, deletion)
		for range 3 {
			passing[last](call, now)
			now = elapse(t, call)
		}
		passing[last](call, now)
		failed(t, call, chatcore.Forbidden)
	}

	call, _ = refusedAfter(t, "503", 403, deletion)
	call.Elapsed(start + 200_000)
	if call.Step().Kind == chatcore.Send {
		call.Elapsed(call.Step().Deadline)
	}
	if call.Step().Kind == chatcore.Wait {
		call.Elapsed(call.Step().Deadline)
	}
	failed(t, call, chatcore.Forbidden)

	call, now = refusedAfter(t, "503", 403, leaving)
	for range 20 {
		if call.Step().Kind == chatcore.Send {
			list(call, now, membersNamed(origin+"/more", "8:acs:joe"))
		}
	}
	failed(t, call, chatcore.Forbidden)
}

// TestRefusedAfterAnUnknownAttempt: every write says that an earlier attempt may have succeeded, and what it failed with.
func TestRefusedAfterAnUnknownAttempt(t *testing.T) {
	each(t, func(t *testing.T, op operation) {
		for _, before := range []string{"503", "network"} {
			client := retrying(t, chatcore.Options{})
			call := sending(t, client, op)
			passing[before](call, start)
			if call.Step().Kind != chatcore.Wait {
				return // it is not repeated
			}
			answer(call, elapse(t, call), 400, "")
			e := failed(t, call, chatcore.BadRequest)
			if op.method == "GET" {
				assert.NotContains(t, e.Message, "earlier attempt")
				assert.NoError(t, e.Cause)
				continue
			}
			assert.Contains(t, e.Message, "an earlier attempt may have succeeded")
			assert.NotEqual(t, chatcore.BadRequest, failure(t, e.Cause).Code)
		}
	})
}
