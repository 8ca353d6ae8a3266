package emulator_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/emulator"
)

// events collects events.
type events struct {
	mu       sync.Mutex
	received []emulator.Event
}

func (e *events) receive(event emulator.Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.received = append(e.received, event)
}

// take returns the events since the last take.
func (e *events) take() []emulator.Event {
	e.mu.Lock()
	defer e.mu.Unlock()
	taken := e.received
	e.received = nil
	return taken
}

// newEventScene returns a scene whose thread has a third participant, Bob, and the events of all later changes.
func newEventScene(t *testing.T) (s *scene, bob emulator.User, received *events) {
	t.Helper()
	clock := &clock{now: start}
	received = &events{}
	em := emulator.New(emulator.Options{Clock: clock.Now, Events: received.receive})
	s = &scene{resource: em, clock: clock, jane: em.NewUser(), alex: em.NewUser()}
	s.thread = newThread(t, em, s.jane)
	bob = em.NewUser()
	participants := `{"participants":[{"communicationIdentifier":{"rawId":"` + s.alex.ID + `"},"displayName":"Alex"},` +
		`{"communicationIdentifier":{"rawId":"` + bob.ID + `"},"displayName":"Bob","metadata":{"team":"red"}}]}`
	s.do(t, s.jane, "addParticipants", participants, 201)
	s.message = s.send(t, s.jane, "Hi")
	received.take()
	return s, bob, received
}

// lastMessage returns the message of the scene's thread that was changed last, as REST answers it.
func (s *scene) lastMessage(t *testing.T) map[string]any {
	t.Helper()
	list := decode[struct{ Value []map[string]any }](t, s.do(t, s.jane, "listMessages", "", 200), 200)
	return list.Value[0]
}

func communicationUser(rawID string) map[string]any {
	return map[string]any{"rawId": rawID, "communicationUser": map[string]any{"id": rawID}}
}

