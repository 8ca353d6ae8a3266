package chatcore_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// refuseAfterUnknown returns a call whose first attempt ended with an unknown outcome and whose second attempt was refused with
// status.
func refuseAfterUnknown(t *testing.T, before string, status int, newCall func(c *chatcore.Client) *chatcore.Call) (*chatcore.Call, chatcore.Instant) {
	t.Helper()
	call := newCall(newRetryingClient(t, chatcore.Options{Token: jwt(`{"skypeid":"acs:jane"}`)}))
	call.Start(testStart)
	transientFailures[before](call, testStart)
	now := elapseWait(t, call)
	respond(call, now, status, `{"error":{"code":"C","message":"words"}}`)
	return call, now
}

func startDeleteThread(c *chatcore.Client) *chatcore.Call {
	return c.DeleteThread(threadID, chatcore.CallOptions{})
}

func startLeaveThread(c *chatcore.Client) *chatcore.Call {
	return c.RemoveParticipant(threadID, chatcore.CommunicationIdentifierModel{RawID: "8:acs:jane"}, chatcore.CallOptions{})
}

// participantsPageOf returns a page with these participants.
func participantsPageOf(nextLink string, rawIDs ...string) string {
	text := `{"nextLink":"` + nextLink + `","value":[`
	for i, id := range rawIDs {
		if i > 0 {
			text += ","
		}
		text += `{"communicationIdentifier":{"rawId":"` + id + `"}}`
	}
	return text + `]}`
}

// systemMessagesPage returns a page of system messages. Each is given as its type and the participant it names.
func systemMessagesPage(nextLink string, messages ...[2]string) string {
	text := `{"nextLink":"` + nextLink + `","value":[`
	for i, m := range messages {
		if i > 0 {
			text += ","
		}
		text += `{"id":"1","version":"1","type":"` + m[0] + `","content":{"participants":[{"communicationIdentifier":{"rawId":"` + m[1] + `"}}]}}`
	}
	return text + `]}`
}

// TestConfirmation: after an attempt whose outcome is unknown, the client treats a 403 as success only if what it reads
// confirms it.
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
		{"deleteThread: 404", startDeleteThread, []reading{{404, ""}}, true},
		{"deleteThread: has deletedOn", startDeleteThread, []reading{{200, properties + `,"deletedOn":"2026-01-02T03:04:05Z"}`}}, true},
		{"deleteThread: still exists", startDeleteThread, []reading{{200, properties + `}`}}, false},
		{"deleteThread: reading is refused too", startDeleteThread, []reading{{403, ""}}, false},
		{"deleteThread: unreadable response", startDeleteThread, []reading{{200, "<html>"}}, false},
		{"leave: not a participant", startLeaveThread, []reading{{200, participantsPageOf("", joe)}}, true},
		{"leave: on neither page, and a message confirms it", startLeaveThread, []reading{{200, participantsPageOf(next, joe)}, {200, participantsPageOf("", joe)}, {200, systemMessagesPage("", removed)}}, true},
		{"leave: pages shifted while they were read", startLeaveThread, []reading{{200, participantsPageOf(next, joe)}, {200, participantsPageOf("")}, {200, systemMessagesPage("", added)}}, false},
		{"leave: still a participant", startLeaveThread, []reading{{200, participantsPageOf("", joe, jane)}}, false},
		{"leave: still a participant, on the second page", startLeaveThread, []reading{{200, participantsPageOf(next, joe)}, {200, participantsPageOf("", jane)}}, false},
		{"leave: nextLink to another host", startLeaveThread, []reading{{200, participantsPageOf("https://evil.example/", joe)}}, false},
		{"leave: 404", startLeaveThread, []reading{{404, ""}}, false},
		{"leave: a message confirms it", startLeaveThread, []reading{{403, ""}, {200, systemMessagesPage("", [2]string{"participantAdded", joe}, removed, added)}}, true},
		{"leave: a message on the second page confirms it", startLeaveThread, []reading{{403, ""}, {200, systemMessagesPage(next)}, {200, systemMessagesPage("", removed)}}, true},
		{"leave: added again", startLeaveThread, []reading{{403, ""}, {200, systemMessagesPage("", added, removed)}}, false},
		{"leave: a message about somebody else", startLeaveThread, []reading{{403, ""}, {200, systemMessagesPage("", [2]string{"participantRemoved", joe})}}, false},
		{"leave: reading is refused", startLeaveThread, []reading{{403, ""}, {403, ""}}, false},
	} {
		for _, before := range []string{"503", "network", "timeout"} {
			t.Run(test.name+" "+before, func(t *testing.T) {
				call, now := refuseAfterUnknown(t, before, 403, test.call)
				for _, r := range test.readings {
					require.Equal(t, chatcore.Send, call.Step().Kind)
					require.Equal(t, "GET", call.Step().Request.Method)
					respond(call, now, r.status, r.body)
				}
				if test.done {
					require.Equal(t, chatcore.Done, call.Step().Kind, "%v", call.Step().Err)
					return
				}
				e := requireFailed(t, call, chatcore.Forbidden)
				assert.Equal(t, 403, e.Status)
				assert.Contains(t, e.Message, "an earlier attempt may have succeeded")
				assert.NotEqual(t, chatcore.Forbidden, requireError(t, e.Cause).Code)
			})
		}
	}
}

