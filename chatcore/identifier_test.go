package chatcore_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// TestIdentifiers: identifiers may be given as a string or an object. The request always has an object.
func TestIdentifiers(t *testing.T) {
	const both = `{"rawId":"8:acs:a_b","communicationUser":{"id":"8:acs:a_b"}}`
	for given, sent := range map[string]string{
		both:                    both,
		`"8:acs:a_b"`:           both,
		`{"rawId":"8:acs:a_b"}`: `{"rawId":"8:acs:a_b"}`,
		`{"communicationUser":{"id":"8:acs:a_b"}}`: `{"communicationUser":{"id":"8:acs:a_b"}}`,
		`"4:+15551234"`: `{"rawId":"4:+15551234","phoneNumber":{"value":"+15551234"}}`,
		`"8:orgid:a"`:   `{"rawId":"8:orgid:a","microsoftTeamsUser":{"userId":"a","cloud":"public"}}`,
		`"28:bot"`:      `{"rawId":"28:bot"}`,
		`{"kind":"phoneNumber","phoneNumber":{"value":"+1"}}`:       `{"kind":"phoneNumber","phoneNumber":{"value":"+1"}}`,
		`{"microsoftTeamsUser":{"userId":"a","isAnonymous":false}}`: `{"microsoftTeamsUser":{"userId":"a","isAnonymous":false}}`,
		`{"microsoftTeamsApp":{"appId":"a","cloud":"gcch"}}`:        `{"microsoftTeamsApp":{"appId":"a","cloud":"gcch"}}`,
		`"8:acs"`:                     `{"rawId":"8:acs"}`,
		`"x8:acs:a"`:                  `{"rawId":"x8:acs:a"}`,
		`"\u0038:acs:\"\ud83d\ude00"`: `{"rawId":"8:acs:\"😀","communicationUser":{"id":"8:acs:\"😀"}}`,
	} {
		for _, op := range []operation{createThread, addParticipants} {
			req, err := op.build(testEndpoint(t), "", targetIDs, `{`+topicField(op)+`"participants":[{"communicationIdentifier":`+given+`}]}`)
			require.NoError(t, err, given)
			assert.JSONEq(t, `{`+topicField(op)+`"participants":[{"communicationIdentifier":`+sent+`}]}`, req.Body)
		}
	}
}

// topicField returns the topic that a request with participants needs in addition, if any.
func topicField(op operation) string {
	if op.name == "createThread" {
		return `"topic":"Lunch",`
	}
	return ""
}

func TestInvalidIdentifiers(t *testing.T) {
	for given, path := range map[string]string{
		`{}`:                    "",
		`""`:                    "",
		`{"rawId":""}`:          "",
		`null`:                  "",
		`1`:                     "",
		`true`:                  "",
		`false`:                 "",
		`["8:acs:a_b"]`:         "",
		`{"rawId":1}`:           ".rawId",
		`{"rawID":"8:acs:a_b"}`: ".rawID",
		`{"phoneNumber":{}}`:    ".phoneNumber.value",
		`{"phoneNumber":{"value":"+1","isAnonymous":false}}`:                    ".phoneNumber.isAnonymous",
		`{"microsoftTeamsUser":{"userId":""}}`:                                  ".microsoftTeamsUser.userId",
		`{"microsoftTeamsApp":{}}`:                                              ".microsoftTeamsApp.appId",
		`{"teamsExtensionUser":{"userId":"a","tenantId":"b","resourceId":"c"}}`: ".teamsExtensionUser",
		`{"phoneNumber":{"value":"+1"},"communicationUser":{"id":"a"}}`:         "",
		`{"rawId":"x","somethingNew":{"id":"a"}}`:                               ".somethingNew",
		`{"communicationUser":"8:acs:a_b"}`:                                     ".communicationUser",
		`{"communicationUser":null}`:                                            ".communicationUser",
		`{"communicationUser":{}}`:                                              ".communicationUser.id",
		`{"communicationUser":{"id":""}}`:                                       ".communicationUser.id",
		`{"rawId":"a","communicationUser":{}}`:                                  ".communicationUser.id",
		`{"communicationUser":{"id":"a","x":1}}`:                                ".communicationUser.x",
		`{"communicationUser":{"id":["8:acs:a_b"]}}`:                            ".communicationUser.id",
	} {
		for _, op := range []operation{createThread, addParticipants} {
			_, err := op.build(testEndpoint(t), "", targetIDs,
				`{`+topicField(op)+`"participants":[{"communicationIdentifier":"8:acs:x_y"},{"communicationIdentifier":`+given+`}]}`)
			requireInvalidArgument(t, err, op.name, "participants[1].communicationIdentifier"+path)
		}
	}
	_, err := addParticipants.build(testEndpoint(t), "", targetIDs, `{"participants":[{"displayName":"Jane"}]}`)
	requireInvalidArgument(t, err, "addParticipants", "participants[0].communicationIdentifier")
}