// TestEvents compares each event with what REST answers about the same change. Names and formats are those of the samples on
// https://learn.microsoft.com/azure/event-grid/communication-services-chat-events.
func TestEvents(t *testing.T) {
	const (
		threadTime = "2006-01-02T15:04:05.999+00:00"
		userTime   = "2006-01-02T15:04:05.999Z"
	)
	type data = map[string]any
	// of says what the events of a change have in their data: what both have, and what the thread's and the user's have besides.
	type of struct{ both, thread, user data }
	for name, c := range map[string]struct {
		operation, body        string
		threadType, userType   string
		threadSubject, subject string                                  // {T}: the thread, {J}: Jane, {A}: Alex
		want                   func(s *scene, message data) of         // message is the last one, as REST answers it
		recipients             func(s *scene, bob emulator.User) []any // nil: Alex and Bob
	}{
		"message received": {
			"sendMessage", `{"content":"Pizza?","senderDisplayName":"Jane","type":"html","metadata":{"mood":"hungry"}}`,
			"ChatMessageReceivedInThread", "ChatMessageReceived", "thread/{T}/sender/{J}", "thread/{T}/sender/{J}",
			func(s *scene, m data) of {
				return of{data{"messageId": m["id"], "messageBody": "Pizza?", "type": "Html", "senderDisplayName": "Jane", "metadata": data{"mood": "hungry"},
					"senderCommunicationIdentifier": communicationUser(s.jane.ID)},
					data{"version": m["version"], "composeTime": timeOf(m["id"], threadTime)},
					data{"version": number(m["version"]), "composeTime": timeOf(m["id"], userTime), "senderId": s.jane.ID}}
			}, nil,
		},
		"message edited": {
			"updateMessage", `{"content":"Ho"}`,
			"ChatMessageEditedInThread", "ChatMessageEdited", "thread/{T}/sender/{J}", "thread/{T}/sender/{J}",
			func(s *scene, m data) of {
				return of{data{"messageId": s.message, "messageBody": "Ho", "type": "Text", "senderDisplayName": "", "senderCommunicationIdentifier": communicationUser(s.jane.ID)},
					data{"version": m["version"], "composeTime": timeOf(s.message, threadTime), "editTime": timeOf(m["version"], threadTime)},
					data{"version": number(m["version"]), "composeTime": timeOf(s.message, userTime), "editTime": timeOf(m["version"], userTime), "senderId": s.jane.ID}}
			}, nil,
		},
		"message deleted": {
			"deleteMessage", "",
			"ChatMessageDeletedInThread", "ChatMessageDeleted", "thread/{T}/sender/{J}", "thread/{T}/sender/{J}",
			func(s *scene, m data) of {
				return of{data{"messageId": s.message, "type": "Text", "senderDisplayName": "", "senderCommunicationIdentifier": communicationUser(s.jane.ID)},
					data{"version": m["version"], "composeTime": timeOf(s.message, threadTime), "deleteTime": timeOf(m["version"], threadTime)},
					data{"version": number(m["version"]), "composeTime": timeOf(s.message, userTime), "deleteTime": timeOf(m["version"], userTime), "senderId": s.jane.ID}}
			}, nil,
		},
		"topic updated": {
			"updateThread", `{"topic":"Dinner","metadata":{"place":"here"}}`,
			"ChatThreadPropertiesUpdated", "ChatThreadPropertiesUpdatedPerUser", "thread/{T}/editedBy/{J}", "thread/{T}/editedBy/{J}",
			func(s *scene, m data) of {
				return of{data{"properties": data{"topic": "Dinner"}, "metadata": data{"place": "here"}, "version": number(m["version"]), "editedByCommunicationIdentifier": communicationUser(s.jane.ID)},
					data{"createTime": "2026-11-22T10:20:30+00:00", "editTime": timeOf(m["id"], threadTime)},
					data{"createTime": "2026-11-22T10:20:30Z", "editTime": timeOf(m["id"], userTime), "editedBy": s.jane.ID}}
			}, nil,
		},
		"participant added": {
			"addParticipants", "Carol",
			"ChatThreadParticipantAdded", "ChatParticipantAddedToThreadWithUser", "thread/{T}/participantadded/{U}", "thread/{T}/participantAdded/{U}",
			func(s *scene, m data) of {
				carol := s.firstThread().Participants[3].ID
				return of{data{"participantAdded": data{"displayName": "Carol", "participantCommunicationIdentifier": communicationUser(carol)},
					"version": number(m["version"]), "addedByCommunicationIdentifier": communicationUser(s.jane.ID)},
					data{"createTime": "2026-11-22T10:20:30+00:00", "time": timeOf(m["id"], threadTime)},
					data{"createTime": "2026-11-22T10:20:30Z", "time": timeOf(m["id"], userTime)}}
			},
			func(s *scene, bob emulator.User) []any {
				return []any{s.alex.ID, bob.ID, s.firstThread().Participants[3].ID}
			},
		},
		"participant removed": {
			"removeParticipant", "Bob",
			"ChatThreadParticipantRemoved", "ChatParticipantRemovedFromThreadWithUser", "thread/{T}/participantremoved/{U}", "thread/{T}/participantRemoved/{U}",
			func(s *scene, m data) of {
				bob := s.firstThread().RemovedParticipants[0].ID
				return of{data{"participantRemoved": data{"displayName": "Bob", "metadata": data{"team": "red"}, "participantCommunicationIdentifier": communicationUser(bob)},
					"version": number(m["version"]), "removedByCommunicationIdentifier": communicationUser(s.jane.ID)},
					data{"createTime": "2026-11-22T10:20:30+00:00", "time": timeOf(m["id"], threadTime)},
					data{"createTime": "2026-11-22T10:20:30Z", "time": timeOf(m["id"], userTime)}}
			},
			func(s *scene, _ emulator.User) []any { return []any{s.alex.ID} },
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, bob, received := newEventScene(t)
			s.clock.advance(1234 * time.Millisecond)
			body, status := c.body, operations[c.operation].status
			user := s.alex.ID // {U} in subjects
			switch c.body {
			case "Carol":
				user = s.NewUser().ID
				body = `{"participants":[{"communicationIdentifier":{"rawId":"` + user + `"},"displayName":"Carol"}]}`
			case "Bob":
				user = bob.ID
				body = `{"rawId":"` + user + `"}`
			}
			s.do(t, s.jane, c.operation, body, status)
			got := received.take()
			want := c.want(s, s.lastMessage(t))
			recipients := []any{s.alex.ID, bob.ID}
			if c.recipients != nil {
				recipients = c.recipients(s, bob)
			}
			require.Len(t, got, 1+len(recipients))
			thread := strings.TrimPrefix(s.thread, "/chat/threads/")
			ids := strings.NewReplacer("{T}", thread, "{J}", s.jane.ID, "{U}", user)

			transactionID := dataOf(t, got[0])["transactionId"]
			assert.NotEmpty(t, transactionID)
			common := data{"threadId": thread, "transactionId": transactionID}
			requireEnvelope(t, got[0], c.threadType, ids.Replace(c.threadSubject), s)
			assert.Equal(t, merge(common, want.both, want.thread), dataOf(t, got[0]))
			for i, recipient := range recipients {
				recipient := recipient.(string)
				requireEnvelope(t, got[i+1], c.userType, ids.Replace(c.subject)+"/recipient/"+recipient, s)
				wantUser := merge(common, want.both, want.user, data{"recipientCommunicationIdentifier": communicationUser(recipient)})
				if !strings.HasPrefix(c.userType, "ChatParticipant") {
					wantUser["recipientId"] = recipient
				}
				assert.Equal(t, wantUser, dataOf(t, got[i+1]))
			}
		})
	}
}

