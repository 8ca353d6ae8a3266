package emulator_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/emulator"
)

func TestMessageJSON(t *testing.T) {
	s := newScene(t)
	identifier := func(u emulator.User) string {
		return `{"rawId":"` + u.ID + `","communicationUser":{"id":"` + u.ID + `"}}`
	}
	participant := func(u emulator.User) string {
		return `{"communicationIdentifier":` + identifier(u) + `,"shareHistoryTime":"1970-01-01T00:00:00Z"}`
	}
	s.do(t, s.jane, "removeParticipant", "", 204)
	s.clock.advance(time.Second)
	s.do(t, s.jane, "updateMessage", `{"content":"Ho","metadata":{"k":"v"}}`, 204)
	const common = `"createdOn":"2026-11-22T10:20:30Z"`
	w := s.do(t, s.jane, "listMessages", "", 200)
	assert.JSONEq(t, `{"value":[
		{"id":"1795342830459","type":"text","sequenceId":"6","version":"1795342831456","content":{"message":"Ho"},"senderDisplayName":"",`+common+`,
			"senderCommunicationIdentifier":`+identifier(s.jane)+`,"editedOn":"2026-11-22T10:20:31Z","metadata":{"k":"v"}},
		{"id":"1795342830460","type":"participantRemoved","sequenceId":"5","version":"1795342830460",`+common+`,
			"content":{"participants":[`+participant(s.alex)+`],"initiatorCommunicationIdentifier":`+identifier(s.jane)+`}},
		{"id":"1795342830458","type":"participantAdded","sequenceId":"3","version":"1795342830458",`+common+`,
			"content":{"participants":[`+participant(s.alex)+`],"initiatorCommunicationIdentifier":`+identifier(s.jane)+`}},
		{"id":"1795342830457","type":"topicUpdated","sequenceId":"2","version":"1795342830457",`+common+`,
			"content":{"topic":"Lunch","initiatorCommunicationIdentifier":`+identifier(s.jane)+`}},
		{"id":"1795342830456","type":"participantAdded","sequenceId":"1","version":"1795342830456",`+common+`,
			"content":{"participants":[`+participant(s.jane)+`],"initiatorCommunicationIdentifier":`+identifier(s.jane)+`}}]}`, w.Body.String())

	s.do(t, s.jane, "deleteMessage", "", 204)
	w = s.do(t, s.jane, "getMessage", "", 200)
	assert.JSONEq(t, `{"id":"1795342830459","type":"text","sequenceId":"7","version":"1795342831457","content":{"message":""},"senderDisplayName":"",`+common+`,
		"senderCommunicationIdentifier":`+identifier(s.jane)+`,"deletedOn":"2026-11-22T10:20:31Z"}`, w.Body.String())
}

func TestOnlyTheSenderEditsAndDeletes(t *testing.T) {
	s := newScene(t)
	system := s.withMessage(s.firstThread().Messages[0].ID)
	for _, name := range []string{"updateMessage", "deleteMessage"} {
		s.do(t, s.alex, name, "", 403)
		system.do(t, s.jane, name, "", 403)
		s.withMessage("1795342830999").do(t, s.jane, name, "", 404)
		s.withMessage("x").do(t, s.jane, name, "", 404)
	}
	assert.Len(t, s.firstThread().Messages, 4)
	assert.Equal(t, "Hi", s.firstThread().Messages[3].Content.Message)
}

func TestDeletedMessagesStayDeleted(t *testing.T) {
	s := newScene(t)
	s.do(t, s.jane, "deleteMessage", "", 204)
	deleted := s.firstThread()
	s.clock.advance(time.Second)
	s.do(t, s.jane, "deleteMessage", "", 204)
	s.do(t, s.jane, "updateMessage", "", 404)
	assert.Equal(t, deleted, s.firstThread())
}

func TestShareHistoryTime(t *testing.T) {
	s := newScene(t)
	bob := s.NewUser()
	s.clock.advance(100 * time.Millisecond)
	share := s.clock.Now().Format(time.RFC3339Nano)
	first := s.send(t, s.jane, "in the same second, and at the time")
	s.do(t, s.alex, "addParticipants", `{"participants":[{"communicationIdentifier":{"rawId":"`+bob.ID+`"},"shareHistoryTime":"`+share+`"}]}`, 201)
	s.do(t, s.jane, "updateMessage", "", 204)

	assert.Equal(t, []string{"participantAdded", "in the same second, and at the time"}, texts(s.all(t, bob, "listMessages", "&maxPageSize=1", nil)),
		"an edit does not change a message's age")
	s.withMessage(first).do(t, bob, "getMessage", "", 200)
	s.do(t, bob, "getMessage", "", 404)
	s.do(t, bob, "sendReadReceipt", "", 404)
	assert.Len(t, s.all(t, s.alex, "listMessages", "", nil), 6, "Alex has no shareHistoryTime and sees everything")
}

