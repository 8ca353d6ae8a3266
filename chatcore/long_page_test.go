package chatcore_test

import (
	"errors"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// respondTooLong answers a request with a body that was too long for the driver to read.
func respondTooLong(call *chatcore.Call, now chatcore.Instant, status int) {
	call.Response(now, call.Step().Number, chatcore.Response{Status: status, Err: chatcore.ErrTooLong})
}

// TestTooLongPage: a list with a too long page fails at once, since a retry would get the same page.
func TestTooLongPage(t *testing.T) {
	for _, op := range listOperations {
		client := newClient(t, chatcore.Options{CallOptions: chatcore.CallOptions{Retry: &chatcore.RetryOptions{MaxRetries: 3, BaseDelayMs: 1, MaxDelayMs: 1}}})
		call := startSending(t, client, op)
		respondTooLong(call, testStart, 200)
		e := requireFailed(t, call, chatcore.ParseError)
		assert.Contains(t, e.Message, "8 MiB")
		assert.Equal(t, chatcore.PageTooLong, e.Reason)
		assert.Empty(t, e.Hint, "not that of other ParseErrors")
		assert.Equal(t, 200, e.Status)
		assert.Equal(t, 1, e.Attempts)
		assert.ErrorIs(t, e, chatcore.ErrTooLong)

		call = startSending(t, client, op)
		respondTooLong(call, testStart, 503)
		assert.Equal(t, chatcore.Wait, call.Step().Kind, "503: the status decides")
	}
}

// TestOtherTooLongResponses: a too long response of another operation counts as no response.
func TestOtherTooLongResponses(t *testing.T) {
	for _, op := range operations {
		call := startSending(t, newClient(t, chatcore.Options{}), op)
		code := chatcore.NetworkError
		switch op.name {
		case "listThreads", "listMessages", "listParticipants", "listReadReceipts":
			continue
		case "sendMessage":
			code = chatcore.DeliveryUnknown
		}
		respondTooLong(call, testStart, op.success)
		requireFailed(t, call, code)
	}
}

// TestWatchTooLongPages: a watch starts over with a smaller page size at once, and keeps that size.
func TestWatchTooLongPages(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	call := startWatchAfter10(t, client)
	respondOK(call, testStart, messagesPage(origin+"/2", "e 15"))
	respondTooLong(call, testStart, 200)
	assert.Equal(t, "messages 100", requestedList(t, call), "without a wait")
	respondTooLong(call, testStart, 200)
	assert.Equal(t, "messages 50", requestedList(t, call))
	respondOK(call, testStart, messagesPage(origin+"/2", "e 15", "d 14"))
	respondOK(call, testStart, messagesPage("", "c 13", "b 12"))
	messages, nextLink := requireBatch(t, call)
	assert.Equal(t, []string{"b 12", "c 13", "d 14", "e 15"}, messages)

	call = startWatch(t, client, testStart, chatcore.WatchMessagesOptions{NextLink: nextLink})
	assert.Equal(t, "participants 50", requestedList(t, call))
	respondOK(call, testStart, participantsPage(2, ""))
	now := elapseWait(t, call)
	assert.Equal(t, "messages 20", requestedList(t, call))
	respondOK(call, now, messagesPage("", "f 16", "a 10"))
	_, nextLink = requireBatch(t, call)
	call = startWatch(t, client, now+100_000, chatcore.WatchMessagesOptions{NextLink: nextLink})
	assert.Equal(t, "messages 50", requestedList(t, call))
}

// TestWatchTooLongParticipantPages: the watch counts the participants with a smaller page size.
func TestWatchTooLongParticipantPages(t *testing.T) {
	call := startWatchAfter10(t, newClient(t, chatcore.Options{}))
	respondOK(call, testStart, messagesPage("", "a 10"))
	respondOK(call, testStart, participantsPage(200, origin+"/2"))
	respondTooLong(call, testStart, 200)
	assert.Equal(t, "participants 100", requestedList(t, call))
	respondOK(call, testStart, participantsPage(40, ""))
	assert.Equal(t, testStart+12_000, waitDeadline(t, call), "counted from the first page")
}

// TestWatchTooLongMessage: a watch fails if a page with one message is too long six times.
func TestWatchTooLongMessage(t *testing.T) {
	call := startWatchAfter10(t, newClient(t, chatcore.Options{}))
	for _, size := range []int{200, 100, 50, 25, 12, 6, 3} {
		require.Equal(t, "messages "+strconv.Itoa(size), requestedList(t, call))
		respondTooLong(call, testStart, 200)
	}
	now := testStart
	for range 5 {
		require.Equal(t, "messages 1", requestedList(t, call))
		respondTooLong(call, now, 200)
		now = elapseWait(t, call)
	}
	respondTooLong(call, now, 200)
	requireFailed(t, call, chatcore.ParseError)
}

// TestLookupTooLongPages: a lookup starts over with a smaller page size and reads as many messages.
func TestLookupTooLongPages(t *testing.T) {
	token := "0123456789abcdef"
	begin := func() *chatcore.Call {
		client := newClient(t, chatcore.Options{Made: testStart - 10_000})
		call := client.SendMessage(threadID, chatcore.SendChatMessageRequest{Content: "x"}, chatcore.CallOptions{IdempotencyToken: token})
		call.Start(testStart)
		grantLock(client, call, testStart)
		return call
	}
	call := begin()
	require.Equal(t, "messages 100", requestedList(t, call))
	respondOK(call, testStart, messagesPage(origin+"/2", "b 11"))
	respondTooLong(call, testStart, 200)
	require.Equal(t, "messages 50", requestedList(t, call), "from the first page")
	for page := range 12 {
		respondOK(call, testStart, messagesPage(origin+"/"+strconv.Itoa(page), "b 11"))
	}
	require.Equal(t, origin+"/11", requestedList(t, call))
	respondOK(call, testStart, `{"value":[{"id":"7","version":"7","metadata":{"acschat.idempotencyToken":"`+token+`"}}]}`)
	require.Equal(t, chatcore.Done, call.Step().Kind)
	assert.Equal(t, "7", call.Step().Result.(*chatcore.SendChatMessageResult).ID)

	call = begin()
	for range 7 {
		require.Equal(t, chatcore.Send, call.Step().Kind)
		respondTooLong(call, testStart, 200)
	}
	var cause *chatcore.Error
	require.ErrorAs(t, errors.Unwrap(requireFailed(t, call, chatcore.DeliveryUnknown)), &cause)
	assert.Equal(t, chatcore.ParseError, cause.Code)
}