func requireEnvelope(t *testing.T, event emulator.Event, eventType, subject string, s *scene) {
	t.Helper()
	text, err := json.Marshal(event)
	require.NoError(t, err)
	var got map[string]any
	require.NoError(t, json.Unmarshal(text, &got))
	assert.NotEmpty(t, got["id"])
	assert.Contains(t, got["topic"], "/providers/Microsoft.Communication/communicationServices/")
	for name, want := range map[string]any{
		"subject":         subject,
		"eventType":       "Microsoft.Communication." + eventType,
		"eventTime":       s.clock.Now().Format(time.RFC3339Nano),
		"dataVersion":     "1.0",
		"metadataVersion": "1",
	} {
		assert.Equal(t, want, got[name], name)
	}
	assert.Len(t, got, 8, "the fields of Event Grid's schema")
}

func dataOf(t *testing.T, event emulator.Event) map[string]any {
	t.Helper()
	var data map[string]any
	require.NoError(t, json.Unmarshal(event.Data, &data))
	return data
}

func merge(all ...map[string]any) map[string]any {
	merged := map[string]any{}
	for _, one := range all {
		for name, value := range one {
			merged[name] = value
		}
	}
	return merged
}

// number returns a version as a JSON number.
func number(version any) any {
	var value any
	_ = json.Unmarshal([]byte(version.(string)), &value)
	return value
}

// timeOf returns the time of a message's id or version.
func timeOf(version any, layout string) string {
	return time.UnixMilli(int64(number(version).(float64))).UTC().Format(layout)
}

func types(events []emulator.Event) (types []string) {
	for _, event := range events {
		types = append(types, strings.TrimPrefix(event.EventType, "Microsoft.Communication."))
	}
	return types
}