func TestCreatorsSeeTheWholeHistory(t *testing.T) {
	s := newScene(t)
	w := serve(s.resource, s.request("createThread", s.jane, "", `{"topic":"x","participants":[
		{"communicationIdentifier":{"rawId":"`+s.jane.ID+`"},"shareHistoryTime":"2030-01-01T00:00:00Z"},
		{"communicationIdentifier":{"rawId":"`+s.alex.ID+`"},"shareHistoryTime":"2030-01-01T00:00:00Z"}]}`))
	s.thread = "/chat/threads/" + decode[createResult](t, w, 201).ChatThread.ID
	assert.Len(t, s.all(t, s.jane, "listMessages", "", nil), 2)
	assert.Empty(t, s.all(t, s.alex, "listMessages", "", nil))
}

func TestRemovedParticipantsReadOlderMessages(t *testing.T) {
	s := newScene(t)
	own := s.withMessage(s.send(t, s.alex, "mine"))
	s.clock.advance(time.Second)
	s.do(t, s.jane, "removeParticipant", "", 204)
	removed := s.firstThread()
	require.Len(t, removed.RemovedParticipants, 1)
	assert.Equal(t, s.alex.ID, removed.RemovedParticipants[0].ID)
	assert.Equal(t, s.clock.Now().Truncate(time.Second), removed.RemovedParticipants[0].RemovedOn)
	later := s.withMessage(s.send(t, s.jane, "later"))
	s.do(t, s.jane, "updateMessage", "", 204)

	assert.Equal(t, []string{"participantRemoved", "mine", "Ho", "participantAdded", "topicUpdated", "participantAdded"},
		texts(s.all(t, s.alex, "listMessages", "&maxPageSize=2", nil)), "the list has the old order and the current contents")
	s.do(t, s.alex, "getThread", "", 200)
	s.do(t, s.alex, "getMessage", "", 200)
	later.do(t, s.alex, "getMessage", "", http.StatusForbidden)
	assert.Empty(t, s.all(t, s.alex, "listThreads", "", nil))
	for _, name := range []string{"updateThread", "deleteThread", "sendMessage", "updateMessage", "deleteMessage", "addParticipants",
		"listParticipants", "removeParticipant", "sendTypingNotification", "sendReadReceipt", "listReadReceipts"} {
		own.do(t, s.alex, name, "", http.StatusForbidden)
	}
	s.do(t, s.jane, "removeParticipant", "", http.StatusNotFound)

	s.do(t, s.jane, "addParticipants", `{"participants":[{"communicationIdentifier":{"rawId":"`+s.alex.ID+`"},"shareHistoryTime":"`+s.clock.Now().Format(time.RFC3339Nano)+`"}]}`, 201)
	assert.Equal(t, []string{"participantAdded", "later", "participantRemoved"}, texts(s.all(t, s.alex, "listMessages", "", nil)),
		"shareHistoryTime of the new membership applies")
	assert.Empty(t, s.firstThread().RemovedParticipants)
	own.do(t, s.alex, "updateMessage", "", http.StatusNotFound)
	s.send(t, s.alex, "back")
}

func TestPagingContinuesAfterARemoval(t *testing.T) {
	s := newScene(t)
	got := s.all(t, s.alex, "listMessages", "&maxPageSize=3", func() { s.do(t, s.jane, "removeParticipant", "", 204) })
	assert.Equal(t, []string{"Hi", "participantAdded", "topicUpdated", "participantAdded"}, texts(got))
}

func TestParticipantsMayRemoveThemselves(t *testing.T) {
	s := newScene(t)
	s.do(t, s.alex, "removeParticipant", "", 204)
	s.do(t, s.jane, "removeParticipant", `{"rawId":"`+s.jane.ID+`"}`, 204)
	thread := s.firstThread()
	assert.Empty(t, thread.Participants)
	assert.Equal(t, s.alex.ID, thread.Messages[4].Content.Initiator)
	assert.Equal(t, s.alex.ID, thread.Messages[4].Content.Participants[0].ID)
	s.do(t, s.jane, "removeParticipant", "", 403)
}

