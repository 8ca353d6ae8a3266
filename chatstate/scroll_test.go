package chatstate_test

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
	"acschat/chatstate"
)

// longThread is a thread with many messages, and a driver that answers at once. Its lists have links that say where to go on.
type longThread struct {
	now          chatcore.Instant
	count        int // of messages; see idOf
	client       *chatcore.Client
	conversation *chatstate.Conversation
	watch        *chatcore.Call
}

// idOf returns the id of a message: one was sent every 20 s.
func idOf(i int) int64 { return epoch + 20_000*int64(i) }

func openLongThread(count, pageSize, limit int) *longThread {
	l := &longThread{now: 1_000_000, count: count}
	token := "e30." + base64.RawURLEncoding.EncodeToString([]byte(`{"skypeid":"acs:jane","exp":4000000000}`)) + ".sig"
	uuids := 0
	newUUID := func() string {
		uuids++
		return fmt.Sprintf("01977421-0000-7000-8000-%012d", uuids)
	}
	var err error
	l.client, err = chatcore.NewClient(chatcore.Options{Endpoint: origin, Token: token, Made: l.now, UnixMs: func() int64 { return idOf(l.count) },
		Random: func() uint32 { return 1 }, NewUUID: newUUID, NewIdempotencyToken: newUUID})
	if err != nil {
		panic(err)
	}
	l.conversation = chatstate.Open(l.client, "19:t@thread.v2", chatstate.Options{PageSize: pageSize, Limit: limit, NewToken: newUUID, UnixMs: func() int64 { return idOf(l.count) }})
	l.conversation.Start(l.now)
	l.pump()
	return l
}

func (l *longThread) pump() {
	for {
		if call := l.client.Next(); call != nil {
			switch step := call.Step(); step.Kind {
			case chatcore.Send:
				call.Response(l.now, step.Number, l.answer(step.Request.URL))
			case chatcore.Wait:
				l.watch = call
			case chatcore.Done, chatcore.Failed:
				l.conversation.Ended(l.now, call)
			}
			continue
		}
		e, ok := l.conversation.Next()
		if !ok {
			return
		}
		if e.Kind == chatstate.StartCall {
			e.Call.Start(l.now)
		}
	}
}

func (l *longThread) answer(address string) chatcore.Response {
	u, err := url.Parse(address)
	if err != nil {
		panic(err)
	}
	switch {
	case strings.HasSuffix(u.Path, "/messages"):
		size, _ := strconv.Atoi(u.Query().Get("maxPageSize"))
		top := l.count - 1
		if from := u.Query().Get("from"); from != "" {
			top, _ = strconv.Atoi(from)
		}
		var page []string
		for i := top; i >= 0 && len(page) < size; i-- {
			page = append(page, fmt.Sprintf(`{"id":"%d","version":"%d","sequenceId":"%d","type":"text","content":{"message":"message %d"},"senderCommunicationIdentifier":{"rawId":"8:acs:alex"}}`, idOf(i), idOf(i), i+1, i))
		}
		body := `{"value":[` + strings.Join(page, ",") + `]`
		if next := top - size; next >= 0 {
			body += fmt.Sprintf(`,"nextLink":"%s%s?api-version=2025-03-15&maxPageSize=%d&from=%d"`, origin, u.EscapedPath(), size, next)
		}
		return chatcore.Response{Status: 200, Body: body + "}"}
	case strings.HasSuffix(u.Path, "/participants"), strings.HasSuffix(u.Path, "/readReceipts"):
		return chatcore.Response{Status: 200, Body: `{"value":[]}`}
	}
	return chatcore.Response{Status: 200, Body: `{"id":"19:t@thread.v2","topic":"T"}`}
}

// newMessage lets Alex write, and the watch poll.
func (l *longThread) newMessage() {
	l.count++
	l.now += 20_000
	l.watch.Elapsed(l.now)
	l.pump()
	l.conversation.Changed()
	l.conversation.Unread()
}

// load loads older messages until so many are loaded.
func (l *longThread) load(count int) {
	for len(l.conversation.Messages()) < count {
		l.conversation.LoadOlder(l.now, nil)
		l.pump()
	}
	l.conversation.Changed()
}

func (l *longThread) scroll() {
	for c := l.conversation; c.HasOlder(); c.Changed() {
		c.LoadOlder(l.now, nil)
		l.pump()
	}
	for c := l.conversation; c.HasNewer(); c.Changed() {
		c.LoadNewer(l.now, nil)
		l.pump()
	}
}

// TestScroll goes through 10,000 messages to the first one and back, again and again.
func TestScroll(t *testing.T) {
	l := openLongThread(10_000, 50, 500)
	require.Len(t, l.conversation.Messages(), 50, "opening shows the first page")
	heap := func() float64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return float64(m.HeapAlloc)
	}
	l.scroll()
	first := heap()
	for range 3 {
		l.scroll()
		messages := l.conversation.Messages()
		assert.LessOrEqual(t, len(messages), 500)
		assert.Equal(t, strconv.FormatInt(idOf(9999), 10), messages[len(messages)-1].ID)
	}
	assert.Less(t, heap(), 1.1*first)
	count, isCapped := l.conversation.Unread()
	assert.True(t, isCapped)
	assert.LessOrEqual(t, count, 500)
	runtime.KeepAlive(l)
}

// BenchmarkNewMessage compares what a new message costs with 500 loaded messages and with 10. The two take turns, so that a busy machine
// slows down both.
func BenchmarkNewMessage(b *testing.B) {
	few, many := openLongThread(2000, 5, 10), openLongThread(2000, 50, 500)
	few.load(10)
	many.load(500)
	for range 10 { // the watch settles
		few.newMessage()
		many.newMessage()
	}
	var fewTime, manyTime time.Duration
	for b.Loop() {
		start := time.Now()
		few.newMessage()
		middle := time.Now()
		many.newMessage()
		fewTime += middle.Sub(start)
		manyTime += time.Since(middle)
	}
	if a, b10 := len(many.conversation.Messages()), len(few.conversation.Messages()); a != 500 || b10 != 10 {
		b.Fatal(b10, " and ", a, " messages are loaded")
	}
	b.ReportMetric(float64(fewTime.Microseconds())/float64(b.N), "µs/10")
	b.ReportMetric(float64(manyTime.Microseconds())/float64(b.N), "µs/500")
	b.ReportMetric(float64(manyTime)/float64(fewTime), "ratio")
}
