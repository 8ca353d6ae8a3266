package chathttp_test

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
	"acschat/chathttp"
	"acschat/emulator"
)

var long = flag.Duration("long", 0, "run TestCrowd this long, with 64 clients; by default 8 clients make 40 requests each")

// TestCrowd makes many clients send random requests at once. Each checks the results of its own requests. No request may fail
// unexpectedly, and no message may be lost or stored twice.
func TestCrowd(t *testing.T) {
	clients, rounds, ctx := 8, 40, t.Context()
	if *long > 0 {
		clients, rounds = 64, 1<<30
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, *long)
		defer cancel()
	}
	c := newCrowd(t, clients)
	var watching, working sync.WaitGroup
	watching.Go(c.watch)
	for i, m := range c.members {
		working.Go(func() {
			random := rand.New(rand.NewPCG(uint64(i), 1))
			for range rounds {
				if ctx.Err() != nil || !m.act(random) {
					return
				}
			}
		})
	}
	working.Wait()
	c.members[0].send(c.members[0].own, theEnd)
	watching.Wait()
	c.check()
}

// theEnd is the last message in the first member's own thread. The watch ends with it.
const theEnd = "the end"

// crowd is a group of users. All of them share one thread, and each has a thread with a neighbour.
type crowd struct {
	t       *testing.T
	em      *emulator.Emulator
	shared  string
	members []*member
	seen    map[string]string // by message id, the last content that the watch of the first member's own thread returned
}

// member is one user, and the expected state of their threads and messages.
type member struct {
	crowd     *crowd
	id        string
	client    *chathttp.Client
	own       string // the member's own thread
	neighbour *member
	messages  map[string]map[string]string // content by thread and id; empty if deleted
	sent      int
	guest     bool // the neighbour's neighbour is in the own thread too
}

func newCrowd(t *testing.T, size int) *crowd {
	c := &crowd{t: t, em: emulator.New(emulator.Options{}), seen: map[string]string{}}
	server := httptest.NewServer(c.em)
	t.Cleanup(server.Close)
	transport := &http.Transport{MaxIdleConnsPerHost: size}
	t.Cleanup(transport.CloseIdleConnections)
	for range size {
		user := c.em.NewUser()
		client, err := chathttp.New(chathttp.Options{Endpoint: server.URL, Token: user.Token, HTTPClient: &http.Client{Transport: transport}})
		require.NoError(t, err)
		t.Cleanup(client.Close)
		c.members = append(c.members, &member{crowd: c, id: user.ID, client: client, messages: map[string]map[string]string{}})
	}
	for i, m := range c.members {
		m.neighbour = c.members[(i+1)%size]
		m.own = m.create(m.neighbour)
	}
	c.shared = c.members[0].create(c.members[1:]...)
	return c
}

func (m *member) create(with ...*member) string {
	request := chatcore.CreateChatThreadRequest{Topic: "Lunch"}
	for _, other := range with {
		request.Participants = append(request.Participants, chatcore.ChatParticipant{CommunicationIdentifier: chatcore.RawIdentifier(other.id)})
	}
	created, err := m.client.CreateThread(m.crowd.t.Context(), request, nil)
	require.NoError(m.crowd.t, err)
	return created.ChatThread.ID
}

