//go:build !js

package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
	"acschat/emulator"
)

func TestHints(t *testing.T) {
	inSite(t, func(t *testing.T, s *site) {
		jane, alex, stranger := s.NewUser(), s.NewUser(), s.NewUser()
		pages := []*source{s.listen(t, jane), s.listen(t, alex), s.listen(t, alex), s.listen(t, stranger)}
		threadID := s.createThread(t, jane, alex)
		created := hint{threadID, s.Threads()[0].Messages[0].Version}
		assert.Equal(t, []hint{created}, pages[0].take(), "the event of the thread")
		assert.Equal(t, []hint{created, created}, pages[1].take(), "and Alex's own")
		assert.Equal(t, []hint{created, created}, pages[2].take(), "on every page")

		sent := s.send(t, jane, threadID)
		assert.Equal(t, []hint{sent}, pages[0].take())
		assert.Equal(t, []hint{sent, sent}, pages[1].take())

		require.NoError(t, s.client(t, jane).UpdateMessage(t.Context(), threadID, sent.Version, chatcore.UpdateChatMessageRequest{Content: "Pasta"}, nil))
		message, err := s.client(t, alex).GetMessage(t.Context(), threadID, sent.Version, nil)
		require.NoError(t, err)
		edited := hint{threadID, message.Version}
		assert.NotEqual(t, sent, edited)
		assert.Equal(t, []hint{edited, edited}, pages[1].take())
		require.NoError(t, s.client(t, jane).DeleteMessage(t.Context(), threadID, sent.Version, nil))
		assert.Len(t, pages[1].take(), 2)

		assert.Empty(t, pages[3].take(), "a stranger gets nothing")
		assert.EqualValues(t, 1, s.lookups.Load(), "one lookup a minute for a thread, however many events and pages")
	})
}

// A participant who is removed gets no more hints: within a second if the event of the removal comes, and otherwise within a
// minute.
func TestRemovedParticipant(t *testing.T) {
	for _, lost := range []bool{false, true} {
		t.Run("event lost: "+strconv.FormatBool(lost), func(t *testing.T) {
			inSite(t, func(t *testing.T, s *site) {
				jane, alex, bob := s.NewUser(), s.NewUser(), s.NewUser()
				threadID := s.createThread(t, jane, alex, bob)
				gone, stays := s.listen(t, alex), s.listen(t, bob)
				s.send(t, jane, threadID)
				assert.Len(t, gone.take(), 2)
				time.Sleep(time.Second)
				if lost {
					s.Fail(emulator.Rule{Operation: "removeParticipant", EventsLost: true, Call: 1})
				}
				require.NoError(t, s.client(t, jane).RemoveParticipant(t.Context(), threadID, chatcore.CommunicationIdentifierModel{RawID: alex.ID}, nil))
				gone.take()
				if lost {
					s.send(t, jane, threadID)
					assert.Len(t, gone.take(), 1, "the relay cannot know it yet")
					time.Sleep(time.Minute)
				}
				stays.take()
				sent := s.send(t, jane, threadID)
				assert.Empty(t, gone.take())
				assert.Equal(t, []hint{sent, sent}, stays.take())
			})
		})
	}
}

// A new participant gets hints within a second, although the relay has cached the participants.
func TestAddedParticipant(t *testing.T) {
	inSite(t, func(t *testing.T, s *site) {
		jane, alex := s.NewUser(), s.NewUser()
		threadID := s.createThread(t, jane)
		added := s.listen(t, alex)
		s.send(t, jane, threadID)
		assert.Empty(t, added.take())
		time.Sleep(time.Second)
		_, err := s.client(t, jane).AddParticipants(t.Context(), threadID, chatcore.AddChatParticipantsRequest{Participants: []chatcore.ChatParticipant{
			{CommunicationIdentifier: chatcore.CommunicationIdentifierModel{RawID: alex.ID}},
		}}, nil)
		require.NoError(t, err)
		added.take()
		sent := s.send(t, jane, threadID)
		assert.Equal(t, []hint{sent, sent}, added.take())
	})
}

// When the user whom the event names may not list the participants, one of the earlier participants does.
func TestParticipantWhoLeaves(t *testing.T) {
	inSite(t, func(t *testing.T, s *site) {
		jane, alex := s.NewUser(), s.NewUser()
		threadID := s.createThread(t, jane, alex)
		s.send(t, jane, threadID)
		stays := s.listen(t, alex)
		time.Sleep(time.Second)
		require.NoError(t, s.client(t, jane).RemoveParticipant(t.Context(), threadID, chatcore.CommunicationIdentifierModel{RawID: jane.ID}, nil))
		assert.Len(t, stays.take(), 2)
	})
}

