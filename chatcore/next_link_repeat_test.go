package chatcore_test

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// TestRepeatedNextLinks: a list of which some pages lead to one another in a circle fails after each was seen, and soon.
func TestRepeatedNextLinks(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	for before := range 20 {
		for circle := 1; circle < 20; circle++ {
			var trail chatcore.Trail
			pages := 1
			for ; ; pages++ {
				link := fmt.Sprintf("%s/%d", origin, 1+min(pages, before)+max(pages-before, 0)%circle)
				require.Less(t, len(trail.Mark), 100, "memory")
				if err := client.Follow("listThreads", &trail, link); err != nil {
					e := requireError(t, err)
					assert.Equal(t, chatcore.ParseError, e.Code)
					assert.Equal(t, "listThreads", e.Operation)
					assert.Contains(t, e.Message, link)
					break
				}
			}
			require.Greater(t, pages, before+circle-1, "%d pages, then a circle of %d", before, circle)
			require.LessOrEqual(t, pages, 3*(before+circle)+1, "%d pages, then a circle of %d", before, circle)
		}
	}
}

// TestLongListIsFollowed have no end of their own.
func TestLongListIsFollowed(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	var trail chatcore.Trail
	for i := range 10_000 {
		require.NoError(t, client.Follow("listThreads", &trail, origin+"/"+strconv.Itoa(i)))
	}
}

// TestForeignNextLinkFromService is a fault of the service's answer, and not the caller's.
func TestForeignNextLinkFromService(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	const link = "https://evil.example/x?" + secretToken
	err := client.Follow("listThreads", new(chatcore.Trail), link)
	e := requireError(t, err)
	assert.Equal(t, chatcore.ParseError, e.Code)
	assert.Contains(t, e.Message, origin)
	assert.Contains(t, e.Message, "https://evil.example/x?")
	assert.NotContains(t, e.Message, secretToken)
	assert.NotContains(t, e.Hint, "has most likely taken effect")

	call := client.ListThreads(chatcore.ListChatThreadsOptions{NextLink: "https://evil.example/x"}, chatcore.CallOptions{})
	call.Start(testStart)
	assert.Contains(t, requireFailed(t, call, chatcore.InvalidArgument).Message, "https://evil.example/x")
}

// TestWatchRepeatedNextLinks: such a list is read again from its beginning, a few times.
func TestWatchRepeatedNextLinks(t *testing.T) {
	for name, links := range map[string][]string{
		"the first page":      {threadURL + "/messages?api-version=2025-03-15&maxPageSize=20"},
		"a page":              {origin + "/2", origin + "/2"},
		"several pages":       {origin + "/2", origin + "/3", origin + "/4", origin + "/3"},
		"another's":           {"https://other.example/2"},
		"another's, later on": {origin + "/2", "https://other.example/2"},
	} {
		t.Run(name, func(t *testing.T) {
			poll := func(call *chatcore.Call, now chatcore.Instant) {
				require.Equal(t, "messages 20", requestedList(t, call))
				for _, link := range links {
					require.Equal(t, chatcore.Send, call.Step().Kind)
					respondOK(call, now, messagesPage(link, "b 11"))
				}
			}
			call, now := startPolling(t, newClient(t, chatcore.Options{}))
			for range 5 {
				poll(call, now)
				now = elapseWait(t, call)
			}
			respondOK(call, now, messagesPage("", "c 12", "b 11", "a 10"))
			messages, _ := requireBatch(t, call)
			assert.Equal(t, []string{"b 11", "c 12"}, messages, "the list was mended")

			call, now = startPolling(t, newClient(t, chatcore.Options{}))
			for range 5 {
				poll(call, now)
				now = elapseWait(t, call)
			}
			poll(call, now)
			e := requireFailed(t, call, chatcore.ParseError)
			assert.Contains(t, e.Message, links[len(links)-1])

			call = startWatchAfter10(t, newClient(t, chatcore.Options{}))
			respondOK(call, testStart, messagesPage("", "a 10"))
			require.Equal(t, "participants 200", requestedList(t, call))
			for _, link := range links {
				if link == links[0] && len(links) == 1 && name == "the first page" {
					link = call.Step().Request.URL
				}
				respondOK(call, testStart, participantsPage(1, link))
			}
			now = elapseWait(t, call)
			respondOK(call, now, messagesPage("", "b 11", "a 10"))
			messages, _ = requireBatch(t, call)
			assert.Equal(t, []string{"b 11"}, messages, "nobody needs to know the number so badly")
		})
	}
}

// TestLookupRepeatedNextLinks: a look-up over such a list cannot tell whether the message is there.
func TestLookupRepeatedNextLinks(t *testing.T) {
	for name, links := range map[string][]string{
		"a page":        {origin + "/2", origin + "/2"},
		"several pages": {origin + "/2", origin + "/3", origin + "/2", origin + "/3"},
		"another's":     {"https://other.example/2"},
	} {
		client := newClient(t, chatcore.Options{Made: testStart - 10_000})
		call := client.SendMessage(threadID, chatcore.SendChatMessageRequest{Content: "x"}, chatcore.CallOptions{IdempotencyToken: "0123456789abcdef"})
		call.Start(testStart)
		grantLock(client, call, testStart)
		for _, link := range links {
			require.Equal(t, chatcore.Send, call.Step().Kind, name)
			respondOK(call, testStart, messagesPage(link, "b 11"))
		}
		e := requireFailed(t, call, chatcore.DeliveryUnknown)
		cause := requireError(t, e.Cause)
		assert.Equal(t, chatcore.ParseError, cause.Code, name)
		assert.Contains(t, cause.Message, links[len(links)-1])
		assert.Equal(t, "0123456789abcdef", e.IdempotencyToken)
	}
}
