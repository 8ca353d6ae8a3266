package chatcore_test

import (
	"errors"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// tooLong answers a request with a body that the driver did not read.
func tooLong(call *chatcore.Call, now chatcore.Instant, status int) {
	call.Response(now, call.Step().Number, chatcore.Response{Status: status, Err: chatcore.ErrTooLong})
}

// TestPageThatIsTooLong: another attempt would find the same, so that a list fails at once.
func TestPageThatIsTooLong(t *testing.T) {
	for _, op := range lists {
		client := newClient(t, chatcore.Options{CallOptions: chatcore.CallOptions{Retry: &chatcore.RetryOptions{MaxRetries: 3, BaseDelayMs: 1, MaxDelayMs: 1}}})
		call := sending(t, client, op)
		tooLong(call, start, 200)
		e := failed(t, call, chatcore.ParseError)
		assert.Contains(t, e.Message, "8 MiB")
		assert.Contains(t, e.Message, "maxPageSize")
		assert.Contains(t, e.Hint, "maxPageSize")
		assert.Equal(t, 200, e.Status)
		assert.Equal(t, 1, e.Attempts)
		assert.ErrorIs(t, e, chatcore.ErrTooLong)

		call = sending(t, client, op)
		tooLong(call, start, 503)
		assert.Equal(t, chatcore.Wait, call.Step().Kind, "that is no success")
	}
}

// TestOtherAnswersThatAreTooLong count as none.
func TestOtherAnswersThatAreTooLong(t *testing.T) {
	for _, op := range operations {
		call := sending(t, newClient(t, chatcore.Options{}), op)
		code := chatcore.NetworkError
		switch op.name {
		case "listThreads", "listMessages", "listParticipants", "listReadReceipts":
			continue
		case "sendMessage":
			code = chatcore.DeliveryUnknown
		}
		tooLong(call, start, op.success)
		failed(t, call, code)
	}
}

// TestWatchOfPagesThatAreTooLong: it asks for fewer at once, from the first page, and from then on.
func TestWatchOfPagesThatAreTooLong(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	call := since(t, client)
	list(call, start, listed(origin+"/2", "e 15"))
	tooLong(call, start, 200)
	assert.Equal(t, "messages 100", asks(t, call), "at once")
	tooLong(call, start, 200)
	assert.Equal(t, "messages 50", asks(t, call))
	list(call, start, listed(origin+"/2", "e 15", "d 14"))
	list(call, start, listed("", "c 13", "b 12"))
	messages, nextLink := yields(t, call)
	assert.Equal(t, []string{"b 12", "c 13", "d 14", "e 15"}, messages)

	call = watching(t, client, start, chatcore.WatchMessagesOptions{NextLink: nextLink})
	assert.Equal(t, "participants 50", asks(t, call))
	list(call, start, members(2, ""))
	now := elapse(t, call)
	assert.Equal(t, "messages 20", asks(t, call))
	list(call, now, listed("", "f 16", "a 10"))
	_, nextLink = yields(t, call)
	call = watching(t, client, now+100_000, chatcore.WatchMessagesOptions{NextLink: nextLink})
	assert.Equal(t, "messages 50", asks(t, call))
}

// TestWatchOfMembersThatAreTooLong counts them in shorter pages.
func TestWatchOfMembersThatAreTooLong(t *testing.T) {
	call := since(t, newClient(t, chatcore.Options{}))
	list(call, start, listed("", "a 10"))
	list(call, start, members(200, origin+"/2"))
	tooLong(call, start, 200)
	assert.Equal(t, "participants 100", asks(t, call))
	list(call, start, members(40, ""))
	assert.Equal(t, start+12_000, due(t, call), "from the beginning")
}

// TestWatchOfMessagesThatAreTooLong ends after a few attempts with one alone.
func TestWatchOfMessagesThatAreTooLong(t *testing.T) {
	call := since(t, newClient(t, chatcore.Options{}))
	for _, size := range []int{200, 100, 50, 25, 12, 6, 3} {
		require.Equal(t, "messages "+strconv.Itoa(size), asks(t, call))
		tooLong(call, start, 200)
	}
	now := start
	for range 5 {
		require.Equal(t, "messages 1", asks(t, call))
		tooLong(call, now, 200)
		now = elapse(t, call)
	}
	tooLong(call, now, 200)
	failed(t, call, chatcore.ParseError)
}

// TestLookUpOfPagesThatAreTooLong goes through as many messages in shorter pages.
func TestLookUpOfPagesThatAreTooLong(t *testing.T) {
	token := "0123456789abcdef"
	begin := func() *chatcore.Call {
		client := newClient(t, chatcore.Options{Made: start - 10_000})
		call := client.SendMessage(threadID, chatcore.SendChatMessageRequest{Content: "x"}, chatcore.CallOptions{IdempotencyToken: token})
		call.Start(start)
		lock(client, call, start)
		return call
	}
	call := begin()
	require.Equal(t, "messages 100", asks(t, call))
	list(call, start, listed(origin+"/2", "b 11"))
	tooLong(call, start, 200)
	require.Equal(t, "messages 50", asks(t, call), "from the first page")
	for page := range 12 {
		list(call, start, listed(origin+"/"+strconv.Itoa(page), "b 11"))
	}
	require.Equal(t, origin+"/11", asks(t, call))
	list(call, start, `{"value":[{"id":"7","version":"7","metadata":{"acschat.idempotencyToken":"`+token+`"}}]}`)
	require.Equal(t, chatcore.Done, call.Step().Kind)
	assert.Equal(t, "7", call.Step().Result.(*chatcore.SendChatMessageResult).ID)

	call = begin()
	for range 7 {
		require.Equal(t, chatcore.Send, call.Step().Kind)
		tooLong(call, start, 200)
	}
	var cause *chatcore.Error
	require.ErrorAs(t, errors.Unwrap(failed(t, call, chatcore.DeliveryUnknown)), &cause)
	assert.Equal(t, chatcore.ParseError, cause.Code)
}
