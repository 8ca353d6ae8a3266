package chatstate_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
	"acschat/chatstate"
)

// openTab opens a conversation of Jane's in a world without faults, and loads its first page.
func openTab(t *testing.T, durable bool) (*world, *tab) {
	w := newWorld(1, nil)
	w.isCalm, w.durable = true, durable
	w.alexWrites()
	tab := w.open()
	w.run(w.now + 2000)
	t.Cleanup(func() { assert.Empty(t, w.problems) })
	return w, tab
}

// write sends a message and returns its key.
func (t *tab) write(content string) string {
	t.sendMessage()
	s := t.order[len(t.order)-1]
	t.pump()
	return s.key
}

func codeOf(err error) chatcore.Code {
	if e, ok := err.(*chatcore.Error); ok && e != nil {
		return e.Code
	}
	return ""
}

func TestSendEndsAsSent(t *testing.T) {
	w, tab := openTab(t, true)
	key := tab.write("Hi")
	require.NotNil(t, tab.message(key))
	assert.Equal(t, chatstate.Queued, tab.message(key).State, "it is stored first")
	for range 100 {
		if tab.message(key).State != chatstate.Queued {
			break
		}
		w.run(w.now + 1)
	}
	assert.Equal(t, chatstate.Sending, tab.message(key).State)
	w.run(w.now + 2000)
	m := tab.message(key)
	assert.Equal(t, chatstate.Sent, m.State)
	assert.True(t, m.Mine)
	assert.Equal(t, m.ID, w.sends[0].settledID)
	assert.False(t, w.storage.has(key), "the record is gone")
}

