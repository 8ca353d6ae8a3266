package chathttp_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
	"acschat/chathttp"
	"acschat/emulator"
)

// temporaryFailures are failures of an exchange that do not end a watch.
var temporaryFailures = map[string]transport{
	"network error": func(*http.Request) (*http.Response, error) { return nil, io.EOF },
	"no answer":     silent,
	"503":           handled(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) })),
	"500":           handled(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) })),
	"not JSON":      handled(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") })),
	"429": handled(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "20")
		w.WriteHeader(429)
	})),
}

// TestWatchReturnsALateChange: the watch returns a message that becomes visible 3 s after a newer one.
func TestWatchReturnsALateChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWatched(t, sameTransport)
		ctx, cancel := context.WithCancelCause(t.Context())
		changes := w.watch(ctx, chatcore.WatchMessagesOptions{})
		passTime()
		w.em.Fail(emulator.Rule{Operation: "sendMessage", Times: 1, VisibleAfterMs: 3000})
		w.send("late")
		w.send("early")
		time.Sleep(2900 * time.Millisecond)
		synctest.Wait()
		assert.Equal(t, []string{"text: early"}, changes.take())
		passTime()
		assert.Equal(t, []string{"text: late"}, changes.take())
		cancel(io.EOF)
		synctest.Wait()
	})
}

func TestWatchReturnsChangesOnceAndInOrder(t *testing.T) {
	ways := map[string]func(transport) transport{"undisturbed": sameTransport}
	for name, disturbance := range temporaryFailures {
		ways["with "+name] = func(service transport) transport {
			exchanges := 0
			return func(r *http.Request) (*http.Response, error) {
				if exchanges++; exchanges%3 != 0 {
					return disturbance(r)
				}
				return service(r)
			}
		}
	}
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWatched(t, way)
				w.send("before")
				ctx, cancel := context.WithCancelCause(t.Context())
				changes := w.watch(ctx, chatcore.WatchMessagesOptions{})
				passTime()
				assert.Empty(t, changes.take(), "no messages from before the watch")

				first := w.send("1")
				passTime()
				assert.Equal(t, []string{"text: 1"}, changes.take())
				w.edit(first, "one")
				passTime()
				assert.Equal(t, []string{"edited: one"}, changes.take())
				second, third := w.send("2"), w.send("3")
				w.edit(first, "uno")
				w.edit(second, "two")
				w.delete(first)
				passTime()
				assert.Equal(t, []string{"text: 3", "edited: two", "deleted"}, changes.take())
				w.delete(third)
				passTime()
				assert.Equal(t, []string{"deleted"}, changes.take())
				var want []string
				for i := range 30 { // more than a page of them
					w.send(fmt.Sprint(i))
					want = append(want, fmt.Sprint("text: ", i))
				}
				passTime()
				assert.Equal(t, want, changes.take())
				passTime()
				assert.Empty(t, changes.take())

				cancel(errReason)
				assert.True(t, <-changes.ended == errReason, "unchanged")
			})
		})
	}
}

func TestWatchPollsAsRarelyAsAllowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked []time.Time
		counted := 0
		w := newWatched(t, func(service transport) transport {
			return func(r *http.Request) (*http.Response, error) {
				if strings.HasSuffix(r.URL.Path, "/participants") {
					counted++
				} else {
					asked = append(asked, time.Now())
				}
				return service(r)
			}
		})
		ctx, cancel := context.WithCancel(t.Context())
		changes := w.watch(ctx, chatcore.WatchMessagesOptions{IntervalMs: 3000})
		for i := range 30 {
			w.send(fmt.Sprint(i))
			time.Sleep(time.Second)
		}
		passTime()
		cancel()
		<-changes.ended

		assert.Len(t, changes.take(), 30)
		require.Greater(t, len(asked), 10)
		for i := 1; i < len(asked); i++ {
			assert.GreaterOrEqual(t, asked[i].Sub(asked[i-1]), 3*time.Second, "also between two batches")
		}
		assert.Equal(t, 1, counted, "the participants are counted once, not per batch")
		assert.LessOrEqual(t, asked[len(asked)-1].Sub(asked[len(asked)-2]), 10*time.Second)
	})
}

func TestWatchReportsExchanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWatched(t, sameTransport)
		ctx, cancel := context.WithCancel(t.Context())
		changes := w.watch(ctx, chatcore.WatchMessagesOptions{})
		time.Sleep(3 * time.Second)
		w.send("1")
		passTime()
		cancel()
		<-changes.ended
		var next []string
		for _, e := range w.exchanges {
			assert.Equal(t, "watchMessages", e.Operation)
			assert.Equal(t, 200, e.Status)
			next = append(next, e.Next)
		}
		assert.Equal(t, []string{"send", "wait", "wait", "done", "wait"}, next[:5])
	})
}

func TestWatchGetsAFreshToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWatched(t, sameTransport)
		id := w.send("1")
		var asked []bool
		client := newClient(t, chathttp.Options{HTTPClient: over(handled(w.em)), TokenFunc: func(_ context.Context, forceRefresh bool) (string, error) {
			if asked = append(asked, forceRefresh); !forceRefresh {
				return "expired", nil
			}
			return w.joesToken, nil
		}})
		w.edit(id, "one")
		for message, err := range client.WatchMessages(t.Context(), w.thread, chatcore.WatchMessagesOptions{SinceMessageID: id}, nil) {
			require.NoError(t, err)
			assert.Equal(t, "edited: one", changeOf(message))
			break
		}
		assert.Equal(t, []bool{false, true}, asked)
	})
}

func TestWatchResumes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWatched(t, sameTransport)
		ctx, cancel := context.WithCancel(t.Context())
		changes := w.watch(ctx, chatcore.WatchMessagesOptions{})
		passTime()
		id := w.send("1")
		passTime()
		cancel()
		<-changes.ended
		require.Equal(t, []string{"text: 1"}, changes.take())

		w.edit(id, "one")
		w.send("2")
		ctx, cancel = context.WithCancel(t.Context())
		again := w.watch(ctx, chatcore.WatchMessagesOptions{SinceVersion: changes.last.Version})
		assert.Equal(t, []string{"edited: one", "text: 2"}, again.take())
		cancel()
		assert.Equal(t, context.Canceled, <-again.ended)
	})
}

func TestEachLoopIsAWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWatched(t, sameTransport)
		first := w.send("1")
		messages := w.joe.WatchMessages(t.Context(), w.thread, chatcore.WatchMessagesOptions{SinceMessageID: first}, nil)
		assert.Empty(t, w.exchanges, "before the first iteration")
		w.send("2")
		w.send("3")
		for range 2 {
			for message, err := range messages {
				require.NoError(t, err)
				assert.Equal(t, "text: 2", changeOf(message), "the first of a batch")
				break
			}
			requireNoGoroutine(t)
			asked := len(w.exchanges)
			passTime()
			assert.Len(t, w.exchanges, asked, "no polls after the loop")
		}
	})
}

func TestWatchEnds(t *testing.T) {
	for name, c := range map[string]struct {
		end  func(*watched)
		code chatcore.Code
	}{
		"removal": {func(w *watched) {
			require.NoError(w.t, w.jane.RemoveParticipant(w.t.Context(), w.thread, chatcore.RawIdentifier(w.joesID), nil))
		}, chatcore.Forbidden},
		"a deleted thread":   {func(w *watched) { require.NoError(w.t, w.jane.DeleteThread(w.t.Context(), w.thread, nil)) }, chatcore.NotFound},
		"an expired token":   {func(w *watched) { w.em.Advance(48 * time.Hour) }, chatcore.Unauthorized},
		"the client's close": {func(w *watched) { w.joe.Close() }, chatcore.Closed},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWatched(t, sameTransport)
				changes := w.watch(t.Context(), chatcore.WatchMessagesOptions{})
				w.send("1")
				passTime()
				assert.Equal(t, []string{"text: 1"}, changes.take())
				c.end(w)
				assert.Equal(t, "watchMessages", requireCode(t, <-changes.ended, c.code).Operation)
			})
		})
	}
}

func TestWatchChecksOptions(t *testing.T) {
	client := newClient(t, chathttp.Options{HTTPClient: over(unreachable(t))})
	for target, options := range map[string]chatcore.WatchMessagesOptions{
		"WatchMessagesOptions.SinceVersion": {SinceVersion: "yesterday"},
		"WatchMessagesOptions.IntervalMs":   {IntervalMs: -1},
	} {
		err := drain(client.WatchMessages(t.Context(), noThread, options, nil))
		assert.Equal(t, target, requireCode(t, err, chatcore.InvalidArgument).Target)
	}
}

func TestWatchRefusesForeignLinks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := newClient(t, chathttp.Options{HTTPClient: over(func(r *http.Request) (*http.Response, error) {
			assert.Equal(t, "localhost:1", r.URL.Host)
			w := httptest.NewRecorder()
			_, _ = io.WriteString(w, `{"value":[{"id":"2","version":"2","content":{}}],"nextLink":"https://elsewhere.example/"}`)
			return w.Result(), nil
		})})
		err := drain(client.WatchMessages(t.Context(), noThread, chatcore.WatchMessagesOptions{SinceVersion: "1"}, nil))
		requireCode(t, err, chatcore.ParseError)
	})
}
