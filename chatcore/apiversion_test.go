package chatcore_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestFieldsRequireAPIVersion: a field that the api-version lacks is refused, and the hint names a version that has it.
func TestFieldsRequireAPIVersion(t *testing.T) {
	const (
		participants = `"participants":[{"communicationIdentifier":"8:acs:a_b"},{"communicationIdentifier":"8:acs:c_d","metadata":{"k":"v"}}]}`
		attachments  = `{"content":"Hi","attachments":[{"id":"a","attachmentType":"file"}]}`
	)
	for _, test := range []struct {
		op                operation
		version, text     string
		path, hintVersion string // the error's path and the version in its hint, if it is refused
	}{
		{createThread, "", `{"topic":"Lunch",` + participants, "participants[1].metadata", "2025-03-15"},
		{createThread, "2024-03-07", `{"topic":"Lunch",` + participants, "participants[1].metadata", "2025-03-15"},
		{createThread, "2024-03-15-preview", `{"topic":"Lunch",` + participants, "", ""},
		{createThread, "2025-03-15", `{"topic":"Lunch",` + participants, "", ""},
		{createThread, "2031-12-31", `{"topic":"Lunch",` + participants, "", ""},
		{createThread, "2021-01-01", `{"topic":"Lunch",` + participants, "", ""},

		{createThread, "", `{"topic":"Lunch","metadata":{"k":"v"}}`, "metadata", "2025-03-15"},
		{createThread, "2024-03-15-preview", `{"topic":"Lunch","metadata":{"k":"v"}}`, "", ""},
		{createThread, "2025-03-15", `{"topic":"Lunch","metadata":{"k":"v"}}`, "", ""},

		{addParticipants, "", `{` + participants, "", ""},
		{addParticipants, "2024-03-07", `{` + participants, "participants[1].metadata", "2025-03-15"},
		{addParticipants, "2025-03-15", `{` + participants, "", ""},
		{addParticipants, "2024-03-07", `{"participants":[{"communicationIdentifier":"a","metadata":{}}]}`, "participants[0].metadata", "2025-03-15"},
		{addParticipants, "2024-03-07", `{"participants":[{"communicationIdentifier":"a"}]}`, "", ""},

		{sendMessage, "", attachments, "", ""},
		{sendMessage, "2024-03-15-preview", attachments, "", ""},
		{sendMessage, "2024-03-07", attachments, "attachments", "2024-03-15-preview"},
		{sendMessage, "2025-03-15", attachments, "attachments", "2024-03-15-preview"},
		{sendMessage, "2031-12-31", attachments, "attachments", "2024-03-15-preview"},
		{sendMessage, "2024-03-07", `{"content":"Hi","attachments":[],"metadata":{"k":"v"}}`, "", ""},
		{sendMessage, "2025-03-15", `{"content":"Hi","metadata":{"k":"v"}}`, "", ""},
	} {
		t.Run(test.op.name+" "+test.version, func(t *testing.T) {
			req, err := test.op.build(testEndpoint(t), test.version, targetIDs, test.text)
			if test.path != "" {
				e := requireInvalidArgument(t, err, test.op.name, test.path)
				assert.Contains(t, e.Message, "api-version")
				assert.Contains(t, e.Hint, `"`+test.hintVersion+`"`)
				return
			}
			require.NoError(t, err)
			version := test.version
			if version == "" {
				version = test.op.apiVersion
			}
			assert.Contains(t, req.URL, "?api-version="+version)
		})
	}
}

// TestHintedAPIVersionWorks: a request is accepted with the api-version that the hint names.
func TestHintedAPIVersionWorks(t *testing.T) {
	_, err := sendMessage.build(testEndpoint(t), "2024-03-15-preview", targetIDs, `{"content":"Hi","attachments":[{"id":"a","attachmentType":"file"}]}`)
	assert.NoError(t, err)
	_, err = createThread.build(testEndpoint(t), "2025-03-15", targetIDs, `{"topic":"Lunch","participants":[{"communicationIdentifier":"a","metadata":{"k":"v"}}]}`)
	assert.NoError(t, err)
}
