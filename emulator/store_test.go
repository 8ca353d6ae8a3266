package emulator_test

import (
	"errors"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/emulator"
)

// memoryStore is a Store in memory, which another emulator can open again.
type memoryStore struct {
	records map[string][]byte
	failure error  // every method returns it
	saving  func() // Save calls it first; may be nil
	saves   int
	bytes   int // size of the last Save
}

func newMemoryStore() *memoryStore { return &memoryStore{records: map[string][]byte{}} }

func (m *memoryStore) Load(f func(key string, value []byte) error) error {
	for key, value := range m.records {
		if err := f(key, value); err != nil {
			return err
		}
	}
	return m.failure
}

func (m *memoryStore) Save(changes map[string][]byte) error {
	if m.saving != nil {
		m.saving()
	}
	if m.failure != nil {
		return m.failure
	}
	m.saves++
	m.bytes = 0
	for key, value := range changes {
		m.bytes += len(key) + len(value)
		if value == nil {
			delete(m.records, key)
		} else {
			m.records[key] = value
		}
	}
	return nil
}

func openWithStore(t *testing.T, c *clock, store emulator.Store) *emulator.Emulator {
	t.Helper()
	em, err := emulator.Open(emulator.Options{Clock: c.Now, Store: store})
	require.NoError(t, err)
	return em
}

// everyWrite is a sequence of calls with every kind of change.
var everyWrite = []struct{ name, body string }{
	{"sendMessage", ""}, {"updateMessage", ""}, {"updateMessage", `{"metadata":{"a":"b"}}`}, {"updateThread", ""},
	{"sendReadReceipt", `{"chatMessageId":"1795342830456"}`}, {"sendReadReceipt", ""}, {"addParticipants", `{"participants":[{"communicationIdentifier":{"rawId":"{U}"},"displayName":"Alex"}]}`},
	{"updateThread", `{"metadata":{"k":"v"},"retentionPolicy":{"kind":"threadCreationDate","deleteThreadAfterDays":30}}`},
	{"deleteMessage", ""}, {"removeParticipant", ""}, {"createThread", `{"topic":"2","participants":[{"communicationIdentifier":{"rawId":"4:1"}}],"metadata":{}}`},
	{"addParticipants", `{"participants":[{"communicationIdentifier":{"rawId":"{U}"},"metadata":{"m":"n"}}]}`}, {"createIdentity", ""},
	{"revokeAccessTokens", ""}, {"deleteIdentity", ""}, {"deleteThread", ""},
}

func newSceneWithStore(t *testing.T, store *memoryStore) *scene {
	c := &clock{now: start}
	em := openWithStore(t, c, store)
	s := &scene{resource: em, clock: c, jane: em.NewUser(), alex: em.NewUser()}
	s.thread = newThread(t, em, s.jane)
	s.message = s.send(t, s.jane, "Hi")
	return s
}

func TestEveryWriteIsSaved(t *testing.T) {
	store := newMemoryStore()
	s := newSceneWithStore(t, store)
	bob := s.NewUser()
	s.do(t, s.jane, "addParticipants", `{`+participantsField(bob.ID)+`}`, 201)
	s.do(t, bob, "sendReadReceipt", "", 200)
	for _, step := range everyWrite {
		s.clock.advance(700 * time.Millisecond)
		saves := store.saves
		r := s.request(step.name, s.jane, "", step.body)
		r.Header.Set("repeatability-request-id", "r")
		first := serve(s.resource, r)
		require.Less(t, first.Code, 300, first.Body)
		require.Equal(t, saves+1, store.saves, step.name)

		again := *s
		again.resource = openWithStore(t, s.clock, &memoryStore{records: maps.Clone(store.records)})
		require.Equal(t, s.Threads(), again.Threads(), step.name)
		for _, token := range []string{s.jane.Token, s.alex.Token} {
			r := func() *http.Request { return s.request("listMessages", emulator.User{Token: token}, "", "") }
			live, reopened := serve(s.resource, r()), serve(again.resource, r())
			require.Equal(t, live.Code, reopened.Code, step.name)
			if live.Code != 401 {
				require.JSONEq(t, live.Body.String(), reopened.Body.String(), step.name)
			}
		}
		if step.name == "createThread" {
			r := s.request(step.name, s.jane, "", step.body)
			r.Header.Set("repeatability-request-id", "r")
			require.Equal(t, first.Body.String(), serve(again.resource, r).Body.String())
			require.Len(t, again.Threads(), 2)
		}
	}
}

