package chatcore_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

const (
	who     = `{"rawId":"8:acs:a_b","communicationUser":{"id":"8:acs:a_b"}}`
	plain   = `"id":"1593072104708","type":"text","sequenceId":"3","version":"1593072104708","createdOn":"2020-06-25T08:01:44Z"`
	deleted = `{"id":"2","type":"html","sequenceId":"9","version":"1593072104999","content":{"message":""},"createdOn":"2020-06-25T08:01:44Z","senderCommunicationIdentifier":` + who + `,"deletedOn":"2020-06-25T08:02:00Z"}`
	added   = `{"id":"3","type":"participantAdded","sequenceId":"1","version":"3","content":{"participants":[{"communicationIdentifier":` + who + `,"displayName":"Jane","shareHistoryTime":"1970-01-01T00:00:00Z"}],"initiatorCommunicationIdentifier":` + who + `},"createdOn":"2020-06-25T08:01:44Z"}`
	topic   = `{"id":"4","type":"topicUpdated","sequenceId":"2","version":"4","content":{"topic":"Lunch","initiatorCommunicationIdentifier":` + who + `},"createdOn":"2020-06-25T08:01:44Z"}`
)

// TestObservedResults reads responses that the service is known to send. The result's JSON is the same, except where want is
// set.
func TestObservedResults(t *testing.T) {
	for _, test := range []struct {
		op         operation
		body, want string
	}{
		// Threads.
		{op: listThreads, body: `{"value":[{"id":"19:a@thread.v2","topic":"Lunch","lastMessageReceivedOn":"2020-06-06T05:55:41Z"},{"id":"b","topic":"","deletedOn":"2020-06-06T05:55:41.1234567Z"}],"nextLink":"` + origin + `/chat/threads?syncState=a%2B&x=1/1/1970 12:00"}`},
		{listThreads, `{"Value":[{"Id":"a","Topic":"T","LastMessageReceivedOn":"2020-06-06T05:55:41Z","new":{"id":"b"}}],"NextLink":null,"x":1}`, `{"value":[{"id":"a","topic":"T","lastMessageReceivedOn":"2020-06-06T05:55:41Z"}]}`},
		{listThreads, `{"value":[{"id":"a"}],"nextLink":""}`, `{"value":[{"id":"a","topic":""}]}`},
		{op: getThread, body: `{"id":"19:a@thread.v2","topic":"Lunch","createdOn":"2020-06-06T05:55:41Z","createdByCommunicationIdentifier":` + who + `}`},
		{op: getThread, body: `{"id":"a","topic":"","createdOn":"2020-06-06T05:55:41Z","createdByCommunicationIdentifier":{"rawId":"9:x","kind":"somethingNew"},"deletedOn":"2020-06-07T05:55:41Z","metadata":{"k":"","é":"v"},"retentionPolicy":{"kind":"threadCreationDate","deleteThreadAfterDays":60}}`},
		{getThread, `{"Id":"a","CreatedByCommunicationIdentifier":{"RawId":"9:x","SomethingNew":{}},"RetentionPolicy":{"Kind":"somethingNew","DeleteThreadAfterDays":7,"x":[]}}`,
			`{"id":"a","topic":"","createdByCommunicationIdentifier":{"rawId":"9:x"},"retentionPolicy":{"kind":"somethingNew","deleteThreadAfterDays":7}}`},
		{getThread, `{"id":"a","topic":null,"retentionPolicy":null,"metadata":null,"deletedOn":null}`, `{"id":"a","topic":"","createdByCommunicationIdentifier":{}}`},

		// Messages.
		{op: getMessage, body: `{` + plain + `,"content":{"message":"Hi"},"senderDisplayName":"Jane","senderCommunicationIdentifier":` + who + `,"editedOn":"2020-06-25T08:03:00Z","metadata":{"k":"v","empty":""}}`},
		{getMessage, `{` + plain + `,"content":{"message":"Hi"},"senderDisplayName":"","metadata":{}}`, `{` + plain + `,"content":{"message":"Hi"},"metadata":{}}`},
		{op: getMessage, body: `{` + plain + `,"content":{"message":"","attachments":[{"id":"a","attachmentType":"image","name":"n","url":"https://a.example/u","previewUrl":"p"},{"id":"b","attachmentType":"somethingNew"}]}}`},
		{op: getMessage, body: deleted},
		{op: getMessage, body: added},
		{op: getMessage, body: topic},
		{op: getMessage, body: `{"id":"5","type":"somethingNew","sequenceId":"3","version":"5"}`},
		{getMessage, `{"Id":5,"Type":"text","SequenceId":12,"Version":1593072104708,"Content":{"Message":"Hi","x":1},"SenderCommunicationIdentifier":null,"policyViolation":{}}`,
			`{"id":"5","type":"text","sequenceId":"12","version":"1593072104708","content":{"message":"Hi"}}`},
		{op: listMessages, body: `{"value":[` + deleted + `,` + topic + `,` + added + `],"nextLink":"` + origin + `/chat/threads/19:a@thread.v2/messages?startTime=1%2F1%2F1970%2012:00:00%20AM%20%2B00:00"}`},
		{op: listMessages, body: `{"value":[]}`},

		// Participants and read receipts.
		{op: listParticipants, body: `{"value":[{"communicationIdentifier":` + who + `,"displayName":"Jane","shareHistoryTime":"1970-01-01T00:00:00Z","metadata":{"k":"v"}},{"communicationIdentifier":{"rawId":"28:bot"}}]}`},
		{listParticipants, `{"value":[{"CommunicationIdentifier":{"rawId":"a"},"DisplayName":""}]}`, `{"value":[{"communicationIdentifier":{"rawId":"a"}}]}`},
		{op: listReadReceipts, body: `{"value":[{"senderCommunicationIdentifier":` + who + `,"chatMessageId":"1593072104708","readOn":"2020-06-06T05:55:41Z"}],"nextLink":"x"}`},
		{op: listReadReceipts, body: `{"value":[]}`},
	} {
		result, err := test.op.parse(chatcore.Response{Status: 200, Body: test.body})
		require.NoError(t, err, test.body)
		if test.want == "" {
			test.want = test.body
		}
		assert.JSONEq(t, test.want, result.JSON())
	}
}

