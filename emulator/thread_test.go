package emulator_test

import (
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/emulator"
)

type createResult struct {
	ChatThread          struct{ ID, CreatedOn string }
	InvalidParticipants []failure
}

func TestCreateChatThread(t *testing.T) {
	em, _ := newEmulator()
	jane, alex := em.NewUser(), em.NewUser()
	w := post(em, "/chat/threads?api-version=2024-03-07", jane.Token, `{"topic":"Lunch","unknown":1,"participants":[
		{"communicationIdentifier":{"rawId":"`+alex.ID+`","communicationUser":{"id":"`+alex.ID+`"}},"displayName":"Alex","shareHistoryTime":"2020-06-06T05:55:41.5+02:00"}]}`)
	id := decode[createResult](t, w, http.StatusCreated).ChatThread.ID

	assert.Regexp(t, `^19:[A-Za-z0-9_-]{43}1@thread\.v2$`, id)
	assert.Equal(t, "http://localhost:8081/chat/threads/"+strings.Replace(id, ":", "%3A", 1), w.Header().Get("Location"))
	assert.JSONEq(t, `{"chatThread":{"id":"`+id+`","topic":"Lunch","createdOn":"2026-11-22T10:20:30Z",
		"createdByCommunicationIdentifier":{"rawId":"`+jane.ID+`","communicationUser":{"id":"`+jane.ID+`"}}}}`, w.Body.String())

	second := start.Truncate(time.Second)
	participants := []emulator.Participant{
		{ID: jane.ID, ShareHistoryTime: time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)},
		{ID: alex.ID, DisplayName: "Alex", ShareHistoryTime: time.Date(2020, 6, 6, 3, 55, 41, 500e6, time.UTC)},
	}
	assert.Equal(t, []emulator.Thread{{
		ID: id, Topic: "Lunch", CreatedOn: second, CreatedBy: jane.ID, Participants: participants,
		Messages: []emulator.Message{
			{ID: "1795342830456", Version: "1795342830456", SequenceID: "1", Type: "participantAdded", CreatedOn: second,
				Content: emulator.MessageContent{Participants: participants, Initiator: jane.ID}},
			{ID: "1795342830457", Version: "1795342830457", SequenceID: "2", Type: "topicUpdated", CreatedOn: second,
				Content: emulator.MessageContent{Topic: "Lunch", Initiator: jane.ID}},
		},
	}}, em.Threads())
}

func TestLocationHasTheRequestsOrigin(t *testing.T) {
	em, _ := newEmulator()
	token := em.NewUser().Token
	overTLS := request("/chat/threads"+chatVersion, token, `{"topic":"Lunch"}`)
	overTLS.Host, overTLS.TLS, overTLS.URL.Scheme = "contoso.example", &tls.ConnectionState{}, "" // as in a server
	overNoWire := request("/chat/threads"+chatVersion, token, `{"topic":"Lunch"}`)
	overNoWire.Host, overNoWire.URL.Scheme = "contoso.example", "https" // as from a RoundTripper that calls ServeHTTP
	for _, r := range []*http.Request{overTLS, overNoWire} {
		assert.Regexp(t, `^https://contoso\.example/chat/threads/19%3A[^:]+@thread\.v2$`, serve(em, r).Header().Get("Location"))
	}
}

func TestCreatorsOwnEntryIsUsed(t *testing.T) {
	em, _ := newEmulator()
	jane := em.NewUser()
	w := post(em, "/chat/threads"+chatVersion, jane.Token, `{"topic":"x","participants":[{"communicationIdentifier":{"rawId":"`+jane.ID+`"},"displayName":"Jane"}]}`)
	require.Equal(t, http.StatusCreated, w.Code, w.Body)
	require.Len(t, em.Threads()[0].Participants, 1)
	assert.Equal(t, "Jane", em.Threads()[0].Participants[0].DisplayName)
}

