package emulator_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"acschat/emulator"
)

func TestStartTimeOfMessages(t *testing.T) {
	s := newScene(t)
	old := s.message
	s.clock.advance(time.Hour)
	s.send(t, s.jane, "a")
	middle := s.clock.Now()
	s.clock.advance(time.Second)
	s.send(t, s.jane, "b")
	s.withMessage(old).do(t, s.jane, "updateMessage", `{"content":"late"}`, 204)
	from := func(at time.Time) []string {
		return texts(s.all(t, s.jane, "listMessages", "&maxPageSize=1&startTime="+at.Format(time.RFC3339Nano), nil))
	}
	assert.Equal(t, []string{"b", "a"}, from(middle), "startTime is inclusive, and the time of an edit does not matter")
	assert.Equal(t, []string{"b", "a"}, from(middle.Truncate(time.Second)), "createdOn can be used as startTime")
	assert.Equal(t, []string{"b"}, from(middle.Add(time.Nanosecond)))
	assert.Empty(t, from(middle.Add(time.Hour)))
}

func TestPagesOfThreads(t *testing.T) {
	s := newScene(t)
	var paths []string
	for i := range 12 {
		s.clock.advance(time.Second)
		w := serve(s.resource, s.request("createThread", s.jane, "", fmt.Sprintf(`{"topic":"%d"}`, i)))
		paths = append(paths, "/chat/threads/"+decode[createResult](t, w, 201).ChatThread.ID)
	}
	topics := func(items []item) (all []string) {
		for _, i := range items {
			all = append(all, i.Topic)
		}
		return all
	}
	s.clock.advance(time.Second)
	active, deleted := *s, *s
	active.thread, deleted.thread = paths[3], paths[7]
	active.send(t, s.jane, "Hi")
	deleted.do(t, s.jane, "deleteThread", "", 204)
	want := []string{"3", "11", "10", "9", "8", "6", "5", "4", "2", "1", "0", "Lunch"}
	all := s.all(t, s.jane, "listThreads", "", nil)
	assert.Equal(t, want, topics(all))
	assert.Equal(t, "2026-11-22T10:20:43Z", all[0].LastMessageReceivedOn)
	assert.Equal(t, "2026-11-22T10:20:42Z", all[1].LastMessageReceivedOn)
	assert.Equal(t, []string{"Lunch"}, topics(s.all(t, s.alex, "listThreads", "", nil)), "Alex is only in this thread")
	assert.Equal(t, want[:3], topics(s.all(t, s.jane, "listThreads", "&maxPageSize=1&startTime=2026-11-22T10:20:41Z", nil)))

	moving := s.all(t, s.jane, "listThreads", "&maxPageSize=3", func() {
		for _, path := range []string{paths[0], paths[9]} {
			other := *s
			other.thread = path
			other.send(t, s.jane, "Hi")
		}
		serve(s.resource, s.request("createThread", s.jane, "", ""))
	})
	assert.Equal(t, want, topics(moving), "the order is that of the first page")
	assert.Regexp(t, `^http://localhost:8081/chat/threads\?syncState=`, s.page(t, s.jane, "listThreads", "").NextLink)
}

func TestPagesOfParticipants(t *testing.T) {
	s := newScene(t)
	joined := []string{s.jane.ID, s.alex.ID}
	for range 23 {
		id := s.NewUser().ID
		joined = append(joined, id)
		s.do(t, s.jane, "addParticipants", `{`+participantsField(id)+`}`, 201)
	}
	rawIDs := func(items []item) (all []string) {
		for _, i := range items {
			all = append(all, i.CommunicationIdentifier.RawID)
		}
		return all
	}
	assert.Len(t, s.page(t, s.jane, "listParticipants", "").Value, 10)
	assert.Equal(t, joined, rawIDs(s.all(t, s.jane, "listParticipants", "", nil)))
	assert.Equal(t, joined[5:], rawIDs(s.all(t, s.jane, "listParticipants", "&skip=5&maxPageSize=3", nil)))
	assert.Empty(t, s.all(t, s.jane, "listParticipants", "&skip=25", nil))

	const links = `^http://localhost:8081/chat/threads/19:[\w-]+@thread\.v2/participants\?`
	assert.Regexp(t, links+`skip=10&maxPageSize=10&api-version=2025-03-15$`, s.page(t, s.jane, "listParticipants", "").NextLink)
	assert.Regexp(t, links+`skip=8&maxPageSize=3&api-version=2025-03-15$`, s.page(t, s.jane, "listParticipants", "&skip=5&maxPageSize=3").NextLink)
	assert.Empty(t, s.page(t, s.jane, "listParticipants", "&skip=15").NextLink, "this is the last page")
	link := s.page(t, s.jane, "listParticipants", "").NextLink
	assert.Equal(t, joined[10:20], rawIDs(s.next(t, s.alex, link).Value), "other participants can follow the link")

	once := sync.OnceFunc(func() {
		s.do(t, s.jane, "removeParticipant", `{"rawId":"`+joined[0]+`"}`, 204)
	})
	assert.Equal(t, slices.Delete(slices.Clone(joined), 5, 6), rawIDs(s.all(t, s.alex, "listParticipants", "&maxPageSize=5", once)),
		"after the removal the others move up, and one appears on no page")
	assert.Equal(t, joined[1:], rawIDs(s.all(t, s.alex, "listParticipants", "", nil)))
}

func TestPagesOfReadReceipts(t *testing.T) {
	s := newScene(t)
	users := []emulator.User{s.alex, s.jane}
	for range 11 {
		user := s.NewUser()
		users = append(users, user)
		s.do(t, s.jane, "addParticipants", `{`+participantsField(user.ID)+`}`, 201)
	}
	var want []string
	for _, user := range users {
		s.do(t, user, "sendReadReceipt", "", 200)
		want = append(want, user.ID)
	}
	s.do(t, s.alex, "sendReadReceipt", "", 200)
	senders := func(items []item) (all []string) {
		for _, i := range items {
			all = append(all, i.SenderCommunicationIdentifier.RawID)
		}
		return all
	}
	assert.Len(t, s.page(t, s.jane, "listReadReceipts", "").Value, 10)
	assert.Equal(t, want, senders(s.all(t, s.jane, "listReadReceipts", "&maxPageSize=4", nil)))
	assert.Equal(t, want[2:], senders(s.all(t, s.jane, "listReadReceipts", "&skip=2", nil)))
	assert.Regexp(t, `/readReceipts\?skip=4&maxPageSize=2&api-version=2025-03-15$`, s.page(t, s.jane, "listReadReceipts", "&skip=2&maxPageSize=2").NextLink)
	assert.True(t, slices.Contains(want, s.jane.ID), "the caller's own receipt is listed")
}
