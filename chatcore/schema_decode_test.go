package chatcore_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestInvalidRequests: requests that are refused while they are decoded or built.
func TestInvalidRequests(t *testing.T) {
	for _, test := range []struct {
		op                  operation
		text, path, problem string
	}{
		// Not an object.
		{createThread, ``, "request", "is not JSON"},
		{createThread, `{"topic":"Lunch"`, "request", "is not JSON: expected ',' at byte 16"},
		{createThread, `{"topic":"Lunch"} x`, "request", "is not JSON"},
		{addParticipants, `undefined`, "request", "is not JSON"},
		{createThread, `null`, "request", "must be an object, not null"},
		{addParticipants, `[]`, "request", "must be an object, not an array"},
		{sendMessage, `"Hi"`, "request", "must be an object, not a string"},
		{sendMessage, `false`, "request", "must be an object, not false"},

		// Required fields are missing.
		{createThread, `{}`, "topic", "is required"},
		{createThread, `{"topic":""}`, "topic", "is required"},
		{addParticipants, `{}`, "participants", "must have at least one entry"},
		{addParticipants, `{"participants":[]}`, "participants", "must have at least one entry"},
		{addParticipants, `{"participants":[{}]}`, "participants[0].communicationIdentifier", "is required"},
		{sendMessage, `{}`, "content", "is required"},
		{sendMessage, `{"content":""}`, "content", "is required"},
		{sendMessage, `{"senderDisplayName":"Jane"}`, "content", "is required"},

		// Unknown fields, or names in another case.
		{createThread, `{"topic":"Lunch","x":1}`, "x", "is not a known field"},
		{createThread, `{"Topic":"Lunch"}`, "Topic", "is not a known field"},
		{createThread, `{"topic":"Lunch","":1}`, "request", "is not a known field"},
		{createThread, `{"topic":"Lunch","content":"Hi"}`, "content", "is not a known field"},
		{createThread, `{"topic":"Lunch","participants":[{"communicationIdentifier":"a"},{"communicationIdentifier":"b","displayname":"x"}]}`, "participants[1].displayname", "is not a known field"},
		{addParticipants, `{"participants":[{"id":"8:acs:a_b"}]}`, "participants[0].id", "is not a known field"},
		{addParticipants, `{"topic":"Lunch"}`, "topic", "is not a known field"},
		{sendMessage, `{"content":"Hi","contents":"Hi"}`, "contents", "is not a known field"},
		{sendMessage, `{"content":"Hi","attachments":[{"id":"a","attachmentType":"file","size":1}]}`, "attachments[0].size", "is not a known field"},

		// Wrong types.
		{createThread, `{"topic":1}`, "topic", "must be a string, not a number"},
		{createThread, `{"topic":null}`, "topic", "must be a string, not null"},
		{createThread, `{"topic":{"x":1}}`, "topic", "must be a string, not an object"},
		{createThread, `{"topic":"Lunch","participants":null}`, "participants", "must be an array, not null"},
		{createThread, `{"topic":"Lunch","participants":{"0":{}}}`, "participants", "must be an array, not an object"},
		{addParticipants, `{"participants":["8:acs:a_b"]}`, "participants[0]", "must be an object, not a string"},
		{addParticipants, `{"participants":[null]}`, "participants[0]", "must be an object, not null"},
		{addParticipants, `{"participants":[{"communicationIdentifier":"a","displayName":false}]}`, "participants[0].displayName", "must be a string, not false"},
		{addParticipants, `{"participants":[{"communicationIdentifier":"a","shareHistoryTime":1591422941}]}`, "participants[0].shareHistoryTime", "must be a string, not a number"},
		{addParticipants, `{"participants":[{"communicationIdentifier":"a","shareHistoryTime":"yesterday"}]}`, "participants[0].shareHistoryTime", "RFC 3339"},
		{addParticipants, `{"participants":[{"communicationIdentifier":"a","metadata":{"k":1}}]}`, "participants[0].metadata.k", "must be a string, not a number"},
		{addParticipants, `{"participants":[{"communicationIdentifier":"a","metadata":[]}]}`, "participants[0].metadata", "must be an object, not an array"},
		{sendMessage, `{"content":["Hi"]}`, "content", "must be a string, not an array"},
		{sendMessage, `{"content":"Hi","metadata":{"a":"b","c":null}}`, "metadata.c", "must be a string, not null"},
		{sendMessage, `{"content":"Hi","metadata":null}`, "metadata", "must be an object, not null"},
		{sendMessage, `{"content":"Hi","type":1}`, "type", "must be a string, not a number"},
		{sendMessage, `{"content":"Hi","attachments":{}}`, "attachments", "must be an array, not an object"},

		// Unknown types of messages and attachments.
		{sendMessage, `{"content":"Hi","type":"topicUpdated"}`, "type", "the service's own"},
		{sendMessage, `{"content":"Hi","type":"participantAdded"}`, "type", "the service's own"},
		{sendMessage, `{"content":"Hi","type":"participantRemoved"}`, "type", "the service's own"},
		{sendMessage, `{"content":"Hi","type":"Text"}`, "type", `must be "text" or "html"`},
		{sendMessage, `{"content":"Hi","type":"rich"}`, "type", `must be "text" or "html"`},
		{sendMessage, `{"content":"Hi","attachments":[{}]}`, "attachments[0].id", "is required"},
		{sendMessage, `{"content":"Hi","attachments":[{"id":"a"}]}`, "attachments[0].attachmentType", `must be "image" or "file"`},
		{sendMessage, `{"content":"Hi","attachments":[{"id":"a","attachmentType":"File"}]}`, "attachments[0].attachmentType", `must be "image" or "file"`},
		{sendMessage, `{"content":"Hi","attachments":[{"id":"a","attachmentType":"file"},{"id":"b","attachmentType":"inlineImage"}]}`, "attachments[1].attachmentType", `must be "image" or "file"`},
	} {
		t.Run(test.op.name+" "+test.text, func(t *testing.T) {
			_, err := test.op.build(testEndpoint(t), "", targetIDs, test.text)
			e := requireInvalidArgument(t, err, test.op.name, test.path)
			assert.Contains(t, e.Message, test.problem)
		})
	}
}