// TestConfirmationFailures: the client retries a failed confirmation request. If that fails for good, it reports the original
// refusal.
func TestConfirmationFailures(t *testing.T) {
	call, now := refuseAfterUnknown(t, "503", 403, startDeleteThread)
	for _, fail := range []string{"503", "network", "429"} {
		transientFailures[fail](call, now)
		now = elapseWait(t, call)
	}
	respond(call, now, 404, "")
	require.Equal(t, chatcore.Done, call.Step().Kind)

	for _, last := range []string{"503", "network", "429"} {
		call, now = refuseAfterUnknown(t, "503", 403, startDeleteThread)
		for range 3 {
			transientFailures[last](call, now)
			now = elapseWait(t, call)
		}
		transientFailures[last](call, now)
		requireFailed(t, call, chatcore.Forbidden)
	}

	call, _ = refuseAfterUnknown(t, "503", 403, startDeleteThread)
	call.Elapsed(testStart + 200_000)
	if call.Step().Kind == chatcore.Send {
		call.Elapsed(call.Step().Deadline)
	}
	if call.Step().Kind == chatcore.Wait {
		call.Elapsed(call.Step().Deadline)
	}
	requireFailed(t, call, chatcore.Forbidden)

	call, now = refuseAfterUnknown(t, "503", 403, startLeaveThread)
	for range 20 {
		if call.Step().Kind == chatcore.Send {
			respondOK(call, now, participantsPageOf(origin+"/more", "8:acs:joe"))
		}
	}
	requireFailed(t, call, chatcore.Forbidden)
}

// TestRefusalAfterUnknownOutcome: the error of a refused write says that an earlier attempt may have succeeded, and has that
// attempt's error as its cause.
func TestRefusalAfterUnknownOutcome(t *testing.T) {
	forEachOperation(t, func(t *testing.T, op operation) {
		for _, before := range []string{"503", "network"} {
			client := newRetryingClient(t, chatcore.Options{})
			call := startSending(t, client, op)
			transientFailures[before](call, testStart)
			if call.Step().Kind != chatcore.Wait {
				return // the operation is not retried
			}
			respond(call, elapseWait(t, call), 400, "")
			e := requireFailed(t, call, chatcore.BadRequest)
			if op.httpMethod == "GET" {
				assert.NotContains(t, e.Message, "earlier attempt")
				assert.NoError(t, e.Cause)
				continue
			}
			assert.Contains(t, e.Message, "an earlier attempt may have succeeded")
			assert.NotEqual(t, chatcore.BadRequest, requireError(t, e.Cause).Code)
		}
	})
}