// Many participants who are added at once cost one lookup, and one after a second.
func TestManyChangesOfParticipants(t *testing.T) {
	inSite(t, func(t *testing.T, s *site) {
		jane := s.NewUser()
		threadID := s.createThread(t, jane)
		var participants []chatcore.ChatParticipant
		var last *source
		for range 12 {
			user := s.NewUser()
			last = s.listen(t, user)
			participants = append(participants, chatcore.ChatParticipant{CommunicationIdentifier: chatcore.CommunicationIdentifierModel{RawID: user.ID}})
		}
		before := s.lookups.Load()
		_, err := s.client(t, jane).AddParticipants(t.Context(), threadID, chatcore.AddChatParticipantsRequest{Participants: participants}, nil)
		require.NoError(t, err)
		synctest.Wait()
		time.Sleep(time.Second)
		last.take()
		sent := s.send(t, jane, threadID)
		assert.Equal(t, []hint{sent, sent}, last.take())
		assert.LessOrEqual(t, s.lookups.Load()-before, int64(2))
	})
}

func TestFaultyDelivery(t *testing.T) {
	for name, rule := range map[string]emulator.Rule{
		"doubled":   {EventsTwice: true},
		"late":      {EventsAfterMs: 5000},
		"unordered": {EventsAfterMs: 5000, EventsUnordered: true},
		"all":       {EventsAfterMs: 5000, EventsUnordered: true, EventsTwice: true},
	} {
		t.Run(name, func(t *testing.T) {
			inSite(t, func(t *testing.T, s *site) {
				jane, alex := s.NewUser(), s.NewUser()
				threadID := s.createThread(t, jane, alex)
				page, stranger := s.listen(t, alex), s.listen(t, s.NewUser())
				rule.Operation = "sendMessage"
				s.Fail(rule)
				var want []hint
				for range 10 {
					sent := s.send(t, jane, threadID)
					want = append(want, sent, sent)
				}
				time.Sleep(5 * time.Second)
				if rule.EventsTwice {
					want = append(want, want...)
				}
				assert.ElementsMatch(t, want, page.take())
				assert.Empty(t, stranger.take())
			})
		})
	}
}

// An emulator that fails costs hints, but the relay recovers.
func TestServiceFails(t *testing.T) {
	inSite(t, func(t *testing.T, s *site) {
		jane, alex := s.NewUser(), s.NewUser()
		threadID := s.createThread(t, jane, alex)
		time.Sleep(time.Minute)
		page := s.listen(t, alex)
		s.Fail(emulator.Rule{Operation: "issueAccessToken", Status: 503})
		sent := s.send(t, jane, threadID)
		assert.Equal(t, []hint{sent}, page.take(), "only the one for Alex")
		s.ClearFaults()
		time.Sleep(retryTime)
		sent = s.send(t, jane, threadID)
		assert.Equal(t, []hint{sent, sent}, page.take())
	})
}

func TestSecret(t *testing.T) {
	inSite(t, func(t *testing.T, s *site) {
		user := s.NewUser()
		page := s.listen(t, user)
		body := `[{"eventType":"Microsoft.Communication.ChatMessageReceived","data":{"threadId":"t","version":1,"recipientCommunicationIdentifier":{"rawId":"` + user.ID + `"}}}]`
		post := func(query string) int {
			response := s.request(t, http.MethodPost, "/events"+query, body, map[string]string{"aeg-event-type": "Notification"})
			response.Body.Close()
			return response.StatusCode
		}
		for _, query := range []string{"", "?secret=", "?secret=x", "?secret=" + url.QueryEscape(secret[:10]), "?secret=" + url.QueryEscape(secret+"x"),
			"?secret=x&secret=" + url.QueryEscape(secret), "?key=" + url.QueryEscape(secret)} {
			assert.Equal(t, http.StatusNotFound, post(query), query)
		}
		assert.Empty(t, page.take())
		assert.Equal(t, http.StatusOK, post("?secret="+url.QueryEscape(secret)))
		assert.Len(t, page.take(), 1)
	})
}

func TestValidation(t *testing.T) {
	inSite(t, func(t *testing.T, s *site) {
		body := `[{"eventType":"Microsoft.EventGrid.SubscriptionValidationEvent","subject":"","data":{"validationCode":"a\"b"}}]`
		response := s.request(t, http.MethodPost, "/events?secret="+url.QueryEscape(secret), body, map[string]string{"aeg-event-type": "SubscriptionValidation"})
		defer response.Body.Close()
		answer, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		assert.Equal(t, http.StatusOK, response.StatusCode)
		assert.JSONEq(t, `{"validationResponse":"a\"b"}`, string(answer))
		refused := s.request(t, http.MethodPost, "/events", body, map[string]string{"aeg-event-type": "SubscriptionValidation"})
		refused.Body.Close()
		assert.Equal(t, http.StatusNotFound, refused.StatusCode)
	})
}

