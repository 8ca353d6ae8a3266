package chatcore_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// TestNextLinkThatIsRefusedForever ends a watch, though one that is refused once does not.
func TestNextLinkThatIsRefusedForever(t *testing.T) {
	call, now := polling(t, newClient(t, chatcore.Options{}))
	for range 5 {
		list(call, now, listed(origin+"/2", "c 13"))
		answer(call, now, 403, "")
		now = elapse(t, call)
	}
	list(call, now, listed(origin+"/2", "c 13"))
	answer(call, now, 403, "")
	failed(t, call, chatcore.Forbidden)
}

// TestPagesWithoutEnd are read no faster than polls are made.
func TestPagesWithoutEnd(t *testing.T) {
	call, now := polling(t, newClient(t, chatcore.Options{}))
	for i := range 100 {
		list(call, now, listed(origin+"/"+strconv.Itoa(i)))
		next := elapse(t, call)
		require.GreaterOrEqual(t, next-now, chatcore.Instant(2000))
		now = next
	}
	list(call, now, listed("", "b 11", "a 10"))
	messages, _ := yields(t, call)
	assert.Equal(t, []string{"b 11"}, messages)
}

// TestLaterStateOnALaterPage: what changed after the first page was made is left to the next poll, so that what changed
// before it, and is on no page of this one, is not skipped.
func TestLaterStateOnALaterPage(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	call, now := polling(t, client)
	list(call, now, listed(origin+"/2", "d 14", "c 13"))
	list(call, now, listed("", "b 16", "a 10")) // b was 12; meanwhile e was sent as 15
	messages, nextLink := yields(t, call)
	assert.Equal(t, []string{"c 13", "d 14"}, messages)
	call = watching(t, client, now, chatcore.WatchMessagesOptions{NextLink: nextLink})
	now = elapse(t, call)
	list(call, now, listed("", "b 16", "e 15", "d 14"))
	messages, _ = yields(t, call)
	assert.Equal(t, []string{"e 15", "b 16"}, messages)
}

// TestLeadingZeros are no part of a version.
func TestLeadingZeros(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	call := watching(t, client, start, chatcore.WatchMessagesOptions{SinceVersion: "0000000000010"})
	list(call, start, listed("", "b 11", "a 10"))
	messages, _ := yields(t, call)
	assert.Equal(t, []string{"b 11"}, messages)

	call = watching(t, client, start, chatcore.WatchMessagesOptions{SinceVersion: "0946684800010"})
	list(call, start, listed("", "b 0946684800010", "a 0946684800009"))
	assert.NotEqual(t, chatcore.Done, call.Step().Kind, "nor of a message's")
}
