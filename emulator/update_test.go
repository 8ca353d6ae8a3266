package emulator_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/emulator"
)

func TestMetadataPatches(t *testing.T) {
	s := newScene(t)
	thread := func() map[string]string { return s.firstThread().Metadata }
	message := func() map[string]string { return s.firstThread().Messages[3].Metadata }
	for name, metadata := range map[string]func() map[string]string{"updateThread": thread, "updateMessage": message} {
		for _, c := range []struct {
			patch string
			want  map[string]string
		}{
			{`{"metadata":{"a":"1","b":"2","c":"3"}}`, map[string]string{"a": "1", "b": "2", "c": "3"}},
			{`{"metadata":{"a":"","b":"4","d":"5","nothing":""}}`, map[string]string{"b": "4", "c": "3", "d": "5"}},
			{`{"metadata":{"c":null}}`, map[string]string{"b": "4", "d": "5"}},
			{`{"metadata":{}}`, map[string]string{"b": "4", "d": "5"}},
			{`{"metadata":null}`, nil},
		} {
			s.do(t, s.jane, name, c.patch, 204)
			assert.Equal(t, c.want, metadata(), "%s %s", name, c.patch)
		}
	}
	before := s.firstThread()
	s.do(t, s.jane, "updateMessage", `{}`, 204)
	s.do(t, s.jane, "updateMessage", `{"metadata":{}}`, 204)
	assert.Equal(t, before, s.firstThread(), "an empty patch creates no version")
}

func TestAttachmentsArePatched(t *testing.T) {
	s := newScene(t)
	for body, want := range map[string][]emulator.Attachment{
		`{"attachments":[{"id":"a","attachmentType":"file"}]}`: {{ID: "a", AttachmentType: "file"}},
		`{"attachments":null}`:                                 nil,
	} {
		r := s.request("updateMessage", s.jane, "", body)
		r.URL.RawQuery = "api-version=2024-03-15-preview"
		require.Equal(t, 204, serve(s.resource, r).Code)
		assert.Equal(t, want, s.firstThread().Messages[3].Content.Attachments)
	}
}

func TestUpdateThread(t *testing.T) {
	s := newScene(t)
	s.do(t, s.alex, "updateThread", `{"topic":"Dinner","metadata":{"a":"b"},"retentionPolicy":{"kind":"threadCreationDate","deleteThreadAfterDays":30}}`, 204)
	s.do(t, s.alex, "updateThread", `{"metadata":{"c":"d"}}`, 204)
	thread := s.firstThread()
	assert.Equal(t, "Dinner", thread.Topic)
	require.Len(t, thread.Messages, 5, "without a topic there is no message")
	assert.Equal(t, emulator.MessageContent{Topic: "Dinner", Initiator: s.alex.ID}, thread.Messages[4].Content)
	const properties = `"topic":"Dinner","createdOn":"2026-11-22T10:20:30Z","createdByCommunicationIdentifier":`
	for version, more := range map[string]string{
		"2024-03-07": ``,
		"2025-03-15": `,"metadata":{"a":"b","c":"d"},"retentionPolicy":{"kind":"threadCreationDate","deleteThreadAfterDays":30}`,
	} {
		r := s.request("getThread", s.jane, "", "")
		r.URL.RawQuery = "api-version=" + version
		assert.JSONEq(t, `{"id":"`+thread.ID+`",`+properties+`{"rawId":"`+s.jane.ID+`","communicationUser":{"id":"`+s.jane.ID+`"}}`+more+`}`,
			serve(s.resource, r).Body.String())
	}
	s.do(t, s.alex, "updateThread", `{"retentionPolicy":null}`, 204)
	assert.Nil(t, s.firstThread().RetentionPolicy)
}