// What is malformed does no harm, and an event that comes again is one more hint.
func TestMalformedAndReplayedEvents(t *testing.T) {
	inSite(t, func(t *testing.T, s *site) {
		jane, alex := s.NewUser(), s.NewUser()
		threadID := s.createThread(t, jane, alex)
		page := s.listen(t, alex)
		post := func(body string) int {
			response := s.request(t, http.MethodPost, "/events?secret="+url.QueryEscape(secret), body, map[string]string{"aeg-event-type": "Notification"})
			response.Body.Close()
			return response.StatusCode
		}
		for _, body := range []string{"", "{}", "null", `"x"`, "[", strings.Repeat("[", 100_000), "[" + strings.Repeat(" ", maxBodyBytes) + "]"} {
			assert.Contains(t, []int{http.StatusBadRequest, http.StatusOK}, post(body), body[:min(len(body), 20)])
		}
		const received = `"eventType":"Microsoft.Communication.ChatMessageReceived"`
		recipient := `"recipientCommunicationIdentifier":{"rawId":"` + alex.ID + `"}`
		for _, event := range []string{
			`1`, `null`, `{}`, `[]`, `{` + received + `}`, `{` + received + `,"data":null}`, `{` + received + `,"data":"x"}`,
			`{` + received + `,"data":{` + recipient + `}}`,                                                              // no thread
			`{` + received + `,"data":{"threadId":1,` + recipient + `}}`,                                                 // no text
			`{` + received + `,"data":{"threadId":"t","version":"x",` + recipient + `}}`,                                 // no version
			`{` + received + `,"data":{"threadId":"t","version":-1,` + recipient + `}}`,                                  // not possible
			`{` + received + `,"data":{"threadId":"t","version":1.5,` + recipient + `}}`,                                 // not possible
			`{` + received + `,"data":{"threadId":"t","version":1e99,` + recipient + `}}`,                                // too large
			`{"eventType":"Microsoft.Storage.BlobCreated","data":{"threadId":"t",` + recipient + `}}`,                    // of another service
			`{"eventType":"Microsoft.Communication.ChatMessageReceivedInThread","data":{"threadId":"` + threadID + `"}}`, // no user
			`{"eventType":"Microsoft.Communication.ChatMessageReceivedInThread","subject":"thread/` + threadID + `/sender/8:acs:nobody","data":{"threadId":"nothing"}}`,
		} {
			assert.Equal(t, http.StatusOK, post("["+event+"]"), event)
		}
		page.take() // Alex is a participant, so the event of a thread without a user may be a hint
		good := `{` + received + `,"data":{"threadId":"a\nb\r\n\r\ndata: x","version":12,` + recipient + `}}`
		for range 3 {
			assert.Equal(t, http.StatusOK, post("[1,"+good+","+good+"]"), "the others of a batch count")
		}
		assert.Equal(t, []hint{{"a\nb\r\n\r\ndata: x", "12"}}, unique(page.take()))
		sent := s.send(t, jane, threadID)
		assert.Equal(t, []hint{sent}, unique(page.take()))
	})
}

func unique(hints []hint) (unique []hint) {
	seen := map[hint]bool{}
	for _, h := range hints {
		if !seen[h] {
			unique = append(unique, h)
		}
		seen[h] = true
	}
	return unique
}

func TestWhoMayListen(t *testing.T) {
	inSite(t, func(t *testing.T, s *site) {
		jane := s.NewUser()
		status := func(header map[string]string) int {
			response := s.request(t, http.MethodGet, "/hints", "", header)
			response.Body.Close()
			return response.StatusCode
		}
		assert.Equal(t, http.StatusUnauthorized, status(nil), "not signed in")
		assert.Equal(t, http.StatusForbidden, status(map[string]string{"test-user": jane.ID, "Origin": "https://fabrikam.example"}))
		assert.Equal(t, http.StatusForbidden, status(map[string]string{"test-user": jane.ID, "Origin": "null"}))
		assert.Equal(t, http.StatusOK, status(map[string]string{"test-user": jane.ID}), "a page of the relay's own origin")
		header := s.listen(t, jane).header
		assert.Equal(t, page, header.Get("Access-Control-Allow-Origin"))
		assert.Equal(t, "true", header.Get("Access-Control-Allow-Credentials"))
		assert.Equal(t, "Origin", header.Get("Vary"))
		assert.Equal(t, "text/event-stream", header.Get("Content-Type"))
		assert.Equal(t, "no-store", header.Get("Cache-Control"))
	})
}