func TestBadInput(t *testing.T) {
	_, tab := openTab(t, false)
	c, now := tab.conversation, tab.w.instant()
	tab.w.offline = true
	c.SetOnline(now, false)
	key := tab.write("Hi")
	for _, test := range []struct {
		name    string
		request chatcore.SendChatMessageRequest
	}{
		{"empty", chatcore.SendChatMessageRequest{}},
		{"too long", chatcore.SendChatMessageRequest{Content: strings.Repeat("a", 28*1024+1)}},
		{"unknown type", chatcore.SendChatMessageRequest{Content: "Hi", Type: "markdown"}},
		{"own token", chatcore.SendChatMessageRequest{Content: "Hi", Metadata: chatcore.Metadata{chatcore.IdempotencyTokenName: "a-token-of-sixteen"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			count := len(c.Messages())
			_, err := c.Send(now, test.request)
			assert.Equal(t, chatcore.InvalidArgument, codeOf(err))
			assert.NotEmpty(t, err.(*chatcore.Error).Target)
			assert.Len(t, c.Messages(), count, "nothing is queued")
			err = c.Edit(now, key, test.request, func(bool) { t.Error("done is called") })
			assert.Equal(t, chatcore.InvalidArgument, codeOf(err))
		})
	}
	_, err := c.Send(now, chatcore.SendChatMessageRequest{Content: strings.Repeat("a", 28*1024)})
	assert.NoError(t, err, "28 KB are allowed")
	for _, id := range []string{"abc", "-1", "1e3", "12345678901234567890"} {
		c.MarkRead(now, id, func(err error) {
			assert.Equal(t, chatcore.InvalidArgument, codeOf(err), id)
			assert.Equal(t, "messageId", err.(*chatcore.Error).Target)
		})
	}
}

func TestUnknownKeys(t *testing.T) {
	_, tab := openTab(t, true)
	c, now := tab.conversation, tab.w.instant()
	sent := c.Messages()[0].Key
	for _, key := range []string{"", "unknown", sent} {
		assert.NoError(t, c.Edit(now, key, chatcore.SendChatMessageRequest{Content: "Hi"}, func(done bool) { assert.False(t, done, key) }))
		c.Cancel(now, key, func(done bool) { assert.False(t, done, key) })
		assert.False(t, c.Retry(now, key), key)
		assert.False(t, c.Discard(now, key), key)
	}
}

func TestTooLate(t *testing.T) {
	w, tab := openTab(t, true)
	c := tab.conversation
	key := tab.write("Hi")
	for range 100 {
		if w.sends[0].isPosted {
			break
		}
		w.run(w.now + 1)
	}
	require.True(t, w.sends[0].isPosted)
	assert.False(t, c.Discard(w.instant(), key), "it is being sent")
	assert.False(t, c.Retry(w.instant(), key))
	c.Cancel(w.instant(), key, func(done bool) { assert.False(t, done) })
	assert.NoError(t, c.Edit(w.instant(), key, chatcore.SendChatMessageRequest{Content: "Ho"}, func(done bool) { assert.False(t, done) }))
	w.run(w.now + 2000)
	assert.Equal(t, chatstate.Sent, tab.message(key).State)
}

func TestClosed(t *testing.T) {
	w, tab := openTab(t, true)
	c := tab.conversation
	w.goOffline(true)
	key := tab.write("Hi")
	w.run(w.now + 100)
	c.Close(w.instant())
	tab.pump()
	now := w.instant()
	assert.Equal(t, chatcore.Closed, codeOf(w.sends[0].settled))
	assert.True(t, w.storage.has(key), "it stays in the storage")
	_, err := c.Send(now, chatcore.SendChatMessageRequest{Content: "Hi"})
	assert.Equal(t, chatcore.Closed, codeOf(err))
	assert.Equal(t, "sendMessage: the conversation was closed", err.Error())
	assert.Equal(t, chatcore.Closed, codeOf(c.Edit(now, key, chatcore.SendChatMessageRequest{Content: "Ho"}, func(bool) { t.Error("done is called") })))
	c.Cancel(now, key, func(done bool) { assert.False(t, done) })
	assert.False(t, c.Retry(now, key))
	assert.False(t, c.Discard(now, key))
	isClosed := func(err error) { assert.Equal(t, chatcore.Closed, codeOf(err)) }
	c.MarkRead(now, "", isClosed)
	c.LoadOlder(now, isClosed)
	c.LoadNewer(now, isClosed)
	c.JumpToNewest(now, isClosed)
	c.Close(now)
	c.SetOnline(now, true)
	c.Elapsed(now)
	c.Forget(now)
	_, hasEffect := c.Next()
	assert.False(t, hasEffect, "nothing happens any more")
	assert.Zero(t, c.Deadline())

	tab.isGone = true
	w.goOffline(false)
	next := w.open()
	w.run(w.now + 20_000)
	m := next.message(key)
	require.NotNil(t, m, "the next conversation sends it with the same token")
	assert.Equal(t, chatstate.Sent, m.State)
}

func TestOffline(t *testing.T) {
	w, tab := openTab(t, false)
	c := tab.conversation
	w.goOffline(true)
	assert.Equal(t, chatstate.NotPaused, c.Paused(), "there is nothing to send")
	key := tab.write("Hi")
	assert.Equal(t, chatstate.OfflinePause, c.Paused())
	status, _ := c.Status()
	assert.Equal(t, chatstate.Waiting, status)
	w.run(w.now + 60_000)
	assert.Equal(t, chatstate.Queued, tab.message(key).State)
	w.goOffline(false)
	w.run(w.now + 10_000)
	assert.Equal(t, chatstate.Sent, tab.message(key).State)
	assert.Equal(t, chatstate.NotPaused, c.Paused())
}

// TestServerErrors: failures that pass are retried without the user, far beyond the retries of one call.
func TestServerErrors(t *testing.T) {
	w, tab := openTab(t, true)
	tab.failPosts = 12
	key := tab.write("Hi")
	for tab.message(key).State != chatstate.Unknown && tab.failPosts > 0 {
		w.run(w.now + 100)
	}
	require.Equal(t, chatstate.Unknown, tab.message(key).State)
	assert.Equal(t, chatcore.DeliveryUnknown, tab.message(key).Error.Code)
	w.run(w.now + 300_000)
	assert.Equal(t, chatstate.Sent, tab.message(key).State)
	assert.Zero(t, tab.failPosts)
}

func TestOtherUser(t *testing.T) {
	w, tab := openTab(t, true)
	tab.changeUser(&w.alex)
	w.run(w.now + 1000)
	key := tab.write("Hi")
	w.run(w.now + 60_000)
	assert.Equal(t, chatstate.TokenPause, tab.conversation.Paused())
	assert.Equal(t, chatstate.Queued, tab.message(key).State)
	status, err := tab.conversation.Status()
	assert.Equal(t, chatstate.Waiting, status)
	assert.Equal(t, chatcore.TokenError, codeOf(err))
	tab.changeUser(&w.jane)
	w.run(w.now + 60_000)
	assert.Equal(t, chatstate.Sent, tab.message(key).State)
}

func TestExpiry(t *testing.T) {
	w, tab := openTab(t, true)
	w.goOffline(true)
	key, second := tab.write("Hi"), tab.write("Ho")
	w.run(w.now + 100)
	w.wallError = 24*3_600_000 - 1000
	w.goOffline(true)
	w.run(w.now + 500)
	assert.Equal(t, chatstate.Queued, tab.message(key).State)
	assert.Equal(t, chatstate.Queued, tab.message(second).State)
	w.run(w.now + 500)
	m := tab.message(key)
	assert.Equal(t, chatstate.Failed, m.State)
	assert.Equal(t, chatstate.Expired, m.Error.Code)
	assert.Contains(t, m.Error.Hint, "Retry the message")
	w.goOffline(false)
	w.run(w.now + 10_000)
	assert.Equal(t, chatstate.Failed, tab.message(key).State, "only a retry sends it")
	assert.True(t, tab.discard(second))
	tab.retry(key)
	tab.pump()
	w.run(w.now + 20_000)
	assert.Equal(t, chatstate.Sent, tab.message(key).State)
}

func TestEndings(t *testing.T) {
	for _, test := range []struct {
		name string
		end  func(w *world)
		code chatcore.Code
	}{
		{"the thread is deleted", (*world).alexDeletesThread, chatcore.NotFound},
		{"the user is removed", (*world).alexRemovesJane, chatcore.Forbidden},
	} {
		t.Run(test.name, func(t *testing.T) {
			w, tab := openTab(t, true)
			w.goOffline(true)
			first, second := tab.write("Hi"), tab.write("Ho")
			w.run(w.now + 100)
			test.end(w)
			w.goOffline(false)
			w.run(w.now + 60_000)
			status, err := tab.conversation.Status()
			assert.Equal(t, chatstate.Ended, status)
			assert.Equal(t, test.code, codeOf(err))
			for _, key := range []string{first, second} {
				require.NotNil(t, tab.message(key))
				assert.Equal(t, chatstate.Failed, tab.message(key).State)
				assert.Equal(t, test.code, tab.message(key).Error.Code)
			}
			third := tab.write("Hello")
			assert.Equal(t, chatstate.Failed, tab.message(third).State)
			assert.True(t, tab.discard(third))
			tab.pump()
			assert.Nil(t, tab.message(third))
			if w.isDeleted {
				return
			}
			w.alexRemovesJane() // adds her
			w.run(w.now + 120_000)
			status, _ = tab.conversation.Status()
			assert.Equal(t, chatstate.Live, status)
			tab.retry(first)
			tab.retry(second)
			tab.pump()
			w.run(w.now + 20_000)
			assert.Equal(t, chatstate.Sent, tab.message(first).State)
			assert.Equal(t, chatstate.Sent, tab.message(second).State)
		})
	}
}

// TestAddedAgainWithoutHistory: a user who does not see the message about being added again is a participant all the same.
func TestAddedAgainWithoutHistory(t *testing.T) {
	w, tab := openTab(t, false)
	w.alexRemovesJane()
	w.run(w.now + 60_000)
	status, _ := tab.conversation.Status()
	require.Equal(t, chatstate.Ended, status)
	since := time.UnixMilli(epoch + int64(w.now) + 2000).UTC().Format(time.RFC3339)
	added, _ := w.ask(w.alex, "POST", w.threadPath()+"/participants/:add", fmt.Sprintf(`{"participants":[{"communicationIdentifier":{"rawId":%q},"shareHistoryTime":%q}]}`, w.jane.ID, since))
	require.Equal(t, 201, added)
	w.isRemoved = false
	w.run(w.now + 5000)
	w.alexWrites()
	w.run(w.now + 60_000)
	status, _ = tab.conversation.Status()
	assert.Equal(t, chatstate.Live, status)

	next := w.open() // it sees the removal and what came after it at once
	w.run(w.now + 5000)
	status, _ = next.conversation.Status()
	assert.Equal(t, chatstate.Live, status)
}

func TestStorage(t *testing.T) {
	t.Run("quota", func(t *testing.T) {
		w, tab := openTab(t, true)
		assert.Equal(t, chatstate.Disk, tab.conversation.Durability())
		w.storage.fails = true
		key := tab.write("Hi")
		w.run(w.now + 30_000)
		assert.Equal(t, chatstate.Memory, tab.conversation.Durability())
		assert.Equal(t, chatstate.Sent, tab.message(key).State)
	})
	t.Run("of a newer version", func(t *testing.T) {
		w, tab := openTab(t, true)
		tab.close()
		name := w.storage.names()[0]
		records := map[string]chatstate.Record{
			"a":    {Sequence: 1, Key: "a", Text: "2\nanything"},
			"mark": {Sequence: 2, Key: "mark", Text: "2\nanything"},
		}
		for key, record := range records {
			w.storage.queues[name][key] = record
		}
		tab = w.open()
		w.run(w.now + 2000)
		tab.markRead()
		key := tab.write("Hi")
		w.run(w.now + 5000)
		assert.Equal(t, chatstate.Sent, tab.message(key).State)
		tab.conversation.Forget(w.instant())
		tab.pump()
		w.run(w.now + 1000)
		assert.Equal(t, records, w.storage.queues[name], "they are as they were")
	})
	t.Run("a token without a user", func(t *testing.T) {
		w := newWorld(1, nil)
		w.isCalm, w.durable, w.isOpaque = true, true, true
		tab := w.open()
		w.run(w.now + 2000)
		key := tab.write("Hi")
		w.run(w.now + 5000)
		assert.Equal(t, chatstate.Memory, tab.conversation.Durability())
		assert.Empty(t, w.storage.queues)
		assert.Equal(t, chatstate.Sent, tab.message(key).State)
	})
	t.Run("forget", func(t *testing.T) {
		w, tab := openTab(t, true)
		w.goOffline(true)
		key := tab.write("Hi")
		tab.markRead()
		tab.pump()
		w.run(w.now + 100)
		assert.True(t, w.storage.has(key))
		assert.True(t, w.storage.has("mark"))
		w.forget()
		w.run(w.now + 100)
		assert.Nil(t, tab.message(key))
		assert.Empty(t, w.storage.queues[w.storage.names()[0]])
		assert.Equal(t, chatstate.Cancelled, codeOf(w.sends[0].settled))
	})
}

func TestEditAndCancel(t *testing.T) {
	for _, durable := range []bool{false, true} {
		w, tab := openTab(t, durable)
		w.goOffline(true)
		edited, cancelled := tab.write("Hi"), tab.write("Ho")
		w.run(w.now + 100)
		tab.edit(edited)
		tab.cancel(cancelled)
		tab.pump()
		w.run(w.now + 100)
		assert.Nil(t, tab.message(cancelled))
		assert.Equal(t, chatstate.Cancelled, codeOf(w.sends[1].settled))
		w.goOffline(false)
		w.run(w.now + 10_000)
		m := tab.message(edited)
		assert.Equal(t, chatstate.Sent, m.State)
		assert.Equal(t, w.sends[0].content, m.Content.Message)
	}
}

// The page is frozen after it has stored its message, and wakes up after another tab has stored one.
func TestOrderAfterFreezing(t *testing.T) {
	w, tab := openTab(t, true)
	other := w.open()
	w.run(w.now + 2000)
	w.goOffline(true)
	first := tab.write("Hi")
	tab.conversation.Freeze(w.instant())
	tab.pump()
	tab.isFrozen = true
	w.run(w.now + 70)
	second := other.write("Ho")
	w.run(w.now + 70)
	w.wake(tab)
	for range 300 { // each step checks the order
		w.run(w.now + 1)
	}
	shown := tab.conversation.Messages()
	assert.Equal(t, []string{first, second}, []string{shown[len(shown)-2].Key, shown[len(shown)-1].Key})
}

// One tab edits a message, and another discards it before it knows of that. Whatever answer comes first, both tabs stop showing it.
func TestDiscardWhatAnotherTabEdits(t *testing.T) {
	for seed := range uint64(50) { // how long the answers of the storage take
		w, tab := openTab(t, true)
		w.random = rand.New(rand.NewPCG(seed, 0))
		other := w.open()
		w.run(w.now + 2000)
		w.goOffline(true)
		key := other.write("Hi")
		w.run(w.now + 200)
		other.edit(key)
		other.pump()
		tab.discard(key)
		tab.pump()
		for range 200 {
			w.run(w.now + 1)
			if other.message(key) == nil {
				break
			}
		}
		for range 200 {
			require.Nil(t, other.message(key), "it is shown again")
			w.run(w.now + 1)
		}
		assert.False(t, w.storage.has(key))
	}
}

// A user may click twice, and another tab may begin to send in between.
func TestCancelTwice(t *testing.T) {
	edit := func(c *chatstate.Conversation, now chatcore.Instant, key string, done func(bool)) {
		_ = c.Edit(now, key, chatcore.SendChatMessageRequest{Content: "Ho"}, done)
	}
	for _, test := range []struct {
		name         string
		second       func(c *chatstate.Conversation, now chatcore.Instant, key string, done func(bool))
		isMarked     bool // another tab has begun to send the message
		first, other bool
	}{
		{"cancel", (*chatstate.Conversation).Cancel, false, true, true},
		{"cancel, too late", (*chatstate.Conversation).Cancel, true, false, false},
		{"discard", func(c *chatstate.Conversation, now chatcore.Instant, key string, done func(bool)) {
			done(c.Discard(now, key))
		}, false, true, true},
		{"edit", edit, false, true, false},
		{"edit, too late", edit, true, false, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			w, tab := openTab(t, true)
			w.offline = true
			tab.conversation.SetOnline(w.instant(), false)
			key := tab.write("Hi")
			w.run(w.now + 100)
			if test.isMarked {
				for _, queue := range w.storage.queues {
					record := queue[key]
					lines := strings.SplitN(record.Text, "\n", 4)
					lines[2] = "another-tab"
					record.Text = strings.Join(lines, "\n")
					queue[key] = record
				}
			}
			var first, other []bool
			tab.conversation.Cancel(w.instant(), key, func(done bool) { first = append(first, done) })
			test.second(tab.conversation, w.instant(), key, func(done bool) { other = append(other, done) })
			tab.pump()
			w.run(w.now + 100)
			assert.Equal(t, []bool{test.first}, first, "the first cancellation")
			assert.Equal(t, []bool{test.other}, other, "what follows it")
			assert.Equal(t, !test.first, tab.message(key) != nil, "it is shown unless it was cancelled")
		})
	}
}

func TestMessageJSON(t *testing.T) {
	m := chatstate.Message{Key: `a"b\c`, State: chatstate.Queued, Mine: true}
	assert.JSONEq(t, `{"key":"a\"b\\c","mine":true,"state":"queued"}`, m.JSON())
	m.ID = "1"
	assert.JSONEq(t, `{"key":"a\"b\\c","mine":true,"state":"queued","id":"1"}`, m.JSON())
}
