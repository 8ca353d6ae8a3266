package chatstate_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
	"acschat/chatstate"
)

// A name under .invalid has no server: only an emulator in the page answers there, also while the browser is offline.
func TestOnlyNetworksCanBeOffline(t *testing.T) {
	for endpoint, waits := range map[string]bool{"https://contoso.example": true, "http://localhost:8081": true, "https://emulator.invalid": false} {
		t.Run(endpoint, func(t *testing.T) {
			client, err := chatcore.NewClient(chatcore.Options{Endpoint: endpoint, TokenCallback: true})
			require.NoError(t, err)
			conversation := chatstate.Open(client, "19:lunch@thread.v2", chatstate.Options{NewToken: func() string { return "a-token-of-sixteen" }, UnixMs: func() int64 { return epoch }})
			conversation.SetOnline(1, false)
			_, err = conversation.Send(1, chatcore.SendChatMessageRequest{Content: "Hi"})
			require.NoError(t, err)
			assert.Equal(t, waits, conversation.Paused() == chatstate.OfflinePause, "the conversation pauses")

			inbox := chatstate.OpenInbox(client, chatstate.InboxOptions{})
			inbox.SetOnline(1, false)
			inbox.Start(1)
			_, hasWork := inbox.Next()
			assert.Equal(t, !waits, hasWork, "the inbox lists the threads")
		})
	}
}