func TestConnectionsOfAUser(t *testing.T) {
	inSite(t, func(t *testing.T, s *site) {
		jane := s.NewUser()
		pages := make([]*source, maxListenersPerUser)
		for i := range pages {
			pages[i] = s.listen(t, jane)
		}
		refused := s.connect(t, jane)
		refused.body.Close()
		assert.Equal(t, http.StatusServiceUnavailable, refused.status)
		s.listen(t, s.NewUser())
		pages[0].body.Close()
		synctest.Wait()
		s.listen(t, jane)
	})
}

// A silent connection lives on, and ends after a while so that the login is checked again.
func TestHeartbeatAndEnd(t *testing.T) {
	inSite(t, func(t *testing.T, s *site) {
		page := s.listen(t, s.NewUser())
		time.Sleep(listenTime - 1)
		assert.False(t, page.isClosed())
		assert.GreaterOrEqual(t, page.pieces(), int(listenTime/beatTime)-1)
		time.Sleep(time.Nanosecond)
		assert.True(t, page.isClosed())
		assert.Zero(t, s.listening())
	})
}

// A page that does not read is dropped. Nobody waits for it.
func TestSlowListener(t *testing.T) {
	inSite(t, func(t *testing.T, s *site) {
		jane, alex := s.NewUser(), s.NewUser()
		threadID := s.createThread(t, jane, alex)
		slow := s.connect(t, alex)
		fast := s.listen(t, alex)
		for range maxUnsent {
			s.send(t, jane, threadID)
			assert.Len(t, fast.take(), 2)
		}
		time.Sleep(writeTime)
		synctest.Wait()
		assert.Equal(t, 1, s.listening())
		go slow.read(t)
		assert.True(t, slow.isClosed())
		assert.LessOrEqual(t, len(slow.take()), maxUnsent+1)
		s.send(t, jane, threadID)
		assert.Len(t, fast.take(), 2)
	})
}

// A page that has missed a hint is dropped, even if it reads again in time: it must connect again, and ask what it has missed.
func TestListenerThatMissesAHint(t *testing.T) {
	inSite(t, func(t *testing.T, s *site) {
		jane, alex := s.NewUser(), s.NewUser()
		threadID := s.createThread(t, jane, alex)
		slow := s.connect(t, alex)
		for range maxUnsent/2 + 1 { // two hints each, and one that is being sent
			s.send(t, jane, threadID)
		}
		go slow.read(t)
		assert.True(t, slow.isClosed())
	})
}

func TestShutdown(t *testing.T) {
	inSite(t, func(t *testing.T, s *site) {
		page := s.listen(t, s.NewUser())
		s.stop()
		assert.True(t, page.isClosed())
		err := <-s.stopped
		assert.NoError(t, err)
		s.stopped <- err // for inSite
	})
}

// Memory does not grow while 1,000 connections get hints for a minute.
func TestManyConnections(t *testing.T) {
	inSite(t, func(t *testing.T, s *site) {
		const connections, threads = 1000, 20
		jane := s.NewUser()
		var threadIDs []string
		for range threads {
			users := []emulator.User{jane}
			for range connections / threads {
				user := s.NewUser()
				users = append(users, user)
				response := s.connect(t, user)
				require.Equal(t, http.StatusOK, response.status)
				go func() { _, _ = io.Copy(io.Discard, response.body) }()
			}
			threadIDs = append(threadIDs, s.createThread(t, users...))
		}
		heapAfter := func(seconds int) (heap uint64) {
			for i := range seconds {
				event := map[string]any{"eventType": "Microsoft.Communication.ChatMessageReceivedInThread", "subject": "thread/x/sender/" + jane.ID,
					"data": map[string]string{"threadId": threadIDs[i%threads], "version": strconv.Itoa(i + 1)}}
				body, _ := json.Marshal([]any{event})
				for range 3 {
					response := s.request(t, http.MethodPost, "/events?secret="+url.QueryEscape(secret), string(body), map[string]string{"aeg-event-type": "Notification"})
					response.Body.Close()
				}
				time.Sleep(time.Second)
				synctest.Wait()
			}
			runtime.GC()
			var memory runtime.MemStats
			runtime.ReadMemStats(&memory)
			return memory.HeapAlloc
		}
		early := heapAfter(10)
		late := heapAfter(50)
		assert.Equal(t, connections, s.listening(), "nobody was dropped")
		assert.Less(t, float64(late), 1.1*float64(early))
		t.Logf("heap after 10 s: %.1f MB, after a minute: %.1f MB", float64(early)/1e6, float64(late)/1e6)
	})
}