func TestCreateWithAllFieldsOfAVersion(t *testing.T) {
	em, _ := newEmulator()
	jane := em.NewUser()
	w := post(em, "/chat/threads?api-version=2024-03-15-preview", jane.Token,
		`{"topic":"Lunch","metadata":{"a":"b"},"retentionPolicy":{"kind":"threadCreationDate","deleteThreadAfterDays":30}}`)
	require.Equal(t, http.StatusCreated, w.Code, w.Body)
	assert.Contains(t, w.Body.String(), `"metadata":{"a":"b"},"retentionPolicy":{"kind":"threadCreationDate","deleteThreadAfterDays":30}`)
	thread := em.Threads()[0]
	assert.Equal(t, map[string]string{"a": "b"}, thread.Metadata)
	assert.Equal(t, &emulator.RetentionPolicy{Kind: "threadCreationDate", DeleteThreadAfterDays: 30}, thread.RetentionPolicy)
}

func TestCreateRefusesBadFields(t *testing.T) {
	em, _ := newEmulator()
	token := em.NewUser().Token
	const stable, preview, latest = "2024-03-07", "2024-03-15-preview", "2025-03-15"
	for _, c := range []struct{ version, body, target string }{ // an empty target means success
		{latest, `{}`, "topic"},
		{latest, `{"topic":null}`, "topic"},
		{latest, `{"topic":7}`, "topic"},
		{latest, `{"topic":""}`, ""},
		{latest, `{"topic":"x","participants":null,"metadata":null}`, ""},
		{latest, `{"topic":"x","participants":{}}`, "participants"},
		{latest, `{"topic":"x","metadata":[]}`, "metadata"},
		{latest, `{"topic":"x","metadata":{"a":1}}`, "metadata.a"},
		{latest, `{"topic":"x","metadata":{"a":null}}`, "metadata.a"},
		{latest, `{"topic":"x","metadata":{"é":"` + strings.Repeat("é", 511) + `"}}`, ""},
		{latest, `{"topic":"x","metadata":{"ée":"` + strings.Repeat("é", 511) + `"}}`, "metadata"},
		{stable, `{"topic":"x","metadata":{}}`, "metadata"},
		{stable, `{"topic":"x","retentionPolicy":{"kind":"threadCreationDate","deleteThreadAfterDays":30}}`, "retentionPolicy"},
		{preview, `{"topic":"x","retentionPolicy":{"kind":"none"}}`, "retentionPolicy.kind"},
		{latest, `{"topic":"x","retentionPolicy":{"kind":"none"}}`, ""},
		{latest, `{"topic":"x","retentionPolicy":"none"}`, "retentionPolicy"},
		{latest, `{"topic":"x","retentionPolicy":{}}`, "retentionPolicy.kind"},
		{latest, `{"topic":"x","retentionPolicy":{"kind":"threadCreationDate"}}`, "retentionPolicy.deleteThreadAfterDays"},
		{latest, `{"topic":"x","retentionPolicy":{"kind":"threadCreationDate","deleteThreadAfterDays":29}}`, "retentionPolicy.deleteThreadAfterDays"},
		{latest, `{"topic":"x","retentionPolicy":{"kind":"threadCreationDate","deleteThreadAfterDays":90}}`, ""},
		{latest, `{"topic":"x","retentionPolicy":{"kind":"threadCreationDate","deleteThreadAfterDays":91}}`, "retentionPolicy.deleteThreadAfterDays"},
		{latest, `{"topic":"x","retentionPolicy":{"kind":"threadCreationDate","deleteThreadAfterDays":30.5}}`, "retentionPolicy.deleteThreadAfterDays"},
	} {
		t.Run(c.version+c.body, func(t *testing.T) {
			w := post(em, "/chat/threads?api-version="+c.version, token, c.body)
			if c.target == "" {
				require.Equal(t, http.StatusCreated, w.Code, w.Body)
				return
			}
			requireBadField(t, w, c.target)
		})
	}
	w := post(em, "/chat/threads?api-version="+stable, token, `{"topic":"x","metadata":{}}`)
	assert.Contains(t, w.Body.String(), stable, "the message names the version that lacks the field")
}

func createWithRepeatabilityID(em resource, user emulator.User, id, body string) *httptest.ResponseRecorder {
	r := request("/chat/threads"+chatVersion, user.Token, body)
	r.Header.Set("Repeatability-Request-Id", id)
	return serve(em, r)
}

