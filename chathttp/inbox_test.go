package chathttp_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
	"acschat/chathttp"
	"acschat/chatstate"
	"acschat/emulator"
)

// openInbox opens an inbox whose changes are followed, and compared with the snapshots.
func openInbox(t *testing.T, client *chathttp.Client) *chathttp.Inbox {
	t.Helper()
	inbox, err := client.OpenInbox(chathttp.InboxOptions{})
	require.NoError(t, err)
	var follower sync.WaitGroup
	follower.Go(func() {
		var mirror []*chatstate.Thread
		for change, err := range inbox.Changes(context.Background()) {
			if err != nil {
				requireCode(t, err, chatcore.Closed)
				return
			}
			mirror = appliedThreads(mirror, change.ThreadChanges)
			if !slices.Equal(mirror, change.Threads) {
				t.Errorf("the changes lead to other threads than the snapshot has")
			}
		}
	})
	t.Cleanup(func() {
		inbox.Close()
		follower.Wait()
	})
	return inbox
}

// appliedThreads returns a list with changes made.
func appliedThreads(list []*chatstate.Thread, changes []chatstate.ThreadChange) []*chatstate.Thread {
	list = slices.Clone(list)
	for _, change := range changes {
		switch change.Kind {
		case chatstate.Insert:
			list = slices.Insert(list, change.Index, change.Thread)
		case chatstate.Replace:
			list[change.Index] = change.Thread
		case chatstate.Remove:
			list = slices.Delete(list, change.Index, change.Index+1)
		}
	}
	return list
}

// lines are the threads of a snapshot: topic, last message with its state if it was not sent, and unread messages.
func lines(s *chathttp.InboxSnapshot) (all []string) {
	for _, t := range s.Threads {
		line := t.Topic + ":"
		if m := t.LastMessage; m != nil && m.Content != nil {
			line += " " + m.Content.Message
			if m.State != chatstate.Sent {
				line += " (" + string(m.State) + ")"
			}
		}
		line += fmt.Sprintf(" %d", t.UnreadCount)
		if t.UnreadIsCapped {
			line += "+"
		}
		if t.Left {
			line += " left"
		}
		all = append(all, line)
	}
	return all
}

// chats is an emulator with threads of Jane and Joe, and others if a thread is large.
type chats struct {
	*emulator.Emulator
	t         *testing.T
	jane, joe emulator.User
	joes      *chathttp.Client
}

func newChats(t *testing.T) *chats {
	em := emulator.New(emulator.Options{RateLimits: true})
	c := &chats{Emulator: em, t: t, jane: em.NewUser(), joe: em.NewUser()}
	c.joes = newClient(t, chathttp.Options{Token: c.joe.Token, HTTPClient: over(handled(em))})
	return c
}

func (c *chats) create(topic string, others int) (thread string) {
	c.t.Helper()
	ids := []string{c.jane.ID}
	for range others {
		ids = append(ids, c.NewUser().ID)
	}
	created, err := c.joes.CreateThread(c.t.Context(), chatcore.CreateChatThreadRequest{Topic: topic, Participants: participants(ids...)}, nil)
	require.NoError(c.t, err)
	return created.ChatThread.ID
}

func (c *chats) joeWrites(thread, content string) (id string) {
	c.t.Helper()
	sent, err := c.joes.SendMessage(c.t.Context(), thread, chatcore.SendChatMessageRequest{Content: content}, nil)
	require.NoError(c.t, err)
	return sent.ID
}

func (c *chats) janesClient(o chathttp.Options) *chathttp.Client {
	o.Token = c.jane.Token
	if o.HTTPClient == nil {
		o.HTTPClient = over(handled(c))
	}
	return newClient(c.t, o)
}