func TestRawIdentifier(t *testing.T) {
	anonymous := true
	for rawID, want := range map[string]chatcore.CommunicationIdentifierModel{
		jane:               {CommunicationUser: &chatcore.CommunicationUserIdentifierModel{ID: jane}},
		"8:gcch-acs:a_b":   {CommunicationUser: &chatcore.CommunicationUserIdentifierModel{ID: "8:gcch-acs:a_b"}},
		"8:dod-acs:a_b":    {CommunicationUser: &chatcore.CommunicationUserIdentifierModel{ID: "8:dod-acs:a_b"}},
		"8:spool:a":        {CommunicationUser: &chatcore.CommunicationUserIdentifierModel{ID: "8:spool:a"}},
		"8:acs:r_t_u":      {TeamsExtensionUser: &chatcore.TeamsExtensionUserIdentifierModel{UserID: "u", TenantID: "t", ResourceID: "r", Cloud: "public"}},
		"8:dod-acs:r_t_u":  {TeamsExtensionUser: &chatcore.TeamsExtensionUserIdentifierModel{UserID: "u", TenantID: "t", ResourceID: "r", Cloud: "dod"}},
		"4:+14255550123":   {PhoneNumber: &chatcore.PhoneNumberIdentifierModel{Value: "+14255550123"}},
		"8:orgid:a":        {MicrosoftTeamsUser: &chatcore.MicrosoftTeamsUserIdentifierModel{UserID: "a", Cloud: "public"}},
		"8:dod:a":          {MicrosoftTeamsUser: &chatcore.MicrosoftTeamsUserIdentifierModel{UserID: "a", Cloud: "dod"}},
		"8:gcch:a":         {MicrosoftTeamsUser: &chatcore.MicrosoftTeamsUserIdentifierModel{UserID: "a", Cloud: "gcch"}},
		"8:teamsvisitor:a": {MicrosoftTeamsUser: &chatcore.MicrosoftTeamsUserIdentifierModel{UserID: "a", IsAnonymous: &anonymous}},
		"28:orgid:a":       {MicrosoftTeamsApp: &chatcore.MicrosoftTeamsAppIdentifierModel{AppID: "a", Cloud: "public"}},
		"28:gcch:a":        {MicrosoftTeamsApp: &chatcore.MicrosoftTeamsAppIdentifierModel{AppID: "a", Cloud: "gcch"}},
		"8:acs:a_b_c_d":    {CommunicationUser: &chatcore.CommunicationUserIdentifierModel{ID: "8:acs:a_b_c_d"}},
		"8:acs:a__c":       {CommunicationUser: &chatcore.CommunicationUserIdentifierModel{ID: "8:acs:a__c"}},
		"28:a":             {},
		"8:acs:":           {},
		"4:":               {},
		"":                 {},
	} {
		want.RawID = rawID
		assert.Equal(t, want, chatcore.RawIdentifier(rawID), rawID)
	}
}

// TestTeamsExtensionUser: older api-versions lack this kind of identifier, as an object or as a raw id.
func TestTeamsExtensionUser(t *testing.T) {
	const text = `{"participants":[{"communicationIdentifier":"8:acs:r_t_u"}]}`
	_, err := addParticipants.build(testEndpoint(t), "", targetIDs, text)
	assert.Contains(t, requireInvalidArgument(t, err, "addParticipants", "participants[0].communicationIdentifier.teamsExtensionUser").Hint, "2025-03-15")
	req, err := addParticipants.build(testEndpoint(t), "2025-03-15", targetIDs, text)
	require.NoError(t, err)
	assert.JSONEq(t, `{"participants":[{"communicationIdentifier":{"rawId":"8:acs:r_t_u","teamsExtensionUser":{"userId":"u","tenantId":"t","resourceId":"r","cloud":"public"}}}]}`, req.Body)
}

// TestIdentifiersInResponses: responses may contain kinds of identifiers that the package does not know.
func TestIdentifiersInResponses(t *testing.T) {
	for given, want := range map[string]string{
		`{"rawId":"8:orgid:a","kind":"microsoftTeamsUser","microsoftTeamsUser":{"userId":"a","isAnonymous":false}}`: `{"rawId":"8:orgid:a","kind":"microsoftTeamsUser","microsoftTeamsUser":{"userId":"a","isAnonymous":false}}`,
		`{"rawId":"9:x","kind":"somethingNew","somethingNew":{"id":"x"}}`:                                           `{"rawId":"9:x","kind":"somethingNew"}`,
		`{"rawId":"8:acs:a_b"}`: `{"rawId":"8:acs:a_b"}`,
		`{"kind":null,"rawId":"8:acs:a_b","communicationUser":null}`: `{"rawId":"8:acs:a_b"}`,
		`"8:acs:a_b"`: `{"rawId":"8:acs:a_b","communicationUser":{"id":"8:acs:a_b"}}`,
		`null`:        `{}`,
		`{"rawId":"4:+1","phoneNumber":{"value":"+1","isAnonymous":null}}`: `{"rawId":"4:+1","phoneNumber":{"value":"+1"}}`,
	} {
		result, err := createThread.parse(chatcore.Response{Status: 201, Body: `{"chatThread":{"id":"t","createdByCommunicationIdentifier":` + given + `}}`})
		require.NoError(t, err, given)
		assert.JSONEq(t, `{"chatThread":{"id":"t","topic":"","createdByCommunicationIdentifier":`+want+`},"invalidParticipants":[]}`, result.JSON())
	}
}
