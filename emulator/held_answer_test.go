package emulator_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/emulator"
)

// slowCall is a createThread in flight, without a network.
type slowCall struct {
	*httptest.ResponseRecorder
	cancel context.CancelFunc
	ended  chan any // receives what ServeHTTP panicked with, or nil
}

func startCall(em resource, token string) *slowCall {
	ctx, cancel := context.WithCancel(context.Background())
	c := &slowCall{httptest.NewRecorder(), cancel, make(chan any, 1)}
	go func() {
		defer func() { c.ended <- recover() }()
		em.ServeHTTP(c, request("/chat/threads"+chatVersion, token, `{"topic":"Lunch"}`).WithContext(ctx))
	}()
	return c
}

// These tests use synctest: its time advances when all goroutines wait.

func TestHangWithoutLimit(t *testing.T) {
	needsPackage(t, "time that a test can stop")
	for _, after := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			em, _ := newEmulator()
			em.Fail(emulator.Rule{Hang: true, After: after, Times: 2})
			for range 2 {
				c := startCall(em, em.NewUser().Token)
				time.Sleep(24 * time.Hour)
				em.Advance(time.Hour)
				synctest.Wait()
				require.Empty(t, c.ended)
				assert.Equal(t, after, len(em.Threads()) > 0)
				c.cancel()
				assert.Equal(t, http.ErrAbortHandler, <-c.ended)
				assert.Empty(t, c.Body.String())
			}
		})
	}
}

func TestHangMs(t *testing.T) {
	needsPackage(t, "time that a test can stop")
	synctest.Test(t, func(t *testing.T) {
		em, _ := newEmulator()
		em.Fail(emulator.Rule{Hang: true, HangMs: 1500})
		began := time.Now()
		assert.Equal(t, http.ErrAbortHandler, <-startCall(em, "").ended)
		assert.Equal(t, 1500*time.Millisecond, time.Since(began))

		began = time.Now()
		c := startCall(em, "")
		synctest.Wait()
		c.cancel()
		assert.Equal(t, http.ErrAbortHandler, <-c.ended)
		assert.Zero(t, time.Since(began), "the client leaves at once")
	})
}

// flushRecorder records when the pieces of a body are sent.
type flushRecorder struct {
	*httptest.ResponseRecorder
	began time.Time
	sent  []string
}

func (p *flushRecorder) Flush() {
	p.ResponseRecorder.Flush()
	p.sent = append(p.sent, time.Since(p.began).String()+" "+strconv.Itoa(p.Body.Len()))
}

func TestTrickleTimes(t *testing.T) {
	needsPackage(t, "time that a test can stop")
	text := func(size int) string { return strings.Repeat("x", size) }
	for name, c := range map[string]struct {
		body string
		sent []string // time of each flush, and how many bytes had been written
	}{
		"four pieces":   {text(100), []string{"100ms 0", "200ms 25", "300ms 50", "400ms 75", "500ms 100"}},
		"uneven pieces": {text(7), []string{"100ms 0", "200ms 1", "300ms 3", "400ms 5", "500ms 7"}},
		"short":         {text(2), []string{"100ms 0", "200ms 1", "300ms 2"}},
		"none":          {"", []string{"100ms 0"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				em, _ := newEmulator()
				rule := emulator.Rule{TrickleMs: 100, Status: 503, Body: c.body, Empty: c.body == ""}
				if c.body != "" {
					rule.ContentType = "text/plain"
				}
				em.Fail(rule)
				p := &flushRecorder{ResponseRecorder: httptest.NewRecorder(), began: time.Now()}
				em.ServeHTTP(p, request("/chat/threads"+chatVersion, "", `{"topic":"Lunch"}`))
				assert.Equal(t, c.sent, p.sent)
				assert.Equal(t, http.StatusServiceUnavailable, p.Code)
				assert.Equal(t, c.body, p.Body.String())
				assert.Equal(t, strconv.Itoa(len(c.body)), p.Header().Get("Content-Length"))
			})
		})
	}
}

func TestTrickleEndsWhenTheClientLeaves(t *testing.T) {
	needsPackage(t, "time that a test can stop")
	synctest.Test(t, func(t *testing.T) {
		em, _ := newEmulator()
		em.Fail(emulator.Rule{TrickleMs: 86400000})
		began := time.Now()
		c := startCall(em, em.NewUser().Token)
		synctest.Wait()
		require.Empty(t, c.ended)
		c.cancel()
		assert.Nil(t, <-c.ended)
		assert.Zero(t, time.Since(began))
	})
}

func TestCutWithTrickleInProcess(t *testing.T) {
	needsPackage(t, "time that a test can stop")
	synctest.Test(t, func(t *testing.T) {
		em, _ := newEmulator()
		em.Fail(emulator.Rule{Cut: true, TrickleMs: 100})
		began := time.Now()
		c := startCall(em, em.NewUser().Token)
		assert.Equal(t, http.ErrAbortHandler, <-c.ended)
		assert.Equal(t, 500*time.Millisecond, time.Since(began))
		assert.Equal(t, http.StatusCreated, c.Code)
		whole, err := strconv.Atoi(c.Header().Get("Content-Length"))
		require.NoError(t, err)
		assert.Equal(t, whole/2, c.Body.Len())
		assert.Len(t, em.Threads(), 1)
	})
}

func TestTrickleWithoutContent(t *testing.T) {
	needsPackage(t, "time that a test can stop")
	synctest.Test(t, func(t *testing.T) {
		s := newScene(t)
		s.Fail(emulator.Rule{TrickleMs: 100})
		began := time.Now()
		w := s.do(t, s.jane, "updateThread", "", 204)
		assert.Equal(t, 100*time.Millisecond, time.Since(began))
		assert.Empty(t, w.Header().Get("Content-Length"))
	})
}