func TestInbox(t *testing.T) {
	inVirtualTime(t, func(t *testing.T) {
		c := newChats(t)
		lunch := c.create("Lunch", 0)
		c.joeWrites(lunch, "Pizza?")
		pass(time.Second)
		work := c.create("Work", 22)
		c.joeWrites(work, "Done?")
		inbox := openInbox(t, c.janesClient(chathttp.Options{}))
		assert.Equal(t, chatstate.Loading, inbox.Snapshot().Status)
		pass(time.Second)
		assert.Equal(t, chatstate.Live, inbox.Snapshot().Status)
		assert.Equal(t, chatstate.Memory, inbox.Snapshot().Durability)
		assert.Equal(t, []string{"Work: Done? 1", "Lunch: Pizza? 1"}, lines(inbox.Snapshot()))

		before := inbox.Snapshot()
		pass(time.Minute)
		assert.Same(t, before, inbox.Snapshot(), "nothing has changed")
		id := c.joeWrites(lunch, "Pasta?")
		pass(6 * time.Second)
		assert.Equal(t, []string{"Lunch: Pasta? 2", "Work: Done? 1"}, lines(inbox.Snapshot()))
		assert.Same(t, before.Threads[0], inbox.Snapshot().Threads[1], "this thread has not changed")

		require.NoError(t, inbox.MarkRead(t.Context(), lunch))
		require.NoError(t, inbox.MarkRead(t.Context(), work))
		assert.Equal(t, []string{"Lunch: Pasta? 0", "Work: Done? 0"}, lines(inbox.Snapshot()))
		receipts, err := collect(c.joes.ListReadReceipts(t.Context(), lunch, chatcore.ListChatReadReceiptsOptions{}, nil))
		require.NoError(t, err)
		require.Len(t, receipts, 1)
		assert.Equal(t, id, receipts[0].ChatMessageID)

		c.joeWrites(work, "Hello?")
		require.NoError(t, c.joes.RemoveParticipant(t.Context(), work, chatcore.RawIdentifier(c.jane.ID), nil))
		require.NoError(t, c.joes.DeleteThread(t.Context(), lunch, nil))
		pass(20 * time.Second)
		assert.Equal(t, []string{"Work:  1 left", "Lunch: Pasta? 0 left"}, lines(inbox.Snapshot()))
	})
}

func TestInboxAndConversation(t *testing.T) {
	inVirtualTime(t, func(t *testing.T) {
		c := newChats(t)
		lunch := c.create("Lunch", 22)
		c.joeWrites(lunch, "Pizza?")
		pass(time.Second)
		c.joeWrites(c.create("Work", 0), "Done?")
		way := &offline{service: handled(c)}
		client := c.janesClient(chathttp.Options{HTTPClient: over(way.RoundTrip)})
		inbox := openInbox(t, client)
		conversation := openConversation(t, client, lunch)
		pass(3 * time.Second)
		assert.Equal(t, []string{"Work: Done? 1", "Lunch: Pizza? 1"}, lines(inbox.Snapshot()))

		way.isOff.Store(true)
		pasta := conversation.send("Pasta!")
		assert.Equal(t, "Lunch: Pasta! (sending) 1", lines(inbox.Snapshot())[0])
		assert.Equal(t, pasta.Key, inbox.Snapshot().Threads[0].LastMessage.Key)
		require.NoError(t, inbox.MarkRead(t.Context(), lunch))
		assert.Zero(t, conversation.Snapshot().UnreadCount)
		assert.Zero(t, inbox.Snapshot().Threads[0].UnreadCount)
		pass(time.Minute)
		assert.Equal(t, chatstate.Waiting, inbox.Snapshot().Status)
		requireCode(t, inbox.Snapshot().Err, chatcore.NetworkError)
		way.isOff.Store(false)
		requireSent(t, conversation, pasta)
		pass(time.Minute)
		assert.Equal(t, chatstate.Live, inbox.Snapshot().Status)
		assert.Equal(t, []string{"Lunch: Pasta! 0", "Work: Done? 1"}, lines(inbox.Snapshot()))

		conversation.Close()
		c.joeWrites(lunch, "Yes.")
		pass(10 * time.Second) // for 24 participants, looks at the thread have pauses of 7 s
		assert.Equal(t, "Lunch: Yes. 1", lines(inbox.Snapshot())[0])
		require.NoError(t, inbox.MarkRead(t.Context(), lunch))
		again := openConversation(t, client, lunch)
		pass(3 * time.Second)
		assert.Zero(t, again.Snapshot().UnreadCount, "the conversation has the mark of the inbox")
	})
}