func TestEventsOfThreads(t *testing.T) {
	s, _, received := newEventScene(t)
	body := `{"topic":"Dinner","metadata":{"place":"here"},"participants":[{"communicationIdentifier":{"rawId":"` + s.alex.ID + `"},"displayName":"Alex"}]}`
	created := decode[struct {
		ChatThread struct{ ID, CreatedOn string }
	}](t, s.do(t, s.jane, "createThread", body, 201), 201).ChatThread
	got := received.take()
	require.Equal(t, []string{"ChatThreadCreated", "ChatThreadCreatedWithUser"}, types(got))
	first := s.Threads()[1].Messages[0]
	participants := []any{
		map[string]any{"displayName": "", "participantCommunicationIdentifier": communicationUser(s.jane.ID)},
		map[string]any{"displayName": "Alex", "participantCommunicationIdentifier": communicationUser(s.alex.ID)},
	}
	both := map[string]any{
		"threadId":                         created.ID,
		"transactionId":                    dataOf(t, got[0])["transactionId"],
		"version":                          number(first.Version),
		"properties":                       map[string]any{"topic": "Dinner"},
		"metadata":                         map[string]any{"place": "here"},
		"participants":                     participants,
		"createdByCommunicationIdentifier": communicationUser(s.jane.ID),
	}
	assert.Equal(t, merge(both, map[string]any{"createTime": strings.Replace(created.CreatedOn, "Z", "+00:00", 1)}), dataOf(t, got[0]))
	requireEnvelope(t, got[0], "ChatThreadCreated", "thread/"+created.ID+"/createdBy/"+s.jane.ID, s)
	requireEnvelope(t, got[1], "ChatThreadCreatedWithUser", "thread/"+created.ID+"/createdBy/"+s.jane.ID+"/recipient/"+s.alex.ID, s)
	assert.Equal(t, merge(both, map[string]any{
		"createTime":                       created.CreatedOn,
		"createdBy":                        s.jane.ID,
		"recipientId":                      s.alex.ID,
		"recipientCommunicationIdentifier": communicationUser(s.alex.ID),
		"members": []any{
			map[string]any{"displayName": "", "memberId": s.jane.ID},
			map[string]any{"displayName": "Alex", "memberId": s.alex.ID},
		},
	}), dataOf(t, got[1]))

	other := *s
	other.thread = "/chat/threads/" + created.ID
	other.clock.advance(time.Minute)
	other.do(t, s.alex, "deleteThread", "", 204)
	got = received.take()
	require.Equal(t, []string{"ChatThreadDeleted", "ChatThreadWithUserDeleted"}, types(got))
	deletedOn := s.Threads()[1].DeletedOn.Format(time.RFC3339)
	version := dataOf(t, got[0])["version"]
	assert.Greater(t, version, number(first.Version))
	both = map[string]any{
		"threadId":                         created.ID,
		"transactionId":                    dataOf(t, got[0])["transactionId"],
		"version":                          version,
		"deletedByCommunicationIdentifier": communicationUser(s.alex.ID),
	}
	assert.Equal(t, merge(both, map[string]any{
		"createTime": strings.Replace(created.CreatedOn, "Z", "+00:00", 1),
		"deleteTime": strings.Replace(deletedOn, "Z", "+00:00", 1),
	}), dataOf(t, got[0]))
	assert.Equal(t, merge(both, map[string]any{
		"createTime":                       created.CreatedOn,
		"deleteTime":                       deletedOn,
		"deletedBy":                        s.alex.ID,
		"recipientId":                      s.jane.ID,
		"recipientCommunicationIdentifier": communicationUser(s.jane.ID),
	}), dataOf(t, got[1]))
}

// A change of metadata alone has no message, but a version that no message has.
func TestEventsOfThreadMetadata(t *testing.T) {
	s, _, received := newEventScene(t)
	last := s.lastMessage(t)["version"]
	s.do(t, s.alex, "updateThread", `{"metadata":{"place":"here"}}`, 204)
	got := received.take()
	require.Len(t, got, 3)
	assert.Greater(t, dataOf(t, got[0])["version"], number(last))
	next := s.send(t, s.jane, "Hi")
	assert.Less(t, dataOf(t, got[0])["version"], number(next))
}

// What changes nothing has no events, and neither has what only readers notice.
func TestNoEvents(t *testing.T) {
	s, bob, received := newEventScene(t)
	deleted := s.withMessage(s.send(t, s.jane, "Oops"))
	deleted.do(t, s.jane, "deleteMessage", "", 204)
	create := s.request("createThread", s.jane, "", "")
	create.Header.Set("repeatability-request-id", "1")
	require.Equal(t, 201, serve(s.resource, create).Code)
	received.take()

	deleted.do(t, s.jane, "deleteMessage", "", 204)
	s.do(t, s.jane, "updateMessage", `{"unknown":1}`, 204)
	s.do(t, s.jane, "updateThread", `{"unknown":1}`, 204)
	s.do(t, s.jane, "addParticipants", `{`+participantsField(bob.ID, "8:acs:nobody")+`}`, 201)
	again := s.request("createThread", s.jane, "", "")
	again.Header.Set("repeatability-request-id", "1")
	require.Equal(t, 201, serve(s.resource, again).Code)
	for _, name := range []string{"listThreads", "getThread", "listMessages", "getMessage", "listParticipants", "sendTypingNotification", "sendReadReceipt", "listReadReceipts"} {
		s.do(t, s.jane, name, "", 200)
	}
	s.do(t, s.alex, "updateMessage", `{"content":"Mine"}`, 403)
	assert.Empty(t, received.take())
}

