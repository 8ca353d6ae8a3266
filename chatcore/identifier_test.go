package chatcore_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// TestIdentifiers pastes what may stand for an identifier, and looks at what is sent.
func TestIdentifiers(t *testing.T) {
	const both = `{"rawId":"8:acs:a_b","communicationUser":{"id":"8:acs:a_b"}}`
	for given, sent := range map[string]string{
		both:                    both,
		`"8:acs:a_b"`:           both,
		`{"rawId":"8:acs:a_b"}`: `{"rawId":"8:acs:a_b"}`,
		`{"communicationUser":{"id":"8:acs:a_b"}}`: `{"communicationUser":{"id":"8:acs:a_b"}}`,
		`"4:+15551234"`:               `{"rawId":"4:+15551234"}`,
		`"8:orgid:a"`:                 `{"rawId":"8:orgid:a"}`,
		`"8:acs"`:                     `{"rawId":"8:acs"}`,
		`"x8:acs:a"`:                  `{"rawId":"x8:acs:a"}`,
		`"\u0038:acs:\"\ud83d\ude00"`: `{"rawId":"8:acs:\"😀","communicationUser":{"id":"8:acs:\"😀"}}`,
	} {
		for _, op := range []operation{createThread, addParticipants} {
			req, err := op.build(endpoint(t), "", threadID, `{`+topicOf(op)+`"participants":[{"communicationIdentifier":`+given+`}]}`)
			require.NoError(t, err, given)
			assert.JSONEq(t, `{`+topicOf(op)+`"participants":[{"communicationIdentifier":`+sent+`}]}`, req.Body)
		}
	}
}

// topicOf returns what else a request with participants needs.
func topicOf(op operation) string {
	if op.name == "createThread" {
		return `"topic":"Lunch",`
	}
	return ""
}

func TestBadIdentifiers(t *testing.T) {
	for given, path := range map[string]string{
		`{}`:                                     "",
		`""`:                                     "",
		`{"rawId":""}`:                           "",
		`null`:                                   "",
		`1`:                                      "",
		`true`:                                   "",
		`false`:                                  "",
		`["8:acs:a_b"]`:                          "",
		`{"rawId":1}`:                            ".rawId",
		`{"rawID":"8:acs:a_b"}`:                  ".rawID",
		`{"phoneNumber":{}}`:                     ".phoneNumber",
		`{"communicationUser":"8:acs:a_b"}`:      ".communicationUser",
		`{"communicationUser":null}`:             ".communicationUser",
		`{"communicationUser":{}}`:               ".communicationUser.id",
		`{"communicationUser":{"id":""}}`:        ".communicationUser.id",
		`{"rawId":"a","communicationUser":{}}`:   ".communicationUser.id",
		`{"communicationUser":{"id":"a","x":1}}`: ".communicationUser.x",
		`{"communicationUser":{"id":["8:acs:a_b"]}}`: ".communicationUser.id",
	} {
		for _, op := range []operation{createThread, addParticipants} {
			_, err := op.build(endpoint(t), "", threadID,
				`{`+topicOf(op)+`"participants":[{"communicationIdentifier":"8:acs:x_y"},{"communicationIdentifier":`+given+`}]}`)
			invalid(t, err, op.name, "participants[1].communicationIdentifier"+path)
		}
	}
	_, err := addParticipants.build(endpoint(t), "", threadID, `{"participants":[{"displayName":"Jane"}]}`)
	invalid(t, err, "addParticipants", "participants[0].communicationIdentifier")
}

func TestRawIdentifier(t *testing.T) {
	assert.Equal(t, chatcore.CommunicationIdentifierModel{RawID: jane, CommunicationUser: &chatcore.CommunicationUserIdentifierModel{ID: jane}},
		chatcore.RawIdentifier(jane))
	assert.Equal(t, chatcore.CommunicationIdentifierModel{RawID: "28:orgid:a"}, chatcore.RawIdentifier("28:orgid:a"))
	assert.Equal(t, chatcore.CommunicationIdentifierModel{}, chatcore.RawIdentifier(""))
}

// TestIdentifiersInResponses: there may be more kinds than this package knows, and only the raw id is certain.
func TestIdentifiersInResponses(t *testing.T) {
	for given, want := range map[string]string{
		`{"rawId":"8:orgid:a","kind":"microsoftTeamsUser","microsoftTeamsUser":{"userId":"a","isAnonymous":false}}`: `{"rawId":"8:orgid:a"}`,
		`{"rawId":"8:acs:a_b"}`: `{"rawId":"8:acs:a_b"}`,
		`{"kind":null,"rawId":"8:acs:a_b","communicationUser":null}`: `{"rawId":"8:acs:a_b"}`,
		`"8:acs:a_b"`: `{"rawId":"8:acs:a_b","communicationUser":{"id":"8:acs:a_b"}}`,
		`null`:        `{}`,
	} {
		result, err := createThread.parse(chatcore.Response{Status: 201, Body: `{"chatThread":{"id":"t","createdByCommunicationIdentifier":` + given + `}}`})
		require.NoError(t, err, given)
		assert.JSONEq(t, `{"chatThread":{"id":"t","topic":"","createdByCommunicationIdentifier":`+want+`},"invalidParticipants":[]}`, result.JSON())
	}
}
