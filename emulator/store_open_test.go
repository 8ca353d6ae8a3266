package emulator_test

import (
	"errors"
	"fmt"
	"maps"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/emulator"
)

func TestPagingContinuesAfterARestart(t *testing.T) {
	store := newMemoryStore()
	s := newSceneWithStore(t, store)
	for i := range 8 {
		s.send(t, s.jane, fmt.Sprint(i))
	}
	got := s.all(t, s.jane, "listMessages", "&maxPageSize=4", func() {
		s.do(t, s.jane, "updateMessage", "", 204)
		s.resource = openWithStore(t, s.clock, store)
	})
	assert.Equal(t, []string{"7", "6", "5", "4", "3", "2", "1", "0", "Ho", "topicUpdated", "participantAdded"}, texts(got))
}

func TestResetEmptiesTheStore(t *testing.T) {
	store := newMemoryStore()
	s := newSceneWithStore(t, store)
	store.failure = errors.New("disk full")
	before := s.Threads()
	assert.PanicsWithValue(t, "emulator: Reset: disk full", s.Reset)
	assert.Panics(t, func() { s.NewUser() })
	requireControlError(t, serve(s.resource, localRequest("POST", "/emulator/reset", "")), 500)
	assert.Equal(t, before, s.Threads())
	store.failure = nil
	s.do(t, s.jane, "getThread", "", 200)
	s.Reset()
	assert.Empty(t, store.records)
	s.Reset()
	s.do(t, s.jane, "getThread", "", 401)
}

func TestOpenRefuses(t *testing.T) {
	store := newMemoryStore()
	newSceneWithStore(t, store)
	with := func(key, value string) *memoryStore {
		m := &memoryStore{records: maps.Clone(store.records)}
		m.records[key] = []byte(value)
		return m
	}
	for name, c := range map[string]struct {
		options emulator.Options
		message string
	}{
		"bad access key":         {emulator.Options{AccessKey: "!"}, "AccessKey is not standard base64"},
		"another key":            {emulator.Options{AccessKey: "b3RoZXI=", Store: store}, "belongs to another resource"},
		"broken store":           {emulator.Options{Store: &memoryStore{failure: errors.New("no disk")}}, "no disk"},
		"not JSON":               {emulator.Options{Store: with("user/x", "{")}, `record "user/x"`},
		"unknown kind":           {emulator.Options{Store: with("new/x", `{"new":{}}`)}, `record "new/x": this version of the emulator does not know`},
		"member without thread":  {emulator.Options{Store: with("x", `{"member":{"ThreadID":"t"}}`)}, "thread t is missing"},
		"message without thread": {emulator.Options{Store: with("x", `{"revision":{"ThreadID":"t"}}`)}, "thread t is missing"},
		"receipt without thread": {emulator.Options{Store: with("x", `{"receipt":{"ThreadID":"t"}}`)}, "thread t is missing"},
		"create without thread":  {emulator.Options{Store: with("x", `{"created":{"ThreadID":"t"}}`)}, "thread t is missing"},
		"valid":                  {emulator.Options{Store: store}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			em, err := emulator.Open(c.options)
			if c.message == "" {
				require.NoError(t, err)
				assert.Len(t, em.Threads(), 1)
				return
			}
			require.ErrorContains(t, err, c.message)
			assert.Panics(t, func() { emulator.New(c.options) })
		})
	}
}

func TestThreadsContinueAfterARestart(t *testing.T) {
	store := newMemoryStore()
	s := newSceneWithStore(t, store)
	bob := s.NewUser()
	s.do(t, s.jane, "addParticipants", `{`+participantsField(bob.ID)+`}`, 201)
	last := s.send(t, s.jane, "Hi")
	s.resource = openWithStore(t, s.clock, store)
	s.do(t, s.jane, "addParticipants", `{`+participantsField(s.alex.ID)+`}`, 201)
	thread := s.firstThread()
	require.Len(t, thread.Participants, 3)
	assert.Equal(t, s.alex.ID, thread.Participants[2].ID, "the new participant is the last one")
	added := thread.Messages[len(thread.Messages)-1]
	assert.Equal(t, "6", added.SequenceID)
	assert.Greater(t, added.ID, last)
}
