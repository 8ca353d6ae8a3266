package chathttp_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
	"acschat/chathttp"
	"acschat/chatstate"
	"acschat/emulator"
)

func TestTwoUsersInAConversation(t *testing.T) {
	inVirtualTime(t, func(t *testing.T) {
		em := emulator.New(emulator.Options{})
		jane, joe := em.NewUser(), em.NewUser()
		thread := lunchOf(t, em, jane, joe)
		janesClient := newClient(t, chathttp.Options{Token: jane.Token, HTTPClient: over(handled(em))})
		joesClient := newClient(t, chathttp.Options{Token: joe.Token, HTTPClient: over(handled(em))})
		janes, joes := openConversation(t, janesClient, thread), openConversation(t, joesClient, thread)
		pass(time.Second)
		assert.Equal(t, chatstate.Live, janes.Snapshot().Status)
		assert.Equal(t, "Lunch", janes.Snapshot().Topic)
		assert.Len(t, janes.Snapshot().Participants, 2)
		assert.Equal(t, chatstate.Memory, janes.Snapshot().Durability)

		pizza := janes.send("Pizza?")
		assert.Contains(t, keysOf(janes.Snapshot()), pizza.Key)
		id := requireSent(t, janes, pizza)
		pass(5 * time.Second)
		last := janes.Snapshot().Messages[len(janes.Snapshot().Messages)-1]
		assert.Equal(t, pizza.Key, last.Key)
		assert.Equal(t, id, last.ID)
		assert.True(t, last.Mine)
		assert.Same(t, janes.Snapshot(), janes.Snapshot())

		assert.Equal(t, []string{"Pizza?"}, texts(joes.Snapshot()))
		assert.Equal(t, 1, joes.Snapshot().UnreadCount)
		require.NoError(t, joes.MarkRead(t.Context(), ""))
		assert.Zero(t, joes.Snapshot().UnreadCount)
		pass(time.Minute)
		for _, p := range janes.Snapshot().Participants {
			if p.CommunicationIdentifier.RawID == joe.ID {
				assert.Equal(t, id, p.LastReadMessageID)
			}
		}

		requireSent(t, joes, joes.send("Pasta!"))
		pass(time.Minute)
		assert.Equal(t, []string{"Pizza?", "Pasta!"}, texts(janes.Snapshot()))
		assert.Same(t, last, janes.Snapshot().Messages[len(janes.Snapshot().Messages)-2], "it has not changed")
	})
}

// TestConversationSendsOnce: messages arrive once and in order, though answers are lost.
func TestConversationSendsOnce(t *testing.T) {
	inVirtualTime(t, func(t *testing.T) {
		em := emulator.New(emulator.Options{})
		jane := em.NewUser()
		thread := lunchOf(t, em, jane)
		em.Fail(emulator.Rule{Operation: "sendMessage", Call: 3, Times: 3, Status: 503, After: true})
		way := losing(handled(em), rand.New(rand.NewPCG(1, 15)))
		c := openConversation(t, newClient(t, chathttp.Options{Token: jane.Token, HTTPClient: over(way)}), thread)
		var want []string
		var last *chathttp.PendingMessage
		for i := range 25 {
			want = append(want, fmt.Sprint(i))
			last = c.send(want[i])
			pass(time.Duration(i%4) * time.Second)
		}
		requireSent(t, c, last)
		pass(time.Minute)
		assert.Equal(t, want, stored(em))
		require.NoError(t, c.LoadOlder(t.Context()))
		require.NoError(t, c.LoadOlder(t.Context()))
		assert.Equal(t, want, texts(c.Snapshot()))
	})
}

// offline is a transport that can be switched off.
type offline struct {
	service transport
	isOff   atomic.Bool
}

func (o *offline) RoundTrip(r *http.Request) (*http.Response, error) {
	if o.isOff.Load() {
		return nil, errors.New("offline")
	}
	return o.service(r)
}

func TestChangeTheQueue(t *testing.T) {
	inVirtualTime(t, func(t *testing.T) {
		em := emulator.New(emulator.Options{})
		jane := em.NewUser()
		thread := lunchOf(t, em, jane)
		way := &offline{service: handled(em)}
		c := openConversation(t, newClient(t, chathttp.Options{Token: jane.Token, HTTPClient: over(way.RoundTrip)}), thread)
		pass(time.Second)
		em.Fail(emulator.Rule{Operation: "sendMessage", Call: 1, Status: 400})
		refused, edited, cancelled, discarded := c.send("refused"), c.send("typo"), c.send("cancelled"), c.send("discarded")
		pass(time.Minute)
		s := c.Snapshot()
		assert.Equal(t, []string{"refused: failed", "typo: queued", "cancelled: queued", "discarded: queued"}, texts(s))
		failure := s.Messages[len(s.Messages)-4].Error
		require.NotNil(t, failure)
		assert.Equal(t, chatcore.BadRequest, failure.Code)

		done, err := c.Edit(t.Context(), edited.Key, chatcore.SendChatMessageRequest{Content: "edited"})
		assert.NoError(t, err)
		assert.True(t, done)
		done, err = c.Cancel(t.Context(), cancelled.Key)
		assert.NoError(t, err)
		assert.True(t, done)
		assert.True(t, c.Discard(discarded.Key))
		for _, m := range []*chathttp.PendingMessage{cancelled, discarded} {
			_, err = m.Wait(t.Context())
			requireCode(t, err, chatstate.Cancelled)
		}
		assert.True(t, c.Retry(refused.Key))
		requireSent(t, c, refused)
		requireSent(t, c, edited)
		assert.Equal(t, []string{"refused", "edited"}, stored(em))

		done, err = c.Cancel(t.Context(), edited.Key)
		assert.NoError(t, err)
		assert.False(t, done, "too late")
		assert.False(t, c.Retry(edited.Key))
		assert.False(t, c.Discard("unknown"))
	})
}

