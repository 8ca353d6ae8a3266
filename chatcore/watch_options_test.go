package chatcore_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

func TestInvalidWatchOptions(t *testing.T) {
	for text, path := range map[string]string{
		`{"sinceVersion":1593072104708}`:            "options.sinceVersion",
		`{"sinceVersion":"abc"}`:                    "options.sinceVersion",
		`{"sinceVersion":"-1"}`:                     "options.sinceVersion",
		`{"sinceVersion":"1.5"}`:                    "options.sinceVersion",
		`{"sinceVersion":" 1"}`:                     "options.sinceVersion",
		`{"sinceVersion":"١"}`:                      "options.sinceVersion",
		`{"sinceVersion":null}`:                     "options.sinceVersion",
		`{"sinceMessageId":"2020-06-06T05:55:41Z"}`: "options.sinceMessageId",
		`{"sinceMessageId":1}`:                      "options.sinceMessageId",
		`{"intervalMs":0}`:                          "options.intervalMs",
		`{"intervalMs":-1}`:                         "options.intervalMs",
		`{"intervalMs":1.5}`:                        "options.intervalMs",
		`{"intervalMs":2147483648}`:                 "options.intervalMs",
		`{"intervalMs":"2000"}`:                     "options.intervalMs",
		`{"maxPageSize":5}`:                         "options.maxPageSize",
		`{"startTime":"2020-06-06T05:55:41Z"}`:      "options.startTime",
		`{"nextLink":"{}"}`:                         "options.nextLink",
		`{"idempotencyToken":"a"}`:                  "options.idempotencyToken",
		`{"timeoutMs":0}`:                           "options.timeoutMs",
		`[]`:                                        "options",
		`{"sinceVersion":"1","sinceMessageId":"1"}`: "options",
	} {
		client := newCallbackClient(t)
		call := methodNamed(t, "watchMessages").Call(client, targetIDs, "", text, "")
		call.Start(testStart)
		requireNothingSent(t, client, call, "watchMessages", path)
	}
	for _, id := range []string{"", ".", ".."} {
		client := newCallbackClient(t)
		call := methodNamed(t, "watchMessages").Call(client, [2]string{id}, "", "", "")
		call.Start(testStart)
		requireNothingSent(t, client, call, "watchMessages", "threadId")
	}
	client := newCallbackClient(t)
	requireNothingSent(t, client, startWatch(t, client, testStart, chatcore.WatchMessagesOptions{IntervalMs: -1}), "watchMessages", "options.intervalMs")
	requireNothingSent(t, client, startWatch(t, client, testStart, chatcore.WatchMessagesOptions{SinceVersion: "x"}), "watchMessages", "options.sinceVersion")
}

// TestWatchCallOptions: apiVersion and timeoutMs apply to each request of a watch. totalTimeoutMs does not apply to watches.
func TestWatchCallOptions(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	const options = `{"sinceVersion":"10","intervalMs":5000,"apiVersion":"2024-03-07","timeoutMs":100,"totalTimeoutMs":1,"checkLimits":false}`
	call := methodNamed(t, "watchMessages").Call(client, targetIDs, "", options, "")
	call.Start(testStart)
	now := testStart
	for _, url := range []string{"/messages?api-version=2024-03-07&maxPageSize=200", "/participants?api-version=2024-03-07&maxPageSize=200", "/messages?api-version=2024-03-07&maxPageSize=20"} {
		require.Equal(t, chatcore.Send, call.Step().Kind)
		assert.Equal(t, threadURL+url, call.Step().Request.URL)
		assert.Equal(t, now+100, call.Step().Deadline)
		assert.Equal(t, []chatcore.HeaderField{{Name: "Authorization", Value: "Bearer " + secretToken}}, call.Step().Request.Header)
		now += 50
		respondOK(call, now, `{"value":[]}`)
		if call.Step().Kind == chatcore.Wait {
			now = elapseWait(t, call)
		}
	}
	assert.Equal(t, testStart+6250+7500, now, "after two polls without changes")
}

// TestWatchContinuesFromJSON: the nextLink of a batch is enough to continue. It wins over sinceVersion.
func TestWatchContinuesFromJSON(t *testing.T) {
	client := newClient(t, chatcore.Options{})
	watch := methodNamed(t, "watchMessages")
	call := watch.Call(client, targetIDs, "", `{"sinceVersion":"10"}`, "")
	call.Start(testStart)
	respondOK(call, testStart, messagesPage("", "b 11", "a 10"))
	_, nextLink := requireBatch(t, call)
	call = watch.Call(client, targetIDs, "", `{"sinceVersion":"10"}`, nextLink)
	call.Start(testStart)
	respondOK(call, testStart, participantsPage(2, ""))
	now := elapseWait(t, call)
	respondOK(call, now, messagesPage("", "c 12", "b 11", "a 10"))
	messages, _ := requireBatch(t, call)
	assert.Equal(t, []string{"c 12"}, messages)
}

// TestWatchNextLink: an invalid nextLink is refused. One from an earlier page, with another clock, is accepted.
func TestWatchNextLink(t *testing.T) {
	for _, link := range []string{"garbage", origin + "/messages?x", `{"version":"x"}`, `{"version":"10"`, `[]`, `{"version":"10","members":"x"}`} {
		client := newClient(t, chatcore.Options{})
		requireNothingSent(t, client, startWatch(t, client, testStart, chatcore.WatchMessagesOptions{NextLink: link}), "watchMessages", "nextLink")
	}
	call := startWatch(t, newClient(t, chatcore.Options{}), testStart, chatcore.WatchMessagesOptions{NextLink: `{"version":"10","members":2,"polledAt":999000000}`})
	assert.Equal(t, "messages 200", requestedList(t, call), "at once")
}