// TestStoredMarks: what one client marks as read is read in others with the same storage, also in a thread without read receipts.
func TestStoredMarks(t *testing.T) {
	inVirtualTime(t, func(t *testing.T) {
		c := newChats(t)
		lunch := c.create("Lunch", 22)
		c.joeWrites(lunch, "Pizza?")
		path := t.TempDir()
		open := func() *chathttp.Client { return c.janesClient(chathttp.Options{Storage: openFolder(t, path)}) }
		first, second, third := open(), open(), open()
		firsts, seconds := openInbox(t, first), openInbox(t, second)
		conversation := openConversation(t, second, lunch)
		pass(3 * time.Second)
		assert.Equal(t, chatstate.Disk, firsts.Snapshot().Durability)
		assert.Equal(t, []string{"Lunch: Pizza? 1"}, lines(firsts.Snapshot()))

		require.NoError(t, firsts.MarkRead(t.Context(), lunch))
		pass(100 * time.Millisecond)
		assert.Equal(t, []string{"Lunch: Pizza? 0"}, lines(seconds.Snapshot()))
		assert.Zero(t, conversation.Snapshot().UnreadCount)

		c.joeWrites(lunch, "Pasta?")
		pass(6 * time.Second)
		assert.Equal(t, []string{"Lunch: Pasta? 1"}, lines(firsts.Snapshot()))
		require.NoError(t, conversation.MarkRead(t.Context(), ""))
		pass(100 * time.Millisecond)
		assert.Equal(t, []string{"Lunch: Pasta? 0"}, lines(firsts.Snapshot()))

		first.Close()
		thirds := openInbox(t, third)
		pass(3 * time.Second)
		assert.Equal(t, []string{"Lunch: Pasta? 0"}, lines(thirds.Snapshot()))
		stored := filesOf(t, path)
		assert.Contains(t, stored, lunch)
		assert.NotContains(t, stored, "Pasta")
		require.NoError(t, third.Forget(t.Context()))
		assert.NotContains(t, filesOf(t, path), lunch)
	})
}

// TestInboxWithoutStorage: after an error of the storage the inbox goes on in memory.
func TestInboxWithoutStorage(t *testing.T) {
	inVirtualTime(t, func(t *testing.T) {
		c := newChats(t)
		lunch := c.create("Lunch", 22)
		c.joeWrites(lunch, "Pizza?")
		storage := &brokenStorage{Folder: openFolder(t, t.TempDir())}
		inbox := openInbox(t, c.janesClient(chathttp.Options{Storage: storage}))
		pass(3 * time.Second)
		assert.Equal(t, chatstate.Disk, inbox.Snapshot().Durability)
		assert.Equal(t, []string{"Lunch: Pizza? 1"}, lines(inbox.Snapshot()))
		storage.isBroken.Store(true)
		require.NoError(t, inbox.MarkRead(t.Context(), lunch))
		pass(time.Second)
		assert.Equal(t, chatstate.Memory, inbox.Snapshot().Durability)
		assert.Equal(t, []string{"Lunch: Pizza? 0"}, lines(inbox.Snapshot()))
	})
}