func TestFailedSavesChangeNothing(t *testing.T) {
	store := newMemoryStore()
	s := newSceneWithStore(t, store)
	for _, step := range everyWrite {
		before, saved := s.Threads(), maps.Clone(store.records)
		store.failure = errors.New("disk full")
		r := s.request(step.name, s.jane, "", step.body)
		r.Header.Set("repeatability-request-id", "r")
		failure := requireError(t, serve(s.resource, r), 500, "InternalServerError")
		require.Contains(t, failure.Message, "disk full")
		store.failure = nil
		require.Equal(t, before, s.Threads(), step.name)
		require.Equal(t, saved, store.records, step.name)
		r = s.request(step.name, s.jane, "", step.body)
		r.Header.Set("repeatability-request-id", "r")
		w := serve(s.resource, r)
		require.Less(t, w.Code, 300, "%s: %s", step.name, w.Body)
		require.Equal(t, s.Threads(), openWithStore(t, s.clock, store).Threads())
	}
	saves := store.saves
	s.do(t, s.jane, "listThreads", "", 200)
	s.do(t, s.jane, "sendMessage", "", 404)
	assert.Equal(t, saves, store.saves, "these calls change nothing, so nothing is saved")
}

func TestSendSavesOnlyTheMessage(t *testing.T) {
	store := newMemoryStore()
	s := newSceneWithStore(t, store)
	for range 500 {
		s.send(t, s.jane, "Hi")
	}
	assert.Less(t, store.bytes, 1000)
	for range 500 {
		s.do(t, s.jane, "updateMessage", "", 204)
	}
	assert.Less(t, store.bytes, 1500, "the number of edits does not matter")
	for _, value := range store.records {
		assert.LessOrEqual(t, strings.Count(string(value), "Ho"), 1)
	}
	s.do(t, s.jane, "deleteMessage", "", 204)
	for _, value := range store.records {
		assert.NotContains(t, string(value), `"Ho"`, "deleted content is not stored")
	}
}

func TestWaitingWritesAreSavedTogether(t *testing.T) {
	store := newMemoryStore()
	s := newSceneWithStore(t, store)
	saves := store.saves
	started, proceed := make(chan bool, 2), make(chan bool)
	store.saving = func() {
		started <- true
		<-proceed
	}
	var wg sync.WaitGroup
	send := func() { wg.Go(func() { s.do(t, s.jane, "sendMessage", "", 201) }) }
	send()
	<-started
	for range 15 {
		send()
	}
	require.Eventually(t, func() bool { return s.resource.(*emulator.Emulator).QueuedWrites() == 15 }, 10*time.Second, time.Millisecond)
	close(proceed)
	wg.Wait()
	assert.Equal(t, saves+2, store.saves)
	assert.Len(t, s.firstThread().Messages, 3+16)
}

func TestWaitingWritesFailTogether(t *testing.T) {
	store := newMemoryStore()
	s := newSceneWithStore(t, store)
	before := s.Threads()
	started, proceed := make(chan bool, 2), make(chan bool)
	store.saving = func() {
		started <- true
		<-proceed
	}
	store.failure = errors.New("disk full")
	var wg sync.WaitGroup
	wg.Go(func() { s.do(t, s.jane, "sendMessage", "", 500) })
	<-started
	for _, name := range []string{"updateMessage", "deleteMessage", "sendMessage", "addParticipants", "updateMessage", "sendReadReceipt"} {
		wg.Go(func() { s.do(t, s.jane, name, "", 500) })
	}
	require.Eventually(t, func() bool { return s.resource.(*emulator.Emulator).QueuedWrites() == 6 }, 10*time.Second, time.Millisecond)
	close(proceed)
	wg.Wait()
	assert.Equal(t, before, s.Threads())
}
