package chathttp_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
	"acschat/chathttp"
	"acschat/chathttp/filequeue"
	"acschat/chatstate"
	"acschat/emulator"
)

// lunchOf creates a thread of users in an emulator.
func lunchOf(t *testing.T, em *emulator.Emulator, first emulator.User, others ...emulator.User) (thread string) {
	t.Helper()
	client := newClient(t, chathttp.Options{Token: first.Token, HTTPClient: over(handled(em))})
	var ids []string
	for _, other := range others {
		ids = append(ids, other.ID)
	}
	created, err := client.CreateThread(t.Context(), chatcore.CreateChatThreadRequest{Topic: "Lunch", Participants: participants(ids...)}, nil)
	require.NoError(t, err)
	return created.ChatThread.ID
}

func openConversation(t *testing.T, client *chathttp.Client, thread string) *conversation {
	t.Helper()
	opened, err := client.OpenConversation(thread, chathttp.ConversationOptions{PageSize: 10})
	require.NoError(t, err)
	c := &conversation{Conversation: opened, t: t}
	c.follower.Go(c.follow)
	t.Cleanup(func() {
		opened.Close()
		c.follower.Wait()
	})
	return c
}

// conversation is a conversation whose changes are followed, and compared with the snapshots.
type conversation struct {
	*chathttp.Conversation
	t        *testing.T
	follower sync.WaitGroup
}

// follow holds the changes of the messages against the snapshots: one leads to the next, and what has not changed is the same.
func (c *conversation) follow() {
	var mirror []*chatstate.Message
	keys := map[string]string{} // by id
	for change, err := range c.Changes(context.Background()) {
		if err != nil {
			requireCode(c.t, err, chatcore.Closed)
			return
		}
		mirror = applied(mirror, change.MessageChanges)
		if !slices.Equal(mirror, change.Messages) {
			c.t.Errorf("the changes lead to other messages than the snapshot has")
		}
		seen := map[string]bool{}
		for _, m := range mirror {
			if seen[m.Key] {
				c.t.Errorf("two messages have the key %s", m.Key)
			}
			seen[m.Key] = true
			if known, ok := keys[m.ID]; ok && known != m.Key {
				c.t.Errorf("the key of %s changes", m.ID)
			}
			if m.ID != "" {
				keys[m.ID] = m.Key
			}
		}
	}
}

// applied returns a list with changes made.
func applied(list []*chatstate.Message, changes []chatstate.Change) []*chatstate.Message {
	list = slices.Clone(list)
	for _, change := range changes {
		switch change.Kind {
		case chatstate.Insert:
			list = slices.Insert(list, change.Index, change.Message)
		case chatstate.Replace:
			list[change.Index] = change.Message
		case chatstate.Remove:
			list = slices.Delete(list, change.Index, change.Index+1)
		}
	}
	return list
}

func (c *conversation) send(content string) *chathttp.PendingMessage {
	c.t.Helper()
	m, err := c.Send(chatcore.SendChatMessageRequest{Content: content})
	require.NoError(c.t, err)
	return m
}

// texts are the text messages of a snapshot, each with its state if it was not sent.
func texts(s *chathttp.Snapshot) (all []string) {
	for _, m := range s.Messages {
		switch {
		case m.Type != chatcore.ChatMessageTypeText:
		case m.State == chatstate.Sent:
			all = append(all, m.Content.Message)
		default:
			all = append(all, m.Content.Message+": "+string(m.State))
		}
	}
	return all
}

// stored are the text messages that the service has.
func stored(em *emulator.Emulator) (all []string) {
	for _, m := range em.Threads()[0].Messages {
		if m.Type == "text" {
			all = append(all, m.Content.Message)
		}
	}
	return all
}

// inVirtualTime runs a test in virtual time.
func inVirtualTime(t *testing.T, test func(t *testing.T)) {
	chathttp.ForgetSends()
	synctest.Test(t, test)
}

// pass lets virtual time pass.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func openFolder(t *testing.T, path string) *filequeue.Folder {
	t.Helper()
	folder, err := filequeue.Open(path)
	require.NoError(t, err)
	return folder
}

// requireSent waits for a message, for up to an hour of virtual time.
func requireSent(t *testing.T, c *conversation, m *chathttp.PendingMessage) (id string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	defer cancel()
	id, err := m.Wait(ctx)
	if err != nil {
		for _, m := range c.Snapshot().Messages {
			t.Logf("%s %s %v", m.Content.Message, m.State, m.Error)
		}
	}
	require.NoError(t, err)
	assert.NotEmpty(t, id)
	return id
}
