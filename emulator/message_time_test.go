package emulator_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/emulator"
)

// secondOf returns the time of a message's id or version in whole seconds.
func secondOf(t *testing.T, number string) time.Time {
	t.Helper()
	ms, err := strconv.ParseInt(number, 10, 64)
	require.NoError(t, err)
	return time.UnixMilli(ms).UTC().Truncate(time.Second)
}

// requireMessageTimes requires that the times of every message match its id and version.
func requireMessageTimes(t *testing.T, thread emulator.Thread) {
	t.Helper()
	for _, m := range thread.Messages {
		require.Equal(t, secondOf(t, m.ID), m.CreatedOn, "%s %s", m.Type, m.ID)
		for _, changed := range []time.Time{m.EditedOn, m.DeletedOn} {
			if !changed.IsZero() {
				require.Equal(t, secondOf(t, m.Version), changed, "%s %s", m.Type, m.Version)
			}
		}
	}
}

func TestMessageTimesMatchTheirIDs(t *testing.T) {
	s := newScene(t)
	for range 3000 { // the clock stands still, and the ids run 3 s ahead of it
		s.send(t, s.jane, "Hi")
	}
	s = s.withMessage(s.send(t, s.jane, "last"))
	s.do(t, s.jane, "updateMessage", "", 204)
	s.do(t, s.jane, "sendReadReceipt", "", 200)
	deleted := s.send(t, s.jane, "deleted")
	s.withMessage(deleted).do(t, s.jane, "deleteMessage", "", 204)
	s.do(t, s.jane, "updateThread", "", 204)
	listed := s.page(t, s.jane, "listThreads", "")
	s.do(t, s.jane, "removeParticipant", "", 204)
	s.do(t, s.jane, "createThread", "", 201)

	thread := s.firstThread()
	requireMessageTimes(t, thread)
	removed := thread.Messages[len(thread.Messages)-1]
	assert.Equal(t, removed.CreatedOn, thread.RemovedParticipants[0].RemovedOn)
	topic := thread.Messages[len(thread.Messages)-2]
	assert.Equal(t, topic.CreatedOn.Format(time.RFC3339), listed.Value[0].LastMessageReceivedOn)
	last := s.Threads()[1]
	assert.Equal(t, last.Messages[0].CreatedOn, last.CreatedOn, "a thread and its first message have the same time")
	assert.False(t, thread.ReadReceipts[0].ReadOn.Before(secondOf(t, s.message)), "readOn is not before the message")
	s.do(t, s.jane, "deleteThread", "", 204)
	assert.False(t, s.firstThread().DeletedOn.Before(removed.CreatedOn))
}

// TestIDAndTimeUseOneReadingOfTheClock uses a clock that advances at every reading, mostly into another second.
func TestIDAndTimeUseOneReadingOfTheClock(t *testing.T) {
	now := start
	em := emulator.New(emulator.Options{Clock: func() time.Time {
		now = now.Add(700 * time.Millisecond)
		return now
	}})
	jane := em.NewUser()
	s := &scene{resource: em, clock: &clock{now: start}, jane: jane, thread: newThread(t, em, jane)}
	for range 100 {
		sent := s.withMessage(s.send(t, jane, "Hi"))
		sent.do(t, jane, "updateMessage", "", 204)
		sent.do(t, jane, "deleteMessage", "", 204)
	}
	requireMessageTimes(t, s.firstThread())
}

// TestHistoryStartsByMessageTimes starts the history of participants at a time that the clock has not reached, but ids have.
func TestHistoryStartsByMessageTimes(t *testing.T) {
	s := newScene(t)
	for range 600 {
		s.send(t, s.jane, "Hi")
	}
	messages := s.firstThread().Messages
	startOfHistory := secondOf(t, messages[len(messages)-1].ID)
	wantCount := 0
	for _, m := range messages {
		if !m.CreatedOn.Before(startOfHistory) {
			wantCount++
		}
	}
	require.Greater(t, wantCount, 10)
	require.Less(t, wantCount, 100, "the start lies in the middle of the messages")
	from := startOfHistory.Format(time.RFC3339)
	assert.Len(t, s.all(t, s.alex, "listMessages", "&maxPageSize=7&startTime="+from, nil), wantCount)

	bob := s.NewUser()
	s.do(t, s.jane, "addParticipants", `{"participants":[{"communicationIdentifier":{"rawId":"`+bob.ID+`"},"shareHistoryTime":"`+from+`"}]}`, 201)
	assert.Len(t, s.all(t, bob, "listMessages", "&maxPageSize=7", nil), wantCount+1)
	oldest := len(messages) - wantCount
	s.withMessage(messages[oldest].ID).do(t, bob, "getMessage", "", 200)
	s.withMessage(messages[oldest-1].ID).do(t, bob, "getMessage", "", 404)
}