func TestOlderMessages(t *testing.T) {
	inVirtualTime(t, func(t *testing.T) {
		em := emulator.New(emulator.Options{})
		jane := em.NewUser()
		thread := lunchOf(t, em, jane)
		client := newClient(t, chathttp.Options{Token: jane.Token, HTTPClient: over(handled(em))})
		for i := range 35 {
			_, err := client.SendMessage(t.Context(), thread, chatcore.SendChatMessageRequest{Content: fmt.Sprint(i)}, nil)
			require.NoError(t, err)
		}
		c := openConversation(t, client, thread)
		pass(time.Second)
		assert.Len(t, texts(c.Snapshot()), 10)
		assert.True(t, c.Snapshot().HasOlder)
		for c.Snapshot().HasOlder {
			require.NoError(t, c.LoadOlder(t.Context()))
		}
		assert.Len(t, texts(c.Snapshot()), 35)
		assert.False(t, c.Snapshot().HasNewer)
		require.NoError(t, c.LoadNewer(t.Context()))
		require.NoError(t, c.JumpToNewest(t.Context()))
	})
}

// TestConversationOfAGoneThread: the conversation ends, and what is sent then fails.
func TestConversationOfAGoneThread(t *testing.T) {
	inVirtualTime(t, func(t *testing.T) {
		em := emulator.New(emulator.Options{})
		jane := em.NewUser()
		thread := lunchOf(t, em, jane)
		client := newClient(t, chathttp.Options{Token: jane.Token, HTTPClient: over(handled(em))})
		c := openConversation(t, client, thread)
		pass(time.Second)
		require.NoError(t, client.DeleteThread(t.Context(), thread, nil))
		pass(time.Minute)
		s := c.Snapshot()
		assert.Equal(t, chatstate.Ended, s.Status)
		e := requireCode(t, s.Err, chatcore.NotFound)
		assert.NotEmpty(t, e.Hint)
		c.send("late")
		assert.Equal(t, []string{"late: failed"}, texts(c.Snapshot()))
	})
}

func TestMarkReadRefuses(t *testing.T) {
	inVirtualTime(t, func(t *testing.T) {
		em := emulator.New(emulator.Options{})
		jane := em.NewUser()
		client := newClient(t, chathttp.Options{Token: jane.Token, HTTPClient: over(handled(em))})
		c := openConversation(t, client, lunchOf(t, em, jane))
		e := requireCode(t, c.MarkRead(t.Context(), "x"), chatcore.InvalidArgument)
		assert.Equal(t, "sendReadReceipt: chatMessageID must be the id of a message", e.Message)
	})
}

func TestOpenConversationRefuses(t *testing.T) {
	client := newClient(t, chathttp.Options{HTTPClient: over(unreachable(t))})
	for name, c := range map[string]struct {
		thread         string
		o              chathttp.ConversationOptions
		target, saying string
	}{
		"no thread":         {"", chathttp.ConversationOptions{}, "chatThreadID", "is required"},
		"negative page":     {"19:x@thread.v2", chathttp.ConversationOptions{PageSize: -1}, "ConversationOptions.PageSize", "from 1 to 200"},
		"large page":        {"19:x@thread.v2", chathttp.ConversationOptions{PageSize: 201}, "ConversationOptions.PageSize", "from 1 to 200"},
		"negative interval": {"19:x@thread.v2", chathttp.ConversationOptions{Interval: -1}, "ConversationOptions.Interval", "from 1ms"},
	} {
		t.Run(name, func(t *testing.T) {
			opened, err := client.OpenConversation(c.thread, c.o)
			assert.Nil(t, opened)
			e := requireCode(t, err, chatcore.InvalidArgument)
			assert.Equal(t, c.target, e.Target)
			assert.Contains(t, e.Message, "openConversation: "+c.target+" ")
			assert.Contains(t, e.Message, c.saying)
		})
	}
	client.Close()
	_, err := client.OpenConversation("19:x@thread.v2", chathttp.ConversationOptions{})
	requireCode(t, err, chatcore.Closed)
}

