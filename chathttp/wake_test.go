package chathttp_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
	"acschat/chathttp"
	"acschat/emulator"
)

// openThreads are threads of an emulator that enforces the service's limits. Jane watches all of them. It is for tests in virtual time.
type openThreads struct {
	t       *testing.T
	jane    *chathttp.Client
	alex    *chathttp.Client
	janesID string
	threads []string

	mu       sync.Mutex
	polls    map[string]int // Jane's lists of messages by thread
	refused  int            // answers with status 429
	latency  time.Duration  // of Jane's requests
	returned map[string]int // messages by the watches, by thread
}

func openManyThreads(t *testing.T, count int, latency time.Duration) *openThreads {
	em := emulator.New(emulator.Options{RateLimits: true})
	o := &openThreads{t: t, latency: latency, polls: map[string]int{}, returned: map[string]int{}}
	jane, alex := em.NewUser(), em.NewUser()
	o.janesID = jane.ID
	o.alex = newClient(t, chathttp.Options{Token: alex.Token, HTTPClient: over(handled(em))})
	o.jane = newClient(t, chathttp.Options{Token: jane.Token, HTTPClient: over(o.counted(handled(em)))})
	for n := range count {
		if n > 0 && n%10 == 0 {
			time.Sleep(10 * time.Second)
		}
		created, err := o.alex.CreateThread(t.Context(), chatcore.CreateChatThreadRequest{Topic: "Lunch", Participants: participants(jane.ID)}, nil)
		require.NoError(t, err)
		o.threads = append(o.threads, created.ChatThread.ID)
	}
	for _, thread := range o.threads {
		ctx, cancel := context.WithCancel(context.Background())
		t.Cleanup(cancel)
		go func() {
			for message, err := range o.jane.WatchMessages(ctx, thread, chatcore.WatchMessagesOptions{}, nil) {
				o.mu.Lock()
				if err == nil && message.Type == chatcore.ChatMessageTypeText {
					o.returned[thread]++
				}
				o.mu.Unlock()
			}
		}()
	}
	time.Sleep(time.Minute)
	return o
}

// openConversations opens a conversation of each thread.
func (o *openThreads) openConversations() {
	for _, thread := range o.threads {
		_, err := o.jane.OpenConversation(thread, chathttp.ConversationOptions{})
		require.NoError(o.t, err)
	}
	time.Sleep(time.Minute)
}

// counted returns a transport that counts and delays Jane's requests.
func (o *openThreads) counted(next transport) transport {
	return func(r *http.Request) (*http.Response, error) {
		select {
		case <-time.After(o.latency):
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
		response, err := next(r)
		o.mu.Lock()
		defer o.mu.Unlock()
		if response.StatusCode == http.StatusTooManyRequests {
			o.refused++
		}
		if path := strings.Split(r.URL.Path, "/"); r.Method == "GET" && path[len(path)-1] == "messages" {
			o.polls[path[len(path)-2]]++
		}
		return response, err
	}
}

// pollsIn returns how often each thread is polled in a time. Something may happen meanwhile.
func (o *openThreads) pollsIn(d time.Duration, happens func()) (polls []int) {
	o.mu.Lock()
	clear(o.polls)
	o.mu.Unlock()
	until := time.Now().Add(d)
	happens()
	time.Sleep(time.Until(until))
	synctest.Wait()
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, thread := range o.threads {
		polls = append(polls, o.polls[thread])
	}
	return polls
}

func (o *openThreads) requireNoRefusal() {
	o.mu.Lock()
	defer o.mu.Unlock()
	require.Zero(o.t, o.refused, "answers with status 429")
}

// TestFiftyOpenThreads: many threads are polled evenly, by one poll for the watch and the conversation of each, and the service refuses no
// request, even if a flood of hints comes.
func TestFiftyOpenThreads(t *testing.T) {
	for _, latency := range []time.Duration{20 * time.Millisecond, time.Second} {
		synctest.Test(t, func(t *testing.T) {
			o := openManyThreads(t, 50, latency)
			o.openConversations()
			idle := o.pollsIn(5*time.Minute, func() {})
			for _, n := range idle {
				assert.InDelta(t, idle[0], n, 2, "%v", idle)
			}
			perThread := min(30, int(5*time.Minute/latency)*4/len(o.threads)) // an idle thread is polled every 10 s, with four polls in flight
			assert.InDelta(t, perThread, idle[0], 2)

			flooded := o.pollsIn(time.Minute, func() {
				for n := range 6000 {
					for _, thread := range o.threads {
						o.jane.Wake(thread, chatcore.WakeOptions{Version: []string{"", fmt.Sprint(int64(n) << 40)}[n%2]})
					}
					time.Sleep(10 * time.Millisecond)
				}
			})
			for _, n := range flooded {
				assert.InDelta(t, flooded[0], n, 3, "%v", flooded)
				assert.LessOrEqual(t, n, 200)
			}
			assert.InDelta(t, min(200, int(time.Minute/latency)*4/len(o.threads)), flooded[0], 20)
			o.requireNoRefusal()
		})
	}
}

// TestOwnMessagesReachTheWatch: what a client sends, edits and deletes reaches its own watches at once.
func TestOwnMessagesReachTheWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const latency = 50 * time.Millisecond
		o := openManyThreads(t, 2, latency)
		var id string
		for i, change := range []func() error{
			func() error {
				sent, err := o.jane.SendMessage(t.Context(), o.threads[0], hi, nil)
				id = sent.ID
				return err
			},
			func() error {
				return o.jane.UpdateMessage(t.Context(), o.threads[0], id, chatcore.UpdateChatMessageRequest{Content: "Hi!"}, nil)
			},
			func() error { return o.jane.DeleteMessage(t.Context(), o.threads[0], id, nil) },
		} {
			time.Sleep(time.Minute)
			require.NoError(t, change())
			polls := o.pollsIn(latency, func() {})
			assert.Equal(t, []int{1, 0}, polls)
			assert.Equal(t, i+1, o.returned[o.threads[0]])
		}
		o.requireNoRefusal()
	})
}

