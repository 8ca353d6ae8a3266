package emulator_test

import (
	"net/http"
	"sync"
	"testing"

	"acschat/emulator"
)

// newLargeScene returns a scene whose thread has 10,000 messages.
func newLargeScene(b *testing.B, store emulator.Store) *scene {
	em := emulator.New(emulator.Options{Store: store})
	s := &scene{resource: em, jane: em.NewUser()}
	serve(em, s.request("createThread", s.jane, "", ""))
	s.thread = "/chat/threads/" + em.Threads()[0].ID
	for range 10_000 {
		serve(em, s.request("sendMessage", s.jane, "", ""))
	}
	s.message = em.Threads()[0].Messages[5000].ID
	b.ResetTimer()
	return s
}

func BenchmarkListMessages(b *testing.B) {
	s := newLargeScene(b, nil)
	for b.Loop() {
		serve(s.resource, s.request("listMessages", s.jane, "&maxPageSize=200", ""))
	}
}

func BenchmarkSendMessage(b *testing.B) {
	s := newLargeScene(b, nil)
	for b.Loop() {
		serve(s.resource, s.request("sendMessage", s.jane, "", ""))
	}
}

func BenchmarkUpdateMessage(b *testing.B) {
	s := newLargeScene(b, nil)
	for b.Loop() {
		serve(s.resource, s.request("updateMessage", s.jane, "", ""))
	}
}

func BenchmarkConcurrentWritesToAStore(b *testing.B) {
	s := newLargeScene(b, newMemoryStore())
	var wg sync.WaitGroup
	requests := make(chan *http.Request)
	for range 16 {
		wg.Go(func() {
			for r := range requests {
				serve(s.resource, r)
			}
		})
	}
	for b.Loop() {
		requests <- s.request("sendMessage", s.jane, "", "")
	}
	close(requests)
	wg.Wait()
}
