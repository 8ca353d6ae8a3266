package chathttp_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"acschat/chatcore"
	"acschat/chathttp"
	"acschat/emulator"
)

// watched is a thread of an emulator in memory. Jane writes to it and Joe watches it. It is for tests in virtual time, which
// the emulator uses too.
type watched struct {
	t         *testing.T
	em        *emulator.Emulator
	jane      *chathttp.Client
	joe       *chathttp.Client
	joesID    string
	joesToken string
	thread    string
	exchanges []chatcore.Exchange // Joe's
}

// newWatched creates a thread. Joe's client uses the transport that way returns for the emulator's.
func newWatched(t *testing.T, way func(transport) transport) *watched {
	t.Helper()
	w := &watched{t: t, em: emulator.New(emulator.Options{})}
	jane, joe := w.em.NewUser(), w.em.NewUser()
	w.jane = newClient(t, chathttp.Options{Token: jane.Token, HTTPClient: over(handled(w.em))})
	w.joe = newClient(t, chathttp.Options{Token: joe.Token, HTTPClient: over(way(handled(w.em))), OnExchange: func(e chatcore.Exchange) {
		w.exchanges = append(w.exchanges, e)
	}})
	w.joesID, w.joesToken = joe.ID, joe.Token
	created, err := w.jane.CreateThread(t.Context(), chatcore.CreateChatThreadRequest{Topic: "Lunch", Participants: participants(joe.ID)}, nil)
	require.NoError(t, err)
	w.thread = created.ChatThread.ID
	return w
}

// sameTransport returns the transport unchanged.
func sameTransport(t transport) transport { return t }

func (w *watched) send(content string) (id string) {
	sent, err := w.jane.SendMessage(w.t.Context(), w.thread, chatcore.SendChatMessageRequest{Content: content}, nil)
	require.NoError(w.t, err)
	return sent.ID
}

func (w *watched) edit(id, content string) {
	require.NoError(w.t, w.jane.UpdateMessage(w.t.Context(), w.thread, id, chatcore.UpdateChatMessageRequest{Content: content}, nil))
}

func (w *watched) delete(id string) {
	require.NoError(w.t, w.jane.DeleteMessage(w.t.Context(), w.thread, id, nil))
}

// changes are what a watch has returned so far.
type changes struct {
	mu    sync.Mutex
	all   []string
	last  chatcore.ChatMessage
	ended result
}

// watch makes Joe watch the thread on another goroutine. It returns once the watch has started.
func (w *watched) watch(ctx context.Context, options chatcore.WatchMessagesOptions) *changes {
	c := &changes{}
	messages := w.joe.WatchMessages(ctx, w.thread, options, nil)
	c.ended = begin(func() error {
		for message, err := range messages {
			if err != nil {
				return err
			}
			c.mu.Lock()
			c.all, c.last = append(c.all, changeOf(message)), message
			c.mu.Unlock()
		}
		return nil
	})
	synctest.Wait()
	return c
}

// changeOf describes a change of a message.
func changeOf(message chatcore.ChatMessage) string {
	switch {
	case message.DeletedOn != "":
		return "deleted"
	case message.EditedOn != "":
		return "edited: " + message.Content.Message
	}
	return string(message.Type) + ": " + message.Content.Message
}

// take returns the changes since it was last called.
func (c *changes) take() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := c.all
	c.all = nil
	return all
}

// passTime lets enough virtual time pass for any watch to poll again.
func passTime() {
	time.Sleep(5 * time.Minute)
	synctest.Wait()
}