// act sends a random request, and reports whether the result was as expected.
func (m *member) act(random *rand.Rand) bool {
	ctx, t := m.crowd.t.Context(), m.crowd.t
	thread := []string{m.own, m.crowd.shared}[random.IntN(2)]
	var err error
	switch random.IntN(12) {
	case 0, 1, 2:
		return m.send(thread, fmt.Sprintf("%d of %s", m.sent, m.id))
	case 3:
		if id, ok := m.pick(random, thread); ok {
			content := m.messages[thread][id] + "!"
			err = m.client.UpdateMessage(ctx, thread, id, chatcore.UpdateChatMessageRequest{Content: content}, nil)
			m.messages[thread][id] = content
		}
	case 4:
		if id, ok := m.pick(random, thread); ok {
			err = m.client.DeleteMessage(ctx, thread, id, nil)
			m.messages[thread][id] = ""
		}
	case 5:
		n := 0
		for _, failure := range m.client.ListMessages(ctx, thread, chatcore.ListChatMessagesOptions{MaxPageSize: 20}, nil) {
			if n++; failure != nil || n == 50 {
				err = failure
				break
			}
		}
	case 6:
		if id, ok := m.pick(random, m.own); ok {
			var message chatcore.ChatMessage
			if message, err = m.client.GetMessage(ctx, m.own, id, nil); err == nil {
				assert.Equal(t, m.messages[m.own][id], message.Content.Message)
				err = m.client.SendReadReceipt(ctx, m.own, chatcore.SendReadReceiptRequest{ChatMessageID: id}, nil)
			}
		}
	case 7:
		err = m.client.SendTypingNotification(ctx, m.own, chatcore.SendTypingNotificationRequest{}, nil)
	case 8:
		guest := chatcore.RawIdentifier(m.neighbour.neighbour.id)
		if m.guest {
			err = m.client.RemoveParticipant(ctx, m.own, guest, nil)
		} else {
			_, err = m.client.AddParticipants(ctx, m.own, chatcore.AddChatParticipantsRequest{Participants: []chatcore.ChatParticipant{{CommunicationIdentifier: guest}}}, nil)
		}
		m.guest = !m.guest
	case 9:
		err = m.client.UpdateThread(ctx, m.own, chatcore.UpdateChatThreadRequest{Topic: fmt.Sprint("Topic ", m.sent)}, nil)
	case 10:
		_, err = m.client.GetThread(ctx, thread, nil)
	case 11: // requests that the service must refuse
		_, err = m.client.GetThread(ctx, m.neighbour.neighbour.own, nil)
		var e *chatcore.Error
		return assert.ErrorAs(t, err, &e) && assert.Equal(t, chatcore.Forbidden, e.Code)
	}
	return assert.NoError(t, err)
}

// pick chooses a message of the member in a thread, one that was not deleted.
func (m *member) pick(random *rand.Rand, thread string) (id string, ok bool) {
	var ids []string
	for id, content := range m.messages[thread] {
		if content != "" {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return "", false
	}
	return ids[random.IntN(len(ids))], true
}

func (m *member) send(thread, content string) bool {
	m.sent++
	sent, err := m.client.SendMessage(m.crowd.t.Context(), thread, chatcore.SendChatMessageRequest{Content: content}, nil)
	if !assert.NoError(m.crowd.t, err) {
		return false
	}
	if m.messages[thread] == nil {
		m.messages[thread] = map[string]string{}
	}
	assert.NotContains(m.crowd.t, m.messages[thread], sent.ID)
	m.messages[thread][sent.ID] = content
	return true
}

// watch watches the first member's own thread until theEnd.
func (c *crowd) watch() {
	version := ""
	m := c.members[0]
	for message, err := range m.client.WatchMessages(c.t.Context(), m.own, chatcore.WatchMessagesOptions{SinceMessageID: "0", IntervalMs: 300}, nil) {
		if !assert.NoError(c.t, err) {
			return
		}
		assert.Greater(c.t, message.Version, version, "once, and in order")
		version = message.Version
		if message.Type == chatcore.ChatMessageTypeText {
			c.seen[message.ID] = message.Content.Message
		}
		if message.Content.Message == theEnd {
			return
		}
	}
}

// check compares the emulator's state with the expected state.
func (c *crowd) check() {
	want, count := map[string]map[string]string{}, 0
	for _, m := range c.members {
		for thread, messages := range m.messages {
			if want[thread] == nil {
				want[thread] = map[string]string{}
			}
			maps.Copy(want[thread], messages)
			count += len(messages)
		}
	}
	for _, thread := range c.em.Threads() {
		have, texts := map[string]string{}, 0
		for _, message := range thread.Messages {
			if message.Type == "text" {
				have[message.ID] = message.Content.Message
				texts++
			}
		}
		if len(have) > 0 || len(want[thread.ID]) > 0 {
			assert.Equal(c.t, want[thread.ID], have)
		}
		assert.Len(c.t, have, texts, "ids are unique")
	}
	for _, m := range c.members {
		i := slices.IndexFunc(c.em.Threads(), func(t emulator.Thread) bool { return t.ID == m.own })
		assert.Len(c.t, c.em.Threads()[i].Participants, map[bool]int{false: 2, true: 3}[m.guest])
	}
	assert.Equal(c.t, want[c.members[0].own], c.seen, "what the watch saw last")
	c.t.Logf("%d clients, %d messages", len(c.members), count)
}
