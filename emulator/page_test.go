package emulator_test

import (
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/emulator"
)

// item has the fields of the items of all lists.
type item struct {
	ID, Type, Version, ChatMessageID, DisplayName, Topic, LastMessageReceivedOn string
	Content                                                                     struct{ Message string }
	CommunicationIdentifier                                                     struct{ RawID string }
	SenderCommunicationIdentifier                                               struct{ RawID string }
}

type itemPage struct {
	Value    []item
	NextLink string
}

func (s *scene) page(t *testing.T, user emulator.User, name, query string) itemPage {
	t.Helper()
	return decode[itemPage](t, serve(s.resource, s.request(name, user, query, "")), http.StatusOK)
}

// next follows a nextLink.
func (s *scene) next(t *testing.T, user emulator.User, link string) itemPage {
	t.Helper()
	r := request(strings.TrimPrefix(link, "http://localhost:8081"), user.Token, "")
	r.Method = http.MethodGet
	return decode[itemPage](t, serve(s.resource, r), http.StatusOK)
}

// all returns the items of all pages. It calls between, unless that is nil, after each page except the last.
func (s *scene) all(t *testing.T, user emulator.User, name, query string, between func()) []item {
	t.Helper()
	p := s.page(t, user, name, query)
	items := p.Value
	for p.NextLink != "" {
		if between != nil {
			between()
		}
		p = s.next(t, user, p.NextLink)
		items = append(items, p.Value...)
	}
	return items
}

func texts(items []item) []string {
	var all []string
	for _, i := range items {
		if i.Type == "text" {
			all = append(all, i.Content.Message)
		} else {
			all = append(all, i.Type)
		}
	}
	return all
}

func ids(items []item) []string {
	var all []string
	for _, i := range items {
		all = append(all, i.ID)
	}
	return all
}

func TestPagesOfMessages(t *testing.T) {
	s := newScene(t)
	for i := range 225 {
		s.send(t, s.jane, strconv.Itoa(i))
	}
	for query, sizes := range map[string][]int{"": {10, 10}, "&maxPageSize=1": {1, 1}, "&maxPageSize=200": {200, 29}, "&maxPageSize=5000": {200, 29}} {
		first := s.page(t, s.jane, "listMessages", query)
		assert.Len(t, first.Value, sizes[0], query)
		assert.Len(t, s.next(t, s.jane, first.NextLink).Value, sizes[1], query)
	}
	link := s.page(t, s.jane, "listMessages", "&maxPageSize=7").NextLink
	const path = `^http://localhost:8081/chat/threads/19:[\w-]+@thread\.v2/messages`
	assert.Regexp(t, path+`\?syncState=[0-9a-f]+&startTime=1%2F1%2F1970%2012%3A00%3A00%20AM%20%2B00%3A00&maxPageSize=7&api-version=2025-03-15$`, link)
	for from, want := range map[string]string{
		"2020-06-06T05:55:41Z":           `6%2F6%2F2020%205%3A55%3A41%20AM%20%2B00%3A00`,
		"2020-12-31T13:05:41.25%2B00:00": `12%2F31%2F2020%201%3A05%3A41%20PM%20%2B00%3A00`,
		"2021-01-01T01:05:41.25%2B12:00": `12%2F31%2F2020%201%3A05%3A41%20PM%20%2B00%3A00`,
	} {
		link := s.page(t, s.jane, "listMessages", "&maxPageSize=7&startTime="+from).NextLink
		assert.Regexp(t, `&startTime=`+want+`&maxPageSize=7&`, link)
		assert.Len(t, s.next(t, s.jane, link).Value, 7)
	}
	_, query, _ := strings.Cut(link, "syncState=")
	state, _, _ := strings.Cut(query, "&")
	requireBadField(t, serve(s.resource, s.request("listMessages", s.jane, "&startTime=yesterday&syncState="+state, "")), "startTime")
	s.page(t, s.jane, "listMessages", "&startTime=2030-01-01T00:00:00Z&syncState="+state) // startTime is ignored, because the syncState has it

	listed := texts(s.all(t, s.jane, "listMessages", "&maxPageSize=23", nil))
	want := []string{}
	for i := 224; i >= 0; i-- {
		want = append(want, strconv.Itoa(i))
	}
	assert.Equal(t, append(want, "Hi", "participantAdded", "topicUpdated", "participantAdded"), listed)
	exact := s.page(t, s.jane, "listMessages", "&maxPageSize=200")
	assert.Empty(t, s.next(t, s.jane, strings.Replace(exact.NextLink, "maxPageSize=200", "maxPageSize=29", 1)).NextLink, "this is the last page")
}