func TestRepeatedCreateMakesOneThread(t *testing.T) {
	em, clock := newEmulator()
	jane, alex := em.NewUser(), em.NewUser()
	body := `{"topic":"Lunch",` + participantsField("4:+15550100") + `}`
	first := createWithRepeatabilityID(em, jane, "r1", body)
	clock.advance(time.Hour)
	again := createWithRepeatabilityID(em, jane, "r1", body)
	assert.Equal(t, http.StatusCreated, again.Code)
	assert.Equal(t, first.Body.String(), again.Body.String(), "createdOn and invalidParticipants are those of the first create")
	assert.Equal(t, first.Header().Get("Location"), again.Header().Get("Location"))
	assert.Len(t, em.Threads(), 1)

	createWithRepeatabilityID(em, jane, "r2", body)
	createWithRepeatabilityID(em, alex, "r1", body)
	post(em, "/chat/threads"+chatVersion, jane.Token, body)
	post(em, "/chat/threads"+chatVersion, jane.Token, body)
	assert.Len(t, em.Threads(), 5, "another id, another user, or no id create new threads")
}

func TestRefusedCreateIsNotRemembered(t *testing.T) {
	em, _ := newEmulator()
	jane := em.NewUser()
	requireBadField(t, createWithRepeatabilityID(em, jane, "r1", `{}`), "topic")
	assert.Equal(t, http.StatusCreated, createWithRepeatabilityID(em, jane, "r1", `{"topic":"Lunch"}`).Code)
	requireBadField(t, createWithRepeatabilityID(em, jane, "", `{"topic":"Lunch"}`), "repeatability-request-id")
	assert.Len(t, em.Threads(), 1)
}

func TestConcurrentRepeatedCreatesMakeOneThread(t *testing.T) {
	em, _ := newEmulator()
	jane := em.NewUser()
	const clients = 20
	ids := make([]string, clients)
	var wg sync.WaitGroup
	for i := range clients {
		wg.Go(func() {
			w := createWithRepeatabilityID(em, jane, "r1", fmt.Sprintf(`{"topic":"from %d"}`, i))
			ids[i] = w.Header().Get("Location")
			em.Threads()
		})
	}
	wg.Wait()
	require.Len(t, em.Threads(), 1)
	for _, id := range ids {
		assert.Equal(t, ids[0], id)
		assert.NotEmpty(t, id)
	}
}

func TestThreadsAreSortedByCreation(t *testing.T) {
	em, _ := newEmulator()
	jane := em.NewUser()
	for i := range 10 {
		post(em, "/chat/threads"+chatVersion, jane.Token, fmt.Sprintf(`{"topic":"%d"}`, i))
	}
	for i, thread := range em.Threads() {
		assert.Equal(t, fmt.Sprint(i), thread.Topic)
	}
}

func TestThreadsReturnsDeepCopies(t *testing.T) {
	const version = "?api-version=2024-03-15-preview"
	em, _ := newEmulator()
	jane := em.NewUser()
	post(em, "/chat/threads"+version, jane.Token, `{"topic":"x","metadata":{"k":"v"},
		"retentionPolicy":{"kind":"threadCreationDate","deleteThreadAfterDays":30},
		"participants":[{"communicationIdentifier":{"rawId":"`+jane.ID+`"},"metadata":{"k":"v"}}]}`)
	post(em, "/chat/threads/"+em.Threads()[0].ID+"/messages"+version, jane.Token,
		`{"content":"Hi","metadata":{"k":"v"},"attachments":[{"id":"a","attachmentType":"file"}]}`)
	before, _ := json.Marshal(em.Threads())

	changed := em.Threads()[0]
	changed.Metadata["k"] = "changed"
	changed.RetentionPolicy.Kind = "changed"
	changed.Participants[0].ID = "changed"
	changed.Participants[0].Metadata["k"] = "changed"
	changed.Messages[0].Content.Participants[0].Metadata["k"] = "changed"
	changed.Messages[2].Type = "changed"
	changed.Messages[2].Metadata["k"] = "changed"
	changed.Messages[2].Content.Attachments[0].ID = "changed"
	after, _ := json.Marshal(em.Threads())
	assert.JSONEq(t, string(before), string(after))
}
