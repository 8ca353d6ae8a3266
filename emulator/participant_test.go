package emulator_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/emulator"
)

func TestAddChatParticipants(t *testing.T) {
	em, _ := newEmulator()
	jane, alex, bob := em.NewUser(), em.NewUser(), em.NewUser()
	add := newThread(t, em, jane) + "/participants/:add" + chatVersion
	w := post(em, add, jane.Token, `{"participants":[
		{"communicationIdentifier":{"communicationUser":{"id":"`+alex.ID+`"}},"displayName":"Alex","shareHistoryTime":"2020-06-06T05:55:41Z","metadata":{"a":"b"}},
		{"communicationIdentifier":{"rawId":"`+bob.ID+`"}}]}`)
	assert.Equal(t, map[string]any{}, decode[map[string]any](t, w, http.StatusCreated))
	assert.Empty(t, w.Header().Get("Location"))

	thread := em.Threads()[0]
	require.Len(t, thread.Participants, 3)
	added := thread.Participants[1]
	assert.Equal(t, alex.ID, added.ID)
	assert.Equal(t, "Alex", added.DisplayName)
	assert.Equal(t, "2020-06-06 05:55:41 +0000 UTC", added.ShareHistoryTime.String())
	assert.Equal(t, map[string]string{"a": "b"}, added.Metadata)
	require.Len(t, thread.Messages, 3)
	message := thread.Messages[2]
	assert.Equal(t, "participantAdded", message.Type)
	assert.Equal(t, "3", message.SequenceID)
	assert.Equal(t, emulator.MessageContent{Participants: thread.Participants[1:], Initiator: jane.ID}, message.Content)
	assert.Empty(t, message.Sender)

	assert.Equal(t, http.StatusCreated, post(em, add, alex.Token, `{"participants":[]}`).Code, "added participants can add others")
}

func TestAddingAParticipantAgainChangesNothing(t *testing.T) {
	em, _ := newEmulator()
	jane, alex := em.NewUser(), em.NewUser()
	add := newThread(t, em, jane) + "/participants/:add" + chatVersion
	require.Equal(t, http.StatusCreated, post(em, add, jane.Token, `{`+participantsField(alex.ID, alex.ID)+`}`).Code)
	before := em.Threads()
	require.Len(t, before[0].Participants, 2)
	w := post(em, add, jane.Token, `{"participants":[{"communicationIdentifier":{"rawId":"`+alex.ID+`"},"displayName":"Other"}]}`)
	assert.Equal(t, map[string]any{}, decode[map[string]any](t, w, http.StatusCreated))
	assert.Equal(t, before, em.Threads())
}

func TestInvalidParticipants(t *testing.T) {
	em, _ := newEmulator()
	jane := em.NewUser()
	ours := jane.ID[:strings.Index(jane.ID, "_")+1]
	foreign := emulator.New(emulator.Options{AccessKey: "b3RoZXI="}).NewUser().ID
	never := ours + uuid.NewString()
	body := `{"topic":"Lunch","participants":[
		{"communicationIdentifier":{"rawId":"` + foreign + `"}},
		{"communicationIdentifier":{"communicationUser":{"id":"` + never + `"}}},
		{"communicationIdentifier":{"phoneNumber":{"value":"+15550100"}}},
		{"communicationIdentifier":{"rawId":"8:orgid:t","microsoftTeamsUser":{"userId":"t"}}},
		{"communicationIdentifier":{"microsoftTeamsApp":{"appId":"a"}}},
		{"communicationIdentifier":{"rawId":"something"}}]}`
	want := []failure{
		{"403", "Permissions check failed", foreign},
		{"404", "Not found", never},
		{"403", "Permissions check failed", "4:+15550100"},
		{"403", "Permissions check failed", "8:orgid:t"},
		{"403", "Permissions check failed", "28:orgid:a"},
		{"403", "Permissions check failed", "something"},
	}
	created := decode[createResult](t, post(em, "/chat/threads"+chatVersion, jane.Token, body), http.StatusCreated)
	assert.Equal(t, want, created.InvalidParticipants)
	added := decode[createResult](t, post(em, "/chat/threads/"+created.ChatThread.ID+"/participants/:add"+chatVersion, jane.Token, body), http.StatusCreated)
	assert.Equal(t, want, added.InvalidParticipants)
	assert.Len(t, em.Threads()[0].Participants, 1)
	assert.Len(t, em.Threads()[0].Messages, 2, "nobody was added, so there is no system message")
}