func TestOpenInboxRefuses(t *testing.T) {
	client := newClient(t, chathttp.Options{HTTPClient: over(unreachable(t))})
	for _, interval := range []time.Duration{-1, time.Microsecond} {
		_, err := client.OpenInbox(chathttp.InboxOptions{Interval: interval})
		e := requireCode(t, err, chatcore.InvalidArgument)
		assert.Equal(t, "InboxOptions.Interval", e.Target)
	}
	client.Close()
	_, err := client.OpenInbox(chathttp.InboxOptions{})
	requireCode(t, err, chatcore.Closed)
}

func TestMisuseOfAnInbox(t *testing.T) {
	inVirtualTime(t, func(t *testing.T) {
		c := newChats(t)
		lunch := c.create("Lunch", 0)
		client := c.janesClient(chathttp.Options{})
		inbox := openInbox(t, client)
		again := openInbox(t, client)
		assert.Same(t, inbox.Snapshot(), again.Snapshot(), "they share what they show")
		pass(time.Second)
		for _, id := range []string{"", "unknown", lunch + "x"} {
			e := requireCode(t, inbox.MarkRead(t.Context(), id), chatcore.InvalidArgument)
			assert.Contains(t, e.Message, "chatThreadID must be")
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		assert.ErrorIs(t, inbox.MarkRead(ctx, lunch), context.Canceled)
		for _, err := range inbox.Changes(ctx) {
			assert.ErrorIs(t, err, context.Canceled)
		}
		inbox.Close()
		inbox.Close()
		requireCode(t, inbox.MarkRead(t.Context(), lunch), chatcore.Closed)
		require.NoError(t, again.MarkRead(t.Context(), lunch), "the other is still open")
		last := again.Snapshot()
		client.Close()
		requireCode(t, again.MarkRead(t.Context(), lunch), chatcore.Closed)
		assert.Equal(t, lines(last), lines(again.Snapshot()))
	})
}

// TestInboxKeepsTheLimits: an inbox with many threads meets no 429, has few requests in flight, and shows threads before it has read all
// of them.
func TestInboxKeepsTheLimits(t *testing.T) {
	inVirtualTime(t, func(t *testing.T) {
		c := newChats(t)
		var threads []string
		for i := range 120 {
			threads = append(threads, c.create(fmt.Sprint(i), 0))
			pass(time.Second + time.Millisecond)
			c.joeWrites(threads[i], "Hi")
		}
		var mu sync.Mutex
		inFlight, most, refused := 0, 0, 0
		client := c.janesClient(chathttp.Options{HTTPClient: over(func(r *http.Request) (*http.Response, error) {
			if strings.Contains(r.URL.Path, "/threads/") {
				mu.Lock()
				inFlight++
				most = max(most, inFlight)
				mu.Unlock()
				defer func() {
					mu.Lock()
					inFlight--
					mu.Unlock()
				}()
			}
			time.Sleep(100 * time.Millisecond)
			response, err := handled(c)(r)
			if err == nil && response.StatusCode == http.StatusTooManyRequests {
				refused++
			}
			return response, err
		})})
		inbox := openInbox(t, client)
		pass(time.Second)
		assert.Len(t, inbox.Snapshot().Threads, 120)
		assert.Nil(t, inbox.Snapshot().Threads[119].LastMessage, "not all of them were read yet")
		assert.NotNil(t, inbox.Snapshot().Threads[0].LastMessage)
		pass(time.Minute)
		for i, thread := range inbox.Snapshot().Threads {
			assert.Equal(t, 1, thread.UnreadCount, thread.Topic)
			assert.Equal(t, fmt.Sprint(119-i), thread.Topic)
		}
		for range 60 {
			pass(time.Second)
			c.joeWrites(threads[len(threads)-1], "Ho")
			pass(time.Second)
		}
		pass(10 * time.Second)
		assert.Equal(t, 61, inbox.Snapshot().Threads[0].UnreadCount)
		mu.Lock()
		defer mu.Unlock()
		assert.Equal(t, 4, most)
		assert.Zero(t, refused)
	})
}