func TestMetadataMayNotGrowTooLarge(t *testing.T) {
	s := newScene(t)
	kilobyte := `{"metadata":{"%":"` + strings.Repeat("v", 1000) + `"}}`
	s.do(t, s.jane, "updateThread", kilobyte, 204)
	before := s.firstThread()
	more := s.request("updateThread", s.jane, "", `{"topic":"x","metadata":{"more":"`+strings.Repeat("v", 1000)+`"}}`)
	requireBadField(t, serve(s.resource, more), "metadata")
	assert.Equal(t, before, s.firstThread())
}

func TestRetention(t *testing.T) {
	s := newScene(t)
	s.do(t, s.jane, "updateThread", `{"retentionPolicy":{"kind":"threadCreationDate","deleteThreadAfterDays":30}}`, 204)
	renewTokens := func() { // the old tokens have expired
		for _, u := range []*emulator.User{&s.jane, &s.alex} {
			claims := claimsOf(t, u.Token)
			claims["exp"] = s.clock.Now().Add(24 * time.Hour).Unix()
			u.Token = jwt(hs256, claims)
		}
	}
	s.clock.advance(30*24*time.Hour - time.Second)
	renewTokens()
	s.do(t, s.jane, "getThread", "", 200)
	s.clock.advance(time.Second)
	for _, name := range []string{"getThread", "sendMessage", "listMessages", "updateThread", "deleteThread", "listParticipants"} {
		s.do(t, s.jane, name, "", 404)
	}
	assert.Empty(t, s.all(t, s.jane, "listThreads", "", nil))
	require.Len(t, s.Threads(), 1, "Threads still returns it")
	assert.Zero(t, s.firstThread().DeletedOn)
}

func TestDeletedThreads(t *testing.T) {
	s := newScene(t)
	first := createWithRepeatabilityID(s.resource, s.jane, "r", `{"topic":"x"}`)
	s.thread = "/chat/threads/" + decode[createResult](t, first, 201).ChatThread.ID
	s.do(t, s.jane, "deleteThread", "", 204)
	assert.Len(t, s.all(t, s.jane, "listThreads", "", nil), 1)
	assert.Equal(t, s.clock.Now().Truncate(time.Second), s.Threads()[1].DeletedOn)
	again := createWithRepeatabilityID(s.resource, s.jane, "r", `{"topic":"x"}`)
	assert.Contains(t, again.Body.String(), `"deletedOn":"2026-11-22T10:20:30Z"`, "the repeated create returns the deleted thread")
	assert.Len(t, s.Threads(), 2)
}

func TestEditsThatDropMetadata(t *testing.T) {
	for _, drops := range []bool{false, true} {
		em := newResource(emulator.Options{Clock: func() time.Time { return start }, EditsDropMetadata: drops})
		jane := em.NewUser()
		s := &scene{resource: em, jane: jane, thread: newThread(t, em, jane)}
		s.message = s.send(t, jane, "Hi")
		metadata := func() map[string]string { return s.firstThread().Messages[2].Metadata }
		s.do(t, jane, "updateMessage", `{"metadata":{"a":"1"}}`, 204)
		for _, patch := range []string{`{}`, `{"metadata":{}}`, `{"content":"Ho","metadata":{}}`} {
			s.do(t, jane, "updateMessage", patch, 204)
			assert.Equal(t, map[string]string{"a": "1"}, metadata(), patch)
		}
		s.do(t, jane, "updateMessage", `{"content":"Ho","metadata":{"b":"2"}}`, 204)
		assert.Equal(t, map[string]string{"a": "1", "b": "2"}, metadata(), "metadata in the patch is merged")
		s.do(t, jane, "updateMessage", `{"content":"Ho"}`, 204)
		assert.Equal(t, drops, metadata() == nil)
		s.do(t, jane, "updateThread", `{"metadata":{"a":"1"}}`, 204)
		s.do(t, jane, "updateThread", `{"topic":"Dinner"}`, 204)
		assert.NotNil(t, s.firstThread().Metadata, "the option does not affect threads")
	}
}