func TestPagesShowOneSnapshot(t *testing.T) {
	for seed := range uint64(20) {
		s := newScene(t)
		random := rand.New(rand.NewPCG(seed, 0))
		var messageIDs []string
		change := func() {
			s.clock.advance(time.Duration(random.IntN(3)) * time.Millisecond)
			switch target := s.withMessage(messageIDs[random.IntN(len(messageIDs))]); random.IntN(3) {
			case 0:
				messageIDs = append(messageIDs, s.send(t, s.jane, "new"))
			case 1:
				serve(s.resource, target.request("updateMessage", s.jane, "", "")) // fails if the message is deleted
			case 2:
				target.do(t, s.jane, "deleteMessage", "", 204)
			}
		}
		for range 20 {
			messageIDs = append(messageIDs, s.send(t, s.jane, "old"))
		}
		for range 20 {
			change()
		}
		want := ids(s.all(t, s.jane, "listMessages", "&maxPageSize=200", nil))
		got := ids(s.all(t, s.jane, "listMessages", "&maxPageSize=3", func() {
			for range 5 {
				change()
			}
		}))
		require.Equal(t, want, got, "seed %d", seed)
	}
}

func TestPagesWhileOthersWrite(t *testing.T) {
	s := newScene(t)
	for range 100 {
		s.send(t, s.jane, "old")
	}
	want := ids(s.all(t, s.alex, "listMessages", "&maxPageSize=200", nil))
	var wg sync.WaitGroup
	stop := make(chan struct{})
	for range 4 {
		wg.Go(func() {
			for _, id := range want {
				select {
				case <-stop:
					return
				default:
				}
				serve(s.resource, s.withMessage(id).request("updateMessage", s.jane, "", ""))
				serve(s.resource, s.request("sendMessage", s.alex, "", ""))
			}
		})
	}
	first := s.all(t, s.alex, "listMessages", "&maxPageSize=200", nil)
	assert.GreaterOrEqual(t, len(first), len(want))
	counts := map[string]int{}
	for _, id := range ids(s.all(t, s.alex, "listMessages", "&maxPageSize=7", nil)) {
		counts[id]++
		assert.Equal(t, 1, counts[id], id)
	}
	for _, id := range want {
		assert.Equal(t, 1, counts[id], id)
	}
	close(stop)
	wg.Wait()
}

func TestSyncStatesAreBoundToListAndUser(t *testing.T) {
	s := newScene(t)
	serve(s.resource, s.request("createThread", s.jane, "", ""))
	link := s.page(t, s.jane, "listMessages", "&maxPageSize=1").NextLink
	_, rest, _ := strings.Cut(link, "syncState=")
	state, _, _ := strings.Cut(rest, "&")
	other := *s
	other.thread = "/chat/threads/" + s.Threads()[1].ID
	for name, r := range map[string]*http.Request{
		"truncated":      s.request("listMessages", s.jane, "&syncState="+state[:len(state)-4], ""),
		"too short":      s.request("listMessages", s.jane, "&syncState="+state[:8], ""),
		"changed":        s.request("listMessages", s.jane, "&syncState="+state[:20]+flip(state[20])+state[21:], ""),
		"end changed":    s.request("listMessages", s.jane, "&syncState="+state[:len(state)-1]+flip(state[len(state)-1]), ""),
		"another list":   s.request("listParticipants", s.jane, "&syncState="+state, ""),
		"another thread": other.request("listMessages", s.jane, "&syncState="+state, ""),
		"another user":   s.request("listMessages", s.alex, "&syncState="+state, ""),
		"a token":        s.request("listMessages", s.jane, "&syncState="+strings.ReplaceAll(s.jane.Token, ".", ""), ""),
	} {
		t.Run(name, func(t *testing.T) { requireBadField(t, serve(s.resource, r), "syncState") })
	}
	assert.Len(t, s.next(t, s.jane, link).Value, 1, "the unchanged link works")
}

func flip(c byte) string {
	if c == 'a' {
		return "b"
	}
	return "a"
}
