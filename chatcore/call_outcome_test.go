package chatcore_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// TestNotFoundAfterUnknownDeleteIsSuccess: after a delete whose outcome is unknown, a 404 means that it succeeded.
func TestNotFoundAfterUnknownDeleteIsSuccess(t *testing.T) {
	remove := chatcore.CommunicationIdentifierModel{CommunicationUser: &chatcore.CommunicationUserIdentifierModel{ID: "8:acs:jane"}}
	byRawID := chatcore.CommunicationIdentifierModel{RawID: "8:acs:jane"}
	for _, test := range []struct {
		name  string
		token string
		call  func(c *chatcore.Client) *chatcore.Call
		done  []int
	}{
		{"deleteThread", secretToken, func(c *chatcore.Client) *chatcore.Call { return deleteThread.call(c, chatcore.CallOptions{}) }, []int{404}},
		{"deleteMessage", secretToken, func(c *chatcore.Client) *chatcore.Call { return deleteMessage.call(c, chatcore.CallOptions{}) }, []int{404}},
		{"remove another", jwt(`{"skypeid":"acs:joe"}`), func(c *chatcore.Client) *chatcore.Call {
			return c.RemoveParticipant(threadID, remove, chatcore.CallOptions{})
		}, []int{404}},
		{"remove oneself", jwt(`{"skypeid":"acs:jane"}`), func(c *chatcore.Client) *chatcore.Call {
			return c.RemoveParticipant(threadID, remove, chatcore.CallOptions{})
		}, []int{404}},
		{"remove oneself by a raw id", jwt(`{"skypeid":"acs:jane"}`), func(c *chatcore.Client) *chatcore.Call {
			return c.RemoveParticipant(threadID, byRawID, chatcore.CallOptions{})
		}, []int{404}},
		{"remove with an opaque token", secretToken, func(c *chatcore.Client) *chatcore.Call {
			return c.RemoveParticipant(threadID, remove, chatcore.CallOptions{})
		}, []int{404}},
		{"getMessage", secretToken, func(c *chatcore.Client) *chatcore.Call { return getMessage.call(c, chatcore.CallOptions{}) }, nil},
		{"updateThread", secretToken, func(c *chatcore.Client) *chatcore.Call { return updateThread.call(c, chatcore.CallOptions{}) }, nil},
	} {
		for _, before := range []string{"", "429", "503", "network", "timeout"} {
			for _, status := range []int{400, 403, 404, 410} {
				call := test.call(newRetryingClient(t, chatcore.Options{Token: test.token}))
				call.Start(testStart)
				now := testStart
				if before != "" {
					transientFailures[before](call, now)
					now = elapseWait(t, call)
				}
				respond(call, now, status, "")
				if call.Step().Kind == chatcore.Send { // it reads what is there, see TestConfirmation
					require.Equal(t, 403, status)
					respond(call, now, 400, "")
				}
				want := chatcore.Failed
				if before != "" && before != "429" {
					for _, done := range test.done {
						if status == done {
							want = chatcore.Done
						}
					}
				}
				assert.Equal(t, want, call.Step().Kind, "%s: %s, %d", test.name, before, status)
				assert.Nil(t, call.Step().Result)
			}
		}
	}
}