// TestTimesKeepTheirText: the text of a time is not changed.
func TestTimesKeepTheirText(t *testing.T) {
	for digits := range 10 {
		time := "2020-06-06T05:55:41" + strings.TrimSuffix("."+"123456789"[:digits], ".") + "Z"
		result, err := getThread.parse(chatcore.Response{Status: 200, Body: `{"id":"a","createdOn":"` + time + `"}`})
		require.NoError(t, err)
		assert.Equal(t, chatcore.DateTime(time), result.(*chatcore.ChatThreadProperties).CreatedOn)
		assert.Contains(t, result.JSON(), `"createdOn":"`+time+`"`)
	}
}

// TestSystemMessages: system messages have no sender.
func TestSystemMessages(t *testing.T) {
	result, err := getMessage.parse(chatcore.Response{Status: 200, Body: added})
	require.NoError(t, err)
	initiator := chatcore.CommunicationIdentifierModel{RawID: "8:acs:a_b", CommunicationUser: &chatcore.CommunicationUserIdentifierModel{ID: "8:acs:a_b"}}
	assert.Equal(t, &chatcore.ChatMessage{
		ID: "3", Type: chatcore.ChatMessageTypeParticipantAdded, SequenceID: "1", Version: "3", CreatedOn: "2020-06-25T08:01:44Z",
		Content: &chatcore.ChatMessageContent{
			Participants:                     []chatcore.ChatParticipant{{CommunicationIdentifier: initiator, DisplayName: "Jane", ShareHistoryTime: "1970-01-01T00:00:00Z"}},
			InitiatorCommunicationIdentifier: &initiator,
		},
	}, result)
}

// TestNoContent: where a success has no content, its body is ignored, except that an HTML page with status 200 is an error.
func TestNoContent(t *testing.T) {
	forEachOperation(t, func(t *testing.T, op operation) {
		if op.result != "" {
			return
		}
		for _, body := range []string{"", " ", "{}", "<html>", `{"error":{"code":"C"}}`} {
			call := startSending(t, newClient(t, chatcore.Options{}), op)
			respond(call, testStart, op.success, body)
			if op.success == 200 && body == "<html>" {
				requireFailed(t, call, chatcore.HTTPError)
				continue
			}
			assert.Equal(t, chatcore.Done, call.Step().Kind)
			assert.Nil(t, call.Step().Result)
			assert.NoError(t, call.Step().Err)
		}
	})
}
