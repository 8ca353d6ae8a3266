package emulator_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/emulator"
)

// earlierRecords is how earlier releases stored a thread from which Jane has removed Alex. Their thread ids had another form,
// and messages whose ids were ahead of the clock had the clock's time.
const earlierRecords = `
{"user":{"ID":"JANE","User":{}}}
{"user":{"ID":"ALEX","User":{}}}
{"thread":{"ID":"THREAD","Topic":"Supper","CreatedOn":"2026-11-22T10:20:30Z","CreatedBy":"JANE","Metadata":{"a":"c"},"RetentionPolicy":null}}
{"member":{"ThreadID":"THREAD","Membership":{"Number":1,"ID":"JANE","DisplayName":"","ShareHistoryTime":"1970-01-01T00:00:00Z","Metadata":null}}}
{"member":{"ThreadID":"THREAD","Membership":{"Number":2,"ID":"ALEX","DisplayName":"","ShareHistoryTime":"1970-01-01T00:00:00Z","Metadata":null,"LeftOn":"2026-11-22T10:20:30Z","LeftVersion":1795342831002}}}
{"revision":{"ThreadID":"THREAD","Version":1795342830456,"Message":{"ID":"1795342830456","Type":"participantAdded","SequenceID":"1","Version":"1795342830456","Content":{"Message":"","Attachments":null,"Topic":"","Participants":[{"ID":"JANE","DisplayName":"","ShareHistoryTime":"1970-01-01T00:00:00Z","Metadata":null},{"ID":"ALEX","DisplayName":"","ShareHistoryTime":"1970-01-01T00:00:00Z","Metadata":null}],"Initiator":"JANE"},"SenderDisplayName":"","Sender":"","CreatedOn":"2026-11-22T10:20:30.4561Z","Metadata":null}}}
{"revision":{"ThreadID":"THREAD","Version":1795342830999,"Message":{"ID":"1795342830999","Type":"topicUpdated","SequenceID":"2","Version":"1795342830999","Content":{"Message":"","Attachments":null,"Topic":"Lunch","Participants":null,"Initiator":"JANE"},"SenderDisplayName":"","Sender":"","CreatedOn":"2026-11-22T10:20:30.4562Z","Metadata":null}}}
{"revision":{"ThreadID":"THREAD","Version":1795342831000,"Message":{"ID":"1795342831000"}}}
{"revision":{"ThreadID":"THREAD","Version":1795342831001,"Message":{"ID":"1795342831000","Type":"text","SequenceID":"4","Version":"1795342831001","Content":{"Message":"Ho","Attachments":null,"Topic":"","Participants":null,"Initiator":""},"SenderDisplayName":"","Sender":"JANE","CreatedOn":"2026-11-22T10:20:30.4563Z","EditedOn":"2026-11-22T10:20:30Z","Metadata":null}}}
{"revision":{"ThreadID":"THREAD","Version":1795342831002,"Message":{"ID":"1795342831002","Type":"participantRemoved","SequenceID":"5","Version":"1795342831002","Content":{"Message":"","Attachments":null,"Topic":"","Participants":[{"ID":"ALEX","DisplayName":"","ShareHistoryTime":"1970-01-01T00:00:00Z","Metadata":null}],"Initiator":"JANE"},"SenderDisplayName":"","Sender":"","CreatedOn":"2026-11-22T10:20:30.4564Z","Metadata":null}}}
{"revision":{"ThreadID":"THREAD","Version":1795342831003,"Message":{"ID":"1795342831003","Type":"topicUpdated","SequenceID":"6","Version":"1795342831003","Content":{"Message":"","Attachments":null,"Topic":"Supper","Participants":null,"Initiator":"JANE"},"SenderDisplayName":"","Sender":"","CreatedOn":"2026-11-22T10:20:30.4565Z","Metadata":null}}}
{"receipt":{"ThreadID":"THREAD","Number":0,"Receipt":{"Sender":"ALEX","MessageID":"1795342831000","ReadOn":"2026-11-22T10:20:30Z"}}}
{"created":{"User":"JANE","RepeatabilityRequestID":"r","ThreadID":"THREAD","Invalid":null}}`

// openEarlierRecords returns a scene with these records in its store. The scene's message is Jane's.
func openEarlierRecords(t *testing.T) *scene {
	t.Helper()
	c := &clock{now: start.Add(time.Second)}
	prefix, _, _ := strings.Cut(emulator.New(emulator.Options{}).NewUser().ID, "_")
	prefix += "_"
	const id = "19:Vg2LhpG-zS0vWvUgxzM9qnJB59SKihCImUn6eWnlu9gA@thread.v2"
	store := newMemoryStore()
	for i, line := range strings.Split(strings.TrimSpace(earlierRecords), "\n") {
		line = strings.NewReplacer("JANE", prefix+"jane", "ALEX", prefix+"alex", "THREAD", id).Replace(line)
		store.records[string(rune('a'+i))] = []byte(line)
	}
	em := openWithStore(t, c, store)
	s := &scene{resource: em, clock: c, thread: "/chat/threads/" + id, message: "1795342831000"}
	for name, user := range map[string]*emulator.User{"jane": &s.jane, "alex": &s.alex} {
		user.ID = prefix + name
		path := "/identities/" + user.ID + "/:issueAccessToken" + identityVersion
		w := serve(em, signed(path, `{"scopes":["chat"]}`, c.Now()))
		user.Token = decode[struct{ Token string }](t, w, 200).Token
	}
	return s
}

func TestRecordsOfEarlierReleasesLoad(t *testing.T) {
	s := openEarlierRecords(t)
	thread := s.firstThread()
	require.Len(t, thread.Messages, 5)
	for _, m := range thread.Messages {
		assert.Equal(t, secondOf(t, m.ID), m.CreatedOn, m.ID)
	}
	assert.Equal(t, []string{"topicUpdated", "participantRemoved", "Ho", "topicUpdated", "participantAdded"}, texts(s.all(t, s.jane, "listMessages", "&maxPageSize=1", nil)))
	assert.Equal(t, []string{"participantRemoved", "Ho", "topicUpdated", "participantAdded"}, texts(s.all(t, s.alex, "listMessages", "&maxPageSize=1", nil)))
	assert.Len(t, s.all(t, s.jane, "listReadReceipts", "", nil), 1)
	assert.Equal(t, map[string]any{"topic": "Supper", "metadata": map[string]any{"a": "c"}}, s.threadSeenBy(t, s.jane))
	assert.Equal(t, map[string]any{"topic": "Lunch"}, s.threadSeenBy(t, s.alex), "the topic is known from the messages, the metadata is unknown")
	again := createWithRepeatabilityID(s.resource, s.jane, "r", `{"topic":"x"}`)
	assert.Equal(t, thread.ID, decode[createResult](t, again, 201).ChatThread.ID)
	sent := s.send(t, s.jane, "new")
	assert.Greater(t, sent, thread.Messages[4].ID)
}