func TestEventsHideOldMessages(t *testing.T) {
	s, _, received := newEventScene(t)
	s.clock.advance(time.Minute)
	carol := s.NewUser()
	s.do(t, s.jane, "addParticipants", `{"participants":[{"communicationIdentifier":{"rawId":"`+carol.ID+`"},"shareHistoryTime":"`+s.clock.Now().Format(time.RFC3339Nano)+`"}]}`, 201)
	received.take()
	s.do(t, s.jane, "updateMessage", `{"content":"Ho"}`, 204)
	assert.Len(t, received.take(), 3, "the thread, Alex and Bob, but not Carol, who cannot read the message")
	s.send(t, s.jane, "Hi Carol")
	assert.Len(t, received.take(), 4)
}

// A message is stored, whatever becomes of the answer.
func TestEventsOfLostAnswers(t *testing.T) {
	s, _, received := newEventScene(t)
	for name, rule := range map[string]emulator.Rule{
		"status":  {Status: 503, After: true},
		"dropped": {Drop: true, After: true},
		"hidden":  {VisibleAfterMs: 1000},
	} {
		rule.Operation, rule.Call = "sendMessage", 1
		s.Fail(rule)
		func() {
			defer func() { _ = recover() }() // a recorder's connection cannot be hijacked, so the handler panics
			serve(s.resource, s.request("sendMessage", s.jane, "", ""))
		}()
		assert.Equal(t, []string{"ChatMessageReceivedInThread", "ChatMessageReceived", "ChatMessageReceived"}, types(received.take()), name)
	}
	s.Fail(emulator.Rule{Operation: "sendMessage", Call: 1, Status: 503})
	serve(s.resource, s.request("sendMessage", s.jane, "", ""))
	assert.Empty(t, received.take(), "nothing is stored")
}

// fullStore is a Store that can be made to fail.
type fullStore struct{ full bool }

func (s *fullStore) Load(func(string, []byte) error) error { return nil }

func (s *fullStore) Save(map[string][]byte) error {
	if s.full {
		return errors.New("disk full")
	}
	return nil
}

func TestNoEventsOfUnsavedChanges(t *testing.T) {
	received := &events{}
	store := &fullStore{}
	em := emulator.New(emulator.Options{Store: store, Events: received.receive})
	jane := em.NewUser()
	path := newThread(t, em, jane)
	received.take()
	store.full = true
	require.Equal(t, http.StatusInternalServerError, post(em, path+"/messages"+chatVersion, jane.Token, `{"content":"Hi"}`).Code)
	assert.Empty(t, received.take())
	store.full = false
	require.Equal(t, http.StatusCreated, post(em, path+"/messages"+chatVersion, jane.Token, `{"content":"Hi"}`).Code)
	assert.Equal(t, []string{"ChatMessageReceivedInThread"}, types(received.take()))
}

// Options.Events may use the emulator.
func TestEventsMayUseTheEmulator(t *testing.T) {
	var em resource
	messages := 0
	em = emulator.New(emulator.Options{Events: func(emulator.Event) { messages = len(em.Threads()[0].Messages) }})
	jane := em.NewUser()
	newThread(t, em, jane)
	assert.Equal(t, 2, messages, "the change is stored")
}

func TestEventsOfManyCalls(t *testing.T) {
	s, _, received := newEventScene(t)
	var calls sync.WaitGroup
	for range 20 {
		calls.Go(func() { serve(s.resource, s.request("sendMessage", s.jane, "", "")) })
	}
	calls.Wait()
	versions := map[any]bool{}
	for _, event := range received.take() {
		if strings.HasSuffix(event.EventType, "InThread") {
			versions[dataOf(t, event)["version"]] = true
		}
	}
	assert.Len(t, versions, 20)
}
