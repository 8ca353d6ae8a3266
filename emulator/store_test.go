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

// memory is a Store that outlives an emulator, not the process.
type memory struct {
	records map[string][]byte
	failure error  // of every method
	saving  func() // called by Save before anything else; may be nil
	saves   int
	bytes   int // of the last Save
}

func newMemory() *memory { return &memory{records: map[string][]byte{}} }

func (m *memory) Load(f func(key string, value []byte) error) error {
	for key, value := range m.records {
		if err := f(key, value); err != nil {
			return err
		}
	}
	return m.failure
}

func (m *memory) Save(changes map[string][]byte) error {
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

func newStored(t *testing.T, c *clock, store emulator.Store) *emulator.Emulator {
	t.Helper()
	em, err := emulator.Open(emulator.Options{Clock: c.Now, Store: store})
	require.NoError(t, err)
	return em
}

// journey is one call after another that change something, all kinds of them.
var journey = []struct{ name, body string }{
	{"sendMessage", ""}, {"updateMessage", ""}, {"updateMessage", `{"metadata":{"a":"b"}}`}, {"updateThread", ""},
	{"sendReadReceipt", `{"chatMessageId":"1795342830456"}`}, {"sendReadReceipt", ""}, {"addParticipants", `{"participants":[{"communicationIdentifier":{"rawId":"{U}"},"displayName":"Alex"}]}`},
	{"updateThread", `{"metadata":{"k":"v"},"retentionPolicy":{"kind":"threadCreationDate","deleteThreadAfterDays":30}}`},
	{"deleteMessage", ""}, {"removeParticipant", ""}, {"createThread", `{"topic":"2","participants":[{"communicationIdentifier":{"rawId":"4:1"}}],"metadata":{}}`},
	{"addParticipants", `{"participants":[{"communicationIdentifier":{"rawId":"{U}"},"metadata":{"m":"n"}}]}`}, {"createIdentity", ""},
	{"revokeAccessTokens", ""}, {"deleteIdentity", ""}, {"deleteThread", ""},
}

func newStoredScene(t *testing.T, store *memory) *scene {
	c := &clock{now: start}
	em := newStored(t, c, store)
	s := &scene{Emulator: em, clock: c, jane: em.NewUser(), alex: em.NewUser()}
	s.thread = newThread(t, em, s.jane)
	s.message = s.send(t, s.jane, "Hi")
	return s
}

func TestEverythingAnsweredIsKept(t *testing.T) {
	store := newMemory()
	s := newStoredScene(t, store)
	bob := s.NewUser()
	s.do(t, s.jane, "addParticipants", `{`+listed(bob.ID)+`}`, 201)
	s.do(t, bob, "sendReadReceipt", "", 200)
	for _, step := range journey {
		s.clock.advance(700 * time.Millisecond)
		saves := store.saves
		r := s.request(step.name, s.jane, "", step.body)
		r.Header.Set("repeatability-request-id", "r")
		first := serve(s.Emulator, r)
		require.Less(t, first.Code, 300, first.Body)
		require.Equal(t, saves+1, store.saves, step.name)

		again := *s
		again.Emulator = newStored(t, s.clock, &memory{records: maps.Clone(store.records)})
		require.Equal(t, s.Threads(), again.Threads(), step.name)
		for _, token := range []string{s.jane.Token, s.alex.Token} {
			r := func() *http.Request { return s.request("listMessages", emulator.User{Token: token}, "", "") }
			live, reopened := serve(s.Emulator, r()), serve(again.Emulator, r())
			require.Equal(t, live.Code, reopened.Code, step.name)
			if live.Code != 401 {
				require.JSONEq(t, live.Body.String(), reopened.Body.String(), step.name)
			}
		}
		if step.name == "createThread" {
			r := s.request(step.name, s.jane, "", step.body)
			r.Header.Set("repeatability-request-id", "r")
			require.Equal(t, first.Body.String(), serve(again.Emulator, r).Body.String())
			require.Len(t, again.Threads(), 2)
		}
	}
}

func TestWhatIsNotSavedHasNotHappened(t *testing.T) {
	store := newMemory()
	s := newStoredScene(t, store)
	for _, step := range journey {
		before, kept := s.Threads(), maps.Clone(store.records)
		store.failure = errors.New("disk full")
		r := s.request(step.name, s.jane, "", step.body)
		r.Header.Set("repeatability-request-id", "r")
		failure := requireError(t, serve(s.Emulator, r), 500, "InternalServerError")
		require.Contains(t, failure.Message, "disk full")
		store.failure = nil
		require.Equal(t, before, s.Threads(), step.name)
		require.Equal(t, kept, store.records, step.name)
		r = s.request(step.name, s.jane, "", step.body)
		r.Header.Set("repeatability-request-id", "r")
		w := serve(s.Emulator, r)
		require.Less(t, w.Code, 300, "%s: %s", step.name, w.Body)
		require.Equal(t, s.Threads(), newStored(t, s.clock, store).Threads())
	}
	saves := store.saves
	s.do(t, s.jane, "listThreads", "", 200)
	s.do(t, s.jane, "sendMessage", "", 404)
	assert.Equal(t, saves, store.saves, "nothing to save")
}

func TestASendSavesTheMessageAlone(t *testing.T) {
	store := newMemory()
	s := newStoredScene(t, store)
	for range 500 {
		s.send(t, s.jane, "Hi")
	}
	assert.Less(t, store.bytes, 1000)
	for range 500 {
		s.do(t, s.jane, "updateMessage", "", 204)
	}
	assert.Less(t, store.bytes, 1500, "nor does what was edited grow")
	for _, value := range store.records {
		assert.LessOrEqual(t, strings.Count(string(value), "Ho"), 1)
	}
	s.do(t, s.jane, "deleteMessage", "", 204)
	for _, value := range store.records {
		assert.NotContains(t, string(value), `"Ho"`, "what is deleted is not kept")
	}
}

func TestWritesThatWaitAreSavedTogether(t *testing.T) {
	store := newMemory()
	s := newStoredScene(t, store)
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
	require.Eventually(t, func() bool { return s.QueuedWrites() == 15 }, 10*time.Second, time.Millisecond)
	close(proceed)
	wg.Wait()
	assert.Equal(t, saves+2, store.saves)
	assert.Len(t, s.now().Messages, 3+16)
}

func TestTogetherTheyFail(t *testing.T) {
	store := newMemory()
	s := newStoredScene(t, store)
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
	require.Eventually(t, func() bool { return s.QueuedWrites() == 6 }, 10*time.Second, time.Millisecond)
	close(proceed)
	wg.Wait()
	assert.Equal(t, before, s.Threads())
}