func TestReadReceipts(t *testing.T) {
	s := newScene(t)
	second := s.withMessage(s.send(t, s.jane, "second"))
	s.do(t, s.alex, "sendReadReceipt", "", 200)
	s.clock.advance(time.Second)
	second.do(t, s.alex, "sendReadReceipt", "", 200)
	want := []emulator.ReadReceipt{{Sender: s.alex.ID, MessageID: second.message, ReadOn: s.clock.Now().Truncate(time.Second)}}
	s.clock.advance(time.Second)
	s.do(t, s.alex, "sendReadReceipt", "", 200)
	assert.Equal(t, want, s.firstThread().ReadReceipts, "a user has one receipt, for the latest message")
	w := s.do(t, s.jane, "listReadReceipts", "", 200)
	assert.JSONEq(t, `{"value":[{"senderCommunicationIdentifier":{"rawId":"`+s.alex.ID+`","communicationUser":{"id":"`+s.alex.ID+`"}},
		"chatMessageId":"`+second.message+`","readOn":"2026-11-22T10:20:31Z"}]}`, w.Body.String())
	s.withMessage("1795342830000").do(t, s.jane, "sendReadReceipt", "", 404)
}

func TestLargeThreadsHaveNoReceiptsAndNoTyping(t *testing.T) {
	s := newScene(t)
	var ids []string
	for range 18 {
		ids = append(ids, s.NewUser().ID)
	}
	s.do(t, s.jane, "addParticipants", `{`+participantsField(ids...)+`}`, 201)
	s.do(t, s.jane, "sendReadReceipt", "", 200)
	s.do(t, s.jane, "sendTypingNotification", "", 200)
	bob := s.NewUser()
	s.do(t, s.jane, "addParticipants", `{`+participantsField(bob.ID)+`}`, 201)
	failure := requireError(t, serve(s.resource, s.request("sendTypingNotification", s.alex, "", "")), 403, "Forbidden")
	assert.Contains(t, failure.Message, "more than 20 participants")

	before := s.firstThread().ReadReceipts
	require.Len(t, before, 1)
	second := s.withMessage(s.send(t, s.jane, "second"))
	for _, user := range []emulator.User{s.jane, s.alex, bob} {
		assert.Empty(t, second.do(t, user, "sendReadReceipt", "", 200).Body.String(), "the receipt is accepted")
	}
	s.withMessage("1795342830000").do(t, s.jane, "sendReadReceipt", "", 404)
	for _, query := range []string{"", "&skip=1", "&maxPageSize=1"} {
		w := serve(s.resource, s.request("listReadReceipts", s.jane, query, ""))
		require.Equal(t, 200, w.Code)
		assert.JSONEq(t, `{"value":[]}`, w.Body.String(), "earlier receipts are not listed either")
	}
	assert.Equal(t, before, s.firstThread().ReadReceipts, "receipts in a large thread are not stored")
	s.do(t, s.jane, "removeParticipant", "", 204)
	assert.Len(t, s.all(t, s.jane, "listReadReceipts", "", nil), 1)
	second.do(t, bob, "sendReadReceipt", "", 200)
	assert.Len(t, s.all(t, s.jane, "listReadReceipts", "", nil), 2)
}

func TestRevokedTokensAndDeletedUsers(t *testing.T) {
	s := newScene(t)
	issue := func() emulator.User {
		return emulator.User{ID: s.alex.ID, Token: decode[struct{ Token string }](t, s.do(t, s.jane, "issueAccessToken", "", 200), 200).Token}
	}
	before := issue()
	s.do(t, s.jane, "revokeAccessTokens", "", 204)
	s.do(t, before, "getThread", "", 401)
	s.do(t, s.alex, "getThread", "", 401)
	s.do(t, s.jane, "getThread", "", 200)
	after := issue()
	s.do(t, after, "getThread", "", 200) // issued in the second of the revocation

	s.do(t, s.jane, "deleteIdentity", "", 204)
	s.do(t, after, "getThread", "", 401)
	for _, name := range []string{"issueAccessToken", "revokeAccessTokens", "deleteIdentity"} {
		s.do(t, s.jane, name, "", 404)
	}
	assert.Len(t, s.firstThread().Participants, 2, "the thread does not change")
}