func TestParticipantsRefuseBadFields(t *testing.T) {
	em, _ := newEmulator()
	jane := em.NewUser()
	path := newThread(t, em, jane)
	one := func(fields string) string {
		return `{"participants":[{"communicationIdentifier":{"rawId":"` + jane.ID + `"}` + fields + `}]}`
	}
	identified := func(identifier string) string {
		return `{"participants":[{"communicationIdentifier":` + identifier + `}]}`
	}
	const first = "participants[0]"
	const stable, preview, latest = "2024-03-07", "2024-03-15-preview", "2025-03-15"
	for _, c := range []struct{ version, body, target string }{ // an empty target means success
		{latest, `{}`, "participants"},
		{latest, `{"participants":null}`, "participants"},
		{latest, `{"participants":"x"}`, "participants"},
		{latest, `{"participants":[null]}`, first},
		{latest, `{"participants":["` + jane.ID + `"]}`, first},
		{latest, `{"participants":[{}]}`, first + ".communicationIdentifier"},
		{latest, identified(`"x"`), first + ".communicationIdentifier"},
		{latest, identified(`{}`), first + ".communicationIdentifier"},
		{latest, identified(`{"rawId":""}`), first + ".communicationIdentifier"},
		{latest, identified(`{"rawId":1}`), first + ".communicationIdentifier.rawId"},
		{latest, identified(`{"communicationUser":{}}`), first + ".communicationIdentifier.communicationUser.id"},
		{latest, identified(`{"rawId":"a","communicationUser":{"id":"b"}}`), first + ".communicationIdentifier.rawId"},
		{latest, identified(`{"communicationUser":{"id":"a"},"phoneNumber":{"value":"+1"}}`), first + ".communicationIdentifier.phoneNumber"},
		{latest, identified(`{"teamsExtensionUser":{"userId":"u"}}`), ""},
		{preview, identified(`{"teamsExtensionUser":{"userId":"u"}}`), first + ".communicationIdentifier.teamsExtensionUser"},
		{preview, identified(`{"phoneNumber":{"value":"+1","isAnonymous":true}}`), first + ".communicationIdentifier.phoneNumber.isAnonymous"},
		{latest, one(`,"displayName":{}`), first + ".displayName"},
		{latest, one(`,"shareHistoryTime":1591422941`), first + ".shareHistoryTime"},
		{latest, one(`,"shareHistoryTime":"2020-06-06"`), first + ".shareHistoryTime"},
		{latest, one(`,"shareHistoryTime":"2020-02-30T05:55:41Z"`), first + ".shareHistoryTime"},
		{latest, one(`,"shareHistoryTime":"2020-06-06T5:55:41Z"`), first + ".shareHistoryTime"},
		{latest, one(`,"shareHistoryTime":"2020-06-06T05:55:41,5Z"`), first + ".shareHistoryTime"},
		{latest, one(`,"shareHistoryTime":"2020-06-06T05:55:41.1234567Z"`), ""},
		{preview, one(`,"metadata":{"k":"` + strings.Repeat("v", 1023) + `"}`), ""},
		{preview, one(`,"metadata":{"k":"` + strings.Repeat("v", 1024) + `"}`), first + ".metadata"},
		{stable, one(`,"metadata":{"k":"v"}`), first + ".metadata"},
	} {
		t.Run(c.version+c.body, func(t *testing.T) {
			w := post(em, path+"/participants/:add?api-version="+c.version, jane.Token, c.body)
			if c.target == "" {
				require.Equal(t, http.StatusCreated, w.Code, w.Body)
				return
			}
			requireBadField(t, w, c.target)
		})
	}
}

func TestParticipantLimits(t *testing.T) {
	em, _ := newEmulator()
	jane := em.NewUser()
	ids := make([]string, 250)
	for i := range ids {
		ids[i] = em.NewUser().ID
	}
	requireBadField(t, post(em, "/chat/threads"+chatVersion, jane.Token, `{"topic":"x",`+participantsField(ids[:201]...)+`}`), "participants")
	require.Equal(t, http.StatusCreated, post(em, "/chat/threads"+chatVersion, jane.Token, `{"topic":"x",`+participantsField(ids[:200]...)+`}`).Code)
	add := "/chat/threads/" + em.Threads()[0].ID + "/participants/:add" + chatVersion
	requireBadField(t, post(em, add, jane.Token, `{`+participantsField(ids[:201]...)+`}`), "participants")
	requireBadField(t, post(em, add, jane.Token, `{`+participantsField(ids[200:]...)+`}`), "participants") // the creator is the 251st
	assert.Len(t, em.Threads()[0].Participants, 201, "nobody is added")
	require.Equal(t, http.StatusCreated, post(em, add, jane.Token, `{`+participantsField(ids[100:249]...)+`}`).Code, "existing participants do not count twice")
	assert.Len(t, em.Threads()[0].Participants, 250)
}

func TestOnlyParticipantsMayAdd(t *testing.T) {
	em, _ := newEmulator()
	jane, alex := em.NewUser(), em.NewUser()
	path := newThread(t, em, jane)
	requireError(t, post(em, path+"/participants/:add"+chatVersion, alex.Token, `{`+participantsField(alex.ID)+`}`), http.StatusForbidden, "Forbidden")
	requireError(t, post(em, "/chat/threads/19:x@thread.v2/participants/:add"+chatVersion, jane.Token, `{`+participantsField(alex.ID)+`}`), http.StatusNotFound, "NotFound")
	assert.Len(t, em.Threads()[0].Participants, 1)
}
