package chatcore_test

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// TestRepeatedNextLinks: a list whose nextLinks form a cycle fails after all its pages were read once, and at most about three
// times.
func TestRepeatedNextLinks(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	for before := range 20 {
		for cycle := 1; cycle < 20; cycle++ {
			var trail chatcore.Trail
			pages := 1
			for ; ; pages++ {
				link := fmt.Sprintf("%s/%d", origin, 1+min(pages, before)+max(pages-before, 0)%cycle)
				require.Less(t, len(trail.Mark), 100, "memory")
				if err := client.Follow("listThreads", &trail, link); err != nil {
					e := requireError(t, err)
					assert.Equal(t, chatcore.ParseError, e.Code)
					assert.Equal(t, "listThreads", e.Operation)
					assert.Contains(t, e.Message, link)
					break
				}
			}
			require.Greater(t, pages, before+cycle-1, "%d pages, then a cycle of %d", before, cycle)
			require.LessOrEqual(t, pages, 3*(before+cycle)+1, "%d pages, then a cycle of %d", before, cycle)
		}
	}
}

// TestLongListIsFollowed: there is no limit on a list's length.
func TestLongListIsFollowed(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	var trail chatcore.Trail
	for i := range 10_000 {
		require.NoError(t, client.Follow("listThreads", &trail, origin+"/"+strconv.Itoa(i)))
	}
}

// TestForeignNextLinkFromService: a nextLink to another host in a response is a ParseError. The caller's own is an
// InvalidArgument.
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

// TestWatchRepeatedNextLinks: a watch reads a list with repeated or foreign nextLinks again from the first page, a few times.
func TestWatchRepeatedNextLinks(t *testing.T) {
	for name, links := range map[string][]string{
		"the first page":                  {threadURL + "/messages?api-version=2025-03-15&maxPageSize=20"},
		"a page":                          {origin + "/2", origin + "/2"},
		"several pages":                   {origin + "/2", origin + "/3", origin + "/4", origin + "/3"},
		"another host":                    {"https://other.example/2"},
		"another host on the second page": {origin + "/2", "https://other.example/2"},
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
			assert.Equal(t, []string{"b 11", "c 12"}, messages, "after the list is correct again")

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
			assert.Equal(t, []string{"b 11"}, messages, "a failed count of participants does not end the watch")
		})
	}
}

// TestLookupRepeatedNextLinks: if a lookup finds repeated or foreign nextLinks, the delivery is unknown.
func TestLookupRepeatedNextLinks(t *testing.T) {
	for name, links := range map[string][]string{
		"a page":        {origin + "/2", origin + "/2"},
		"several pages": {origin + "/2", origin + "/3", origin + "/2", origin + "/3"},
		"another host":  {"https://other.example/2"},
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
