package emulator_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"acschat/emulator"
)

// threadSeenBy returns the thread's properties that a user sees, without those that never change.
func (s *scene) threadSeenBy(t *testing.T, user emulator.User) map[string]any {
	t.Helper()
	properties := decode[map[string]any](t, s.do(t, user, "getThread", "", 200), 200)
	for _, name := range []string{"id", "createdOn", "createdByCommunicationIdentifier"} {
		assert.NotEmpty(t, properties[name])
		delete(properties, name)
	}
	return properties
}

func TestRemovedParticipantsSeeOldProperties(t *testing.T) {
	store := newMemoryStore()
	s := newSceneWithStore(t, store)
	change := func(topic, value string, days string) {
		s.do(t, s.jane, "updateThread", `{"topic":"`+topic+`","metadata":{"k":"`+value+`"},"retentionPolicy":{"kind":"threadCreationDate","deleteThreadAfterDays":`+days+`}}`, 204)
	}
	properties := func(topic, value string, days float64) map[string]any {
		return map[string]any{"topic": topic, "metadata": map[string]any{"k": value},
			"retentionPolicy": map[string]any{"kind": "threadCreationDate", "deleteThreadAfterDays": days}}
	}
	s.do(t, s.jane, "addParticipants", `{`+participantsField(s.alex.ID)+`}`, 201)
	change("Dinner", "then", "30")
	s.do(t, s.jane, "removeParticipant", "", 204)
	then := properties("Dinner", "then", 30)
	assert.Equal(t, then, s.threadSeenBy(t, s.alex))

	change("Supper", "later", "60")
	assert.Equal(t, properties("Supper", "later", 60), s.threadSeenBy(t, s.jane))
	assert.Equal(t, then, s.threadSeenBy(t, s.alex))
	s.do(t, s.jane, "updateThread", `{"metadata":null,"retentionPolicy":null}`, 204)
	assert.Equal(t, then, s.threadSeenBy(t, s.alex))
	s.resource = openWithStore(t, s.clock, store)
	assert.Equal(t, then, s.threadSeenBy(t, s.alex), "the Store has the properties of the time of removal")

	s.do(t, s.jane, "addParticipants", `{`+participantsField(s.alex.ID)+`}`, 201)
	assert.Equal(t, map[string]any{"topic": "Supper"}, s.threadSeenBy(t, s.alex), "after being added again, Alex sees the current properties")
	s.do(t, s.jane, "deleteThread", "", 204)
	s.do(t, s.alex, "getThread", "", 404)
}

func TestRepeatedCreateAfterRemovalOfTheCreator(t *testing.T) {
	s := newScene(t)
	create := func() map[string]any {
		w := createWithRepeatabilityID(s.resource, s.jane, "r", `{"topic":"Lunch","metadata":{"k":"then"},`+participantsField(s.alex.ID)+`}`)
		return decode[map[string]map[string]any](t, w, 201)["chatThread"]
	}
	first := create()
	s.thread = "/chat/threads/" + first["id"].(string)
	s.do(t, s.jane, "updateThread", `{"topic":"Dinner"}`, 204)
	s.do(t, s.alex, "removeParticipant", `{"rawId":"`+s.jane.ID+`"}`, 204)
	s.do(t, s.alex, "updateThread", `{"topic":"Supper","metadata":{"k":"later"}}`, 204)
	again := create()
	assert.Equal(t, "Dinner", again["topic"])
	assert.Equal(t, map[string]any{"k": "then"}, again["metadata"])
	s.do(t, s.alex, "deleteThread", "", 204)
	assert.NotEmpty(t, create()["deletedOn"])
}
