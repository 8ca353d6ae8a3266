//go:build !js

package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestPagesOfLongMessages checks a thread whose page of 200 messages is longer than the client accepts. A watch reads shorter pages. A list fails
// at once, with a hint.
func TestPagesOfLongMessages(t *testing.T) {
	const count = 400
	site := newSite(t)
	jane := site.emulator.NewUser()
	site.post(t, "/chat/threads", jane, `{"topic":"Lunch"}`)
	threadID := site.emulator.Threads()[0].ID
	long := strings.Repeat(`\"`, 28*1024-5) // two bytes in JSON for each byte of content
	for i := range count {
		site.post(t, "/chat/threads/"+threadID+"/messages", jane, fmt.Sprintf(`{"content":"%05d%s"}`, i, long))
	}

	tab := site.openClient(t, jane)
	var seen []string
	tab.evaluate(fmt.Sprintf(`(async (id, count) => {
		const seen = [];
		for await (const { content } of client.watchMessages(id, { sinceVersion: "0" })) {
			if (content.message) seen.push(content.message.slice(0, 5) + " " + content.message.length);
			if (seen.length === count) return seen;
		}
	})(%q, %d)`, threadID, count), &seen)
	want := make([]string, count)
	for i := range want {
		want[i] = fmt.Sprintf("%05d %d", i, 28*1024)
	}
	assert.Equal(t, want, seen)

	before := len(tab.serviceRequests())
	var failure struct {
		Code, Message, Hint string
		Attempts            int
	}
	tab.evaluate(fmt.Sprintf(`client.listMessages(%q, { maxPageSize: 200 })[Symbol.asyncIterator]().next()
		.catch(({ code, message, hint, attempts }) => ({ code, message, hint, attempts }))`, threadID), &failure)
	assert.Equal(t, "ParseError", failure.Code)
	assert.Contains(t, failure.Hint, "maxPageSize")
	assert.Equal(t, 1, failure.Attempts)
	sent := 0
	for _, request := range tab.serviceRequests()[before:] {
		if request.Method == "GET" {
			sent++
		}
	}
	assert.Equal(t, 1, sent)
	tab.requireQuiet()
}