// TestRequestBodies compares the JSON given with the body that is sent.
func TestRequestBodies(t *testing.T) {
	for _, test := range []struct {
		op         operation
		text, body string // body is text where it is empty
	}{
		{op: createThread, text: `{"topic":"Lunch"}`},
		{createThread, ` { "participants" : [ ] , "topic" : "\u004cunch" } `, `{"topic":"Lunch"}`},
		{op: createThread, text: `{"topic":"\" \\ \n é 😀 </script>"}`},
		{createThread, `{"topic":"\ud83d","participants":[{"communicationIdentifier":"a","displayName":""}]}`, `{"topic":"\ufffd","participants":[{"communicationIdentifier":{"rawId":"a"}}]}`},
		{op: sendMessage, text: `{"content":" ","type":"text"}`},
		{op: sendMessage, text: `{"content":"<b>Hi</b>","type":"html","metadata":{}}`},
		{sendMessage, `{"content":"Hi","type":"","attachments":[],"senderDisplayName":""}`, `{"content":"Hi"}`},
		{op: sendMessage, text: `{"content":"Hi","metadata":{"":"","a":"1","é":"😀","a.b":"c"}}`},
		{op: sendMessage, text: `{"content":"Hi","attachments":[{"id":"a","attachmentType":"image"},{"id":"b","attachmentType":"file","name":"n","url":"https://a.example/u","previewUrl":"p"}]}`},
		{op: addParticipants, text: `{"participants":[{"communicationIdentifier":{"rawId":"8:acs:a_b"},"displayName":"Jane","shareHistoryTime":"2020-06-06T05:55:41.5+09:30","metadata":{"k":"v"}}]}`},
	} {
		req, err := test.op.build(testEndpoint(t), "", targetIDs, test.text)
		require.NoError(t, err, test.text)
		if test.body == "" {
			test.body = test.text
		}
		assert.JSONEq(t, test.body, req.Body)
	}
}

func TestMetadataIsWrittenInOrder(t *testing.T) {
	for range 20 {
		req, err := sendMessage.build(testEndpoint(t), "", targetIDs, `{"content":"Hi","metadata":{"b":"1","d":"2","a":"3","c":"4","":"5","aa":"6"}}`)
		require.NoError(t, err)
		assert.Equal(t, `{"content":"Hi","metadata":{"":"5","a":"3","aa":"6","b":"1","c":"4","d":"2"}}`, req.Body)
	}
}