// TestWake: a hint makes the watches and conversations of a thread poll at once. Hints for other threads do nothing.
func TestWake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const latency = 50 * time.Millisecond
		o := openManyThreads(t, 2, latency)
		sent, err := o.alex.SendMessage(t.Context(), o.threads[0], hi, nil)
		require.NoError(t, err)
		o.jane.Wake("19:other@thread.v2", chatcore.WakeOptions{})
		o.jane.Wake(o.threads[0], chatcore.WakeOptions{Version: sent.ID})
		assert.Equal(t, []int{1, 0}, o.pollsIn(latency, func() {}))
		assert.Equal(t, 1, o.returned[o.threads[0]])
		o.jane.Wake(o.threads[0], chatcore.WakeOptions{Version: sent.ID})
		assert.Equal(t, []int{0, 0}, o.pollsIn(latency, func() {}))
		o.jane.Close()
		o.jane.Wake(o.threads[0], chatcore.WakeOptions{})
	})
}

// TestWakeTellsTheInbox: a hint makes the inbox look at a thread that nothing else follows.
func TestWakeTellsTheInbox(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const latency = 50 * time.Millisecond
		o := openManyThreads(t, 0, latency)
		created, err := o.alex.CreateThread(t.Context(), chatcore.CreateChatThreadRequest{Topic: "Lunch", Participants: participants(o.janesID)}, nil)
		require.NoError(t, err)
		inbox := openInbox(t, o.jane)
		time.Sleep(62 * time.Second) // between two lists of threads
		sent, err := o.alex.SendMessage(t.Context(), created.ChatThread.ID, hi, nil)
		require.NoError(t, err)
		o.jane.Wake("19:other@thread.v2", chatcore.WakeOptions{})
		o.jane.Wake(created.ChatThread.ID, chatcore.WakeOptions{Version: sent.ID})
		time.Sleep(2 * latency)
		synctest.Wait()
		assert.Equal(t, []string{"Lunch: Hi 1"}, lines(inbox.Snapshot()))
	})
}

// TestWatchesAndInboxShareTheLimits: the service refuses no request if the inbox reads the threads that are watched, too.
func TestWatchesAndInboxShareTheLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := openManyThreads(t, 3, 20*time.Millisecond)
		openInbox(t, o.jane)
		time.Sleep(time.Minute)
		o.pollsIn(5*time.Minute, func() {
			for range 30_000 {
				for _, thread := range o.threads {
					o.jane.Wake(thread, chatcore.WakeOptions{})
				}
				time.Sleep(10 * time.Millisecond)
			}
		})
		o.requireNoRefusal()
	})
}
