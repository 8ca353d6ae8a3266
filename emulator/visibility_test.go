package emulator_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/emulator"
)

// contents returns the contents of the users' messages that Alex lists.
func (s *scene) contents(t *testing.T, query string, between func()) []string {
	t.Helper()
	items := s.all(t, s.alex, "listMessages", query, between)
	return texts(slices.DeleteFunc(items, func(i item) bool { return i.Type != "text" }))
}

func TestVisibleAfterMs(t *testing.T) {
	s := newScene(t)
	s.Fail(emulator.Rule{Operation: "sendMessage", Call: 1, VisibleAfterMs: 5000})
	late := s.withMessage(s.send(t, s.jane, "late"))
	s.send(t, s.jane, "next")
	requireVisible := func(status int, contents ...string) {
		t.Helper()
		late.do(t, s.jane, "getMessage", "", status)
		assert.Equal(t, contents, s.contents(t, "", nil))
		assert.Equal(t, contents, s.contents(t, "&maxPageSize=1", nil), "a hidden message does not shorten a page")
	}
	requireVisible(404, "next", "Hi")
	require.Len(t, s.firstThread().Messages, 6, "Threads contains the message at once")
	s.clock.advance(4 * time.Second)
	s.Advance(999 * time.Millisecond)
	requireVisible(404, "next", "Hi")
	s.Advance(time.Millisecond)
	requireVisible(200, "next", "late", "Hi")
}

func TestMessageBecomesVisibleBetweenPages(t *testing.T) {
	s := newScene(t)
	s.Fail(emulator.Rule{Operation: "sendMessage", Call: 1, VisibleAfterMs: 1000})
	s.send(t, s.jane, "late")
	s.send(t, s.jane, "next")
	assert.Equal(t, []string{"next", "late", "Hi"}, s.contents(t, "&maxPageSize=1", func() { s.clock.advance(time.Second) }))
}

func TestHiddenMessagesCanBeChanged(t *testing.T) {
	s := newScene(t)
	s.Fail(emulator.Rule{Operation: "sendMessage", Call: 1, VisibleAfterMs: 1000})
	late := s.withMessage(s.send(t, s.jane, "late"))
	late.do(t, s.jane, "updateMessage", `{"content":"edited"}`, 204)
	assert.Equal(t, []string{"Hi"}, s.contents(t, "", nil), "an edit does not make the message visible")
	s.clock.advance(time.Second)
	assert.Equal(t, []string{"edited", "Hi"}, s.contents(t, "", nil))
}

func TestLostSendBecomesVisibleLater(t *testing.T) {
	s := newScene(t)
	r := s.request("sendMessage", s.jane, "", `{"content":"late"}`)
	r.Header.Set(faultHeader, `{"status":503,"after":true,"visibleAfterMs":1000}`)
	require.Equal(t, http.StatusServiceUnavailable, serve(s.resource, r).Code)
	assert.Equal(t, []string{"Hi"}, s.contents(t, "", nil))
	s.clock.advance(time.Second)
	assert.Equal(t, []string{"late", "Hi"}, s.contents(t, "", nil))
}