func TestMisuseOfAConversation(t *testing.T) {
	inVirtualTime(t, func(t *testing.T) {
		em := emulator.New(emulator.Options{})
		jane := em.NewUser()
		thread := lunchOf(t, em, jane)
		client := newClient(t, chathttp.Options{Token: jane.Token, HTTPClient: over(handled(em))})
		c := openConversation(t, client, thread)
		pass(time.Second)

		for name, request := range map[string]chatcore.SendChatMessageRequest{
			"no content":   {},
			"long content": {Content: strings.Repeat("x", 30_000)},
			"a taken name": {Content: "x", Metadata: chatcore.Metadata{chatcore.IdempotencyTokenName: "mine"}},
		} {
			_, err := c.Send(request)
			assert.Error(t, err, name)
			requireCode(t, err, chatcore.InvalidArgument)
		}
		assert.Empty(t, texts(c.Snapshot()))

		ctx, cancel := context.WithCancelCause(t.Context())
		reason := errors.New("no more")
		cancel(reason)
		assert.Equal(t, reason, c.LoadOlder(ctx))
		for _, err := range c.Changes(ctx) {
			assert.Equal(t, reason, err)
		}

		em.Fail(emulator.Rule{Operation: "sendMessage", Status: 503})
		waiting := c.send("waiting")
		c.Close()
		c.Close()
		_, err := waiting.Wait(t.Context())
		e := requireCode(t, err, chatcore.Closed)
		assert.Equal(t, "sendMessage: the conversation was closed", e.Message)
		assert.Equal(t, "Open the conversation again.", e.Hint)
		_, err = c.Send(hi)
		requireCode(t, err, chatcore.Closed)
		_, err = c.Cancel(t.Context(), waiting.Key)
		requireCode(t, err, chatcore.Closed)
		requireCode(t, c.LoadOlder(t.Context()), chatcore.Closed)
		requireCode(t, c.MarkRead(t.Context(), ""), chatcore.Closed)
		assert.False(t, c.Retry(waiting.Key))
		assert.False(t, c.Discard(waiting.Key))
		requireCode(t, drain(c.Changes(t.Context())), chatcore.Closed)
		assert.Equal(t, "Lunch", c.Snapshot().Topic)
	})
}

// TestClientClosesConversations: all that waits for them ends.
func TestClientClosesConversations(t *testing.T) {
	inVirtualTime(t, func(t *testing.T) {
		client := newClient(t, chathttp.Options{HTTPClient: over(silent)})
		c := openConversation(t, client, "19:x@thread.v2")
		assert.Equal(t, chatstate.Loading, c.Snapshot().Status)
		m := c.send("Hi")
		loading := begin(func() error { return c.LoadOlder(t.Context()) })
		synctest.Wait()
		client.Close()
		_, err := m.Wait(t.Context())
		requireCode(t, err, chatcore.Closed)
		requireCode(t, <-loading, chatcore.Closed)
		_, err = c.Send(hi)
		requireCode(t, err, chatcore.Closed)
	})
}

// TestConversationsOfOneThread share their queue until both are closed.
func TestConversationsOfOneThread(t *testing.T) {
	inVirtualTime(t, func(t *testing.T) {
		em := emulator.New(emulator.Options{})
		jane := em.NewUser()
		thread := lunchOf(t, em, jane)
		client := newClient(t, chathttp.Options{Token: jane.Token, HTTPClient: over(handled(em))})
		first, second := openConversation(t, client, thread), openConversation(t, client, thread)
		pass(time.Second)
		assert.Same(t, first.Snapshot(), second.Snapshot())
		m := first.send("Hi")
		first.Close()
		requireSent(t, second, m)
		assert.Equal(t, []string{"Hi"}, texts(second.Snapshot()))
		_, err := first.Send(hi)
		requireCode(t, err, chatcore.Closed)
	})
}

// TestMessageChanges: the changes between any two lists lead from one to the other.
func TestMessageChanges(t *testing.T) {
	random := rand.New(rand.NewPCG(2, 15))
	list := func() (l []*chatstate.Message) {
		for _, n := range random.Perm(8)[:random.IntN(9)] {
			l = append(l, messagePool[n][random.IntN(2)])
		}
		return l
	}
	for range 20_000 {
		from, to := list(), list()
		changes := chathttp.MessageChanges(from, to)
		require.True(t, slices.Equal(to, applied(from, changes)))
		require.LessOrEqual(t, len(changes), len(from)+2*len(to))
	}
	same := list()
	assert.Empty(t, chathttp.MessageChanges(same, same))
}

// messagePool has two versions each of eight messages.
var messagePool = func() (pool [8][2]*chatstate.Message) {
	for i := range pool {
		for j := range pool[i] {
			pool[i][j] = &chatstate.Message{Key: fmt.Sprint(i)}
		}
	}
	return pool
}()
