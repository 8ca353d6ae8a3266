package emulator_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/emulator"
)

func bodies(t *testing.T, events []emulator.Event) (bodies []any) {
	t.Helper()
	for _, event := range events {
		bodies = append(bodies, dataOf(t, event)["messageBody"])
	}
	return bodies
}

func TestEventsTwice(t *testing.T) {
	s, _, received := newEventScene(t)
	s.Fail(emulator.Rule{Operation: "sendMessage", Call: 1, EventsTwice: true})
	s.send(t, s.jane, "Hi")
	got := received.take()
	require.Len(t, got, 6)
	for i := 0; i < len(got); i += 2 {
		assert.Equal(t, got[i], got[i+1], "the same event, with the same id")
	}
	s.send(t, s.jane, "Hi")
	assert.Len(t, received.take(), 3, "the rule is used up")
}

func TestEventsLost(t *testing.T) {
	s, _, received := newEventScene(t)
	s.Fail(emulator.Rule{Operation: "sendMessage", Call: 2, EventsLost: true})
	for _, content := range []string{"a", "b", "c"} {
		s.send(t, s.jane, content)
	}
	assert.Equal(t, []any{"a", "a", "a", "c", "c", "c"}, bodies(t, received.take()))
	assert.Len(t, s.firstThread().Messages, 3+4, "all are sent")
}

func TestEventsLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _, received := newEventScene(t)
		s.Fail(emulator.Rule{Operation: "sendMessage", Call: 1, EventsAfterMs: 3000, EventsTwice: true})
		s.send(t, s.jane, "a")
		s.send(t, s.jane, "b")
		assert.Equal(t, []any{"b", "b", "b"}, bodies(t, received.take()))
		time.Sleep(3*time.Second - 1)
		synctest.Wait()
		assert.Empty(t, received.take())
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		assert.Equal(t, []any{"a", "a", "a", "a", "a", "a"}, bodies(t, received.take()))
	})
}

func TestEventsUnordered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _, received := newEventScene(t)
		s.Fail(emulator.Rule{Operation: "sendMessage", EventsAfterMs: 100, EventsUnordered: true})
		var sent []any
		for i := range 10 {
			content := string(rune('a' + i))
			s.send(t, s.jane, content)
			sent = append(sent, content, content, content)
		}
		time.Sleep(100 * time.Millisecond)
		synctest.Wait()
		got := bodies(t, received.take())
		assert.ElementsMatch(t, sent, got)
		assert.NotEqual(t, sent, got, "the order is random")
	})
}

func TestResetDropsLateEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _, received := newEventScene(t)
		s.Fail(emulator.Rule{Operation: "sendMessage", Call: 1, EventsAfterMs: 1000})
		s.send(t, s.jane, "late")
		s.Reset()
		time.Sleep(time.Second)
		synctest.Wait()
		assert.Empty(t, received.take())
	})
}
