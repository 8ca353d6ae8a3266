package emulator_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/emulator"
)

func newLimited() *emulator.Emulator {
	return emulator.New(emulator.Options{Clock: func() time.Time { return start }, RateLimits: true})
}

// requireLimited checks a 429 and how long it tells to wait.
func requireLimited(t *testing.T, w *httptest.ResponseRecorder, retryAfter string) {
	t.Helper()
	requireError(t, w, http.StatusTooManyRequests, "TooManyRequests")
	require.Equal(t, retryAfter, w.Header().Get("Retry-After"))
	require.Equal(t, "Location", w.Header().Get("Access-Control-Expose-Headers"), "pages do not see Retry-After")
}

// limited is a call that limits concern: one that succeeds, in a thread with the given path.
type limited struct {
	name string
	call func(em *emulator.Emulator, path, token string) *httptest.ResponseRecorder
}

var (
	creating = limited{"createThread", func(em *emulator.Emulator, _, token string) *httptest.ResponseRecorder {
		return post(em, "/chat/threads"+chatVersion, token, `{"topic":"Lunch"}`)
	}}
	adding = limited{"addParticipants", func(em *emulator.Emulator, path, token string) *httptest.ResponseRecorder {
		return post(em, path+"/participants/:add"+chatVersion, token, `{"participants":[]}`)
	}}
	sending = limited{"sendMessage", func(em *emulator.Emulator, path, token string) *httptest.ResponseRecorder {
		return post(em, path+"/messages"+chatVersion, token, `{"content":"Hi"}`)
	}}
)

func TestTenCallsInTenSeconds(t *testing.T) {
	for _, c := range []limited{creating, adding, sending} {
		t.Run(c.name, func(t *testing.T) {
			em := newLimited()
			jane, alex := em.NewUser(), em.NewUser()
			path := newThread(t, em, jane)
			em.Advance(time.Minute)
			for i := range 10 {
				require.Equal(t, http.StatusCreated, c.call(em, path, jane.Token).Code, i)
				em.Advance(500 * time.Millisecond)
			}
			// 5 s have passed. The refused call counts, so it is the second of the ten that has to go.
			requireLimited(t, c.call(em, path, jane.Token), "6")
			em.Advance(5499 * time.Millisecond)
			requireLimited(t, c.call(em, path, jane.Token), "1")
			em.Advance(501 * time.Millisecond) // 11 s: the third has to go now, 10 s after 1 s
			require.Equal(t, http.StatusCreated, c.call(em, path, jane.Token).Code)
			requireLimited(t, c.call(em, path, jane.Token), "1")

			if c.name != creating.name { // of the thread, whoever calls
				post(em, "/chat/threads"+chatVersion, jane.Token, `{"topic":"another"}`)
				other := "/chat/threads/" + em.Threads()[len(em.Threads())-1].ID
				require.Equal(t, http.StatusCreated, c.call(em, other, jane.Token).Code, "another thread")
				requireLimited(t, c.call(em, path, alex.Token), "2")
				return
			}
			require.Equal(t, http.StatusCreated, c.call(em, path, alex.Token).Code, "another user")
		})
	}
}

func TestThirtyCallsInAMinute(t *testing.T) {
	for _, c := range []limited{adding, sending} {
		t.Run(c.name, func(t *testing.T) {
			em := newLimited()
			jane := em.NewUser()
			path := newThread(t, em, jane)
			for i := range 30 {
				require.Equal(t, http.StatusCreated, c.call(em, path, jane.Token).Code, i)
				em.Advance(1500 * time.Millisecond)
			}
			// 45 s have passed since the first, which the refused call pushes out.
			requireLimited(t, c.call(em, path, jane.Token), "17")
			em.Advance(16500 * time.Millisecond)
			require.Equal(t, http.StatusCreated, c.call(em, path, jane.Token).Code)
		})
	}
}

func TestTheLongerWaitIsTold(t *testing.T) {
	for _, c := range []limited{adding, sending} {
		t.Run(c.name, func(t *testing.T) {
			em := newLimited()
			jane := em.NewUser()
			path := newThread(t, em, jane)
			for i := range 30 {
				if i == 10 || i == 20 {
					em.Advance(10 * time.Second)
				}
				require.Equal(t, http.StatusCreated, c.call(em, path, jane.Token).Code, i)
			}
			requireLimited(t, c.call(em, path, jane.Token), "40") // 10 alone would pass the shorter window
			em.Advance(40 * time.Second)
			require.Equal(t, http.StatusCreated, c.call(em, path, jane.Token).Code)
		})
	}
}

func TestLimitsAreCountedApart(t *testing.T) {
	em := newLimited()
	jane := em.NewUser()
	path := newThread(t, em, jane)
	for i := range 10 {
		require.Equal(t, http.StatusCreated, adding.call(em, path, jane.Token).Code, i)
		require.Equal(t, http.StatusCreated, sending.call(em, path, jane.Token).Code, i)
		if i > 0 {
			require.Equal(t, http.StatusCreated, creating.call(em, path, jane.Token).Code, i)
		}
	}
	for _, c := range []limited{creating, adding, sending} {
		requireLimited(t, c.call(em, path, jane.Token), "10")
	}
}

// documented is the service's table: who may call how often in 10 s and in 60 s (0: no limit). Operations in one row share.
var documented = []struct {
	operations       string
	scope            string
	inTen, inAMinute int
}{
	{"createThread", "user", 10, 0},
	{"deleteThread", "user", 10, 0},
	{"updateThread", "thread", 5, 0},
	{"addParticipants removeParticipant", "thread", 10, 30},
	{"getThread listThreads", "user", 50, 0},
	{"getMessage", "user+thread", 50, 0},
	{"getMessage", "thread", 250, 0},
	{"listMessages", "user+thread", 50, 200},
	{"listMessages", "thread", 250, 400},
	{"listReadReceipts", "user+thread", 5, 0},
	{"listReadReceipts", "thread", 100, 0},
	{"listParticipants", "user+thread", 10, 0},
	{"listParticipants", "thread", 250, 0},
	{"sendMessage updateMessage deleteMessage", "thread", 10, 30},
	{"sendReadReceipt", "user+thread", 10, 30},
	{"sendTypingNotification", "user+thread", 5, 15},
	{"sendTypingNotification", "thread", 10, 30},
}

func TestDocumentedLimits(t *testing.T) {
	for _, row := range documented {
		for window, calls := range map[time.Duration]int{10 * time.Second: row.inTen, time.Minute: row.inAMinute} {
			if calls == 0 {
				continue
			}
			t.Run(row.operations+" of "+row.scope+" in "+window.String(), func(t *testing.T) {
				em := newLimited()
				s := &scene{Emulator: em, clock: &clock{now: start}, thread: "/chat/threads/t", message: "m"} // what is refused counts too
				other := *s
				other.thread = "/chat/threads/u"
				operations := strings.Fields(row.operations)
				var users []emulator.User
				call := func(s *scene, i int, user emulator.User) int {
					return serve(em, s.request(operations[i%len(operations)], user, "", "")).Code
				}
				for i := range calls {
					// As many in ten seconds as may be, so that the minute is what ends it; and enough users that the thread is.
					if window == time.Minute && i%row.inTen == 0 && i > 0 {
						em.Advance(10 * time.Second)
					}
					if row.scope == "thread" || i == 0 {
						users = append(users, em.NewUser())
					}
					require.NotEqual(t, 429, call(s, i, users[len(users)-1]), i)
				}
				require.Equal(t, 429, call(s, calls, users[len(users)-1]))
				assert.Equal(t, row.scope == "thread", call(s, 0, em.NewUser()) == 429, "another user")
				assert.Equal(t, row.scope == "user", call(&other, 0, users[0]) == 429, "another thread")
			})
		}
	}
}

func TestThreeThousandThreadsAMinute(t *testing.T) {
	em := newLimited()
	for i := range 300 {
		token := em.NewUser().Token
		for range 10 {
			require.Equal(t, http.StatusBadRequest, post(em, "/chat/threads"+chatVersion, token, `{}`).Code, i)
		}
	}
	jane := em.NewUser()
	requireLimited(t, creating.call(em, "", jane.Token), "60")
	em.Advance(59 * time.Second)
	requireLimited(t, creating.call(em, "", jane.Token), "1")
	em.Advance(time.Second)
	require.Equal(t, http.StatusCreated, creating.call(em, "", jane.Token).Code)
}

func TestNoLimitsUnlessAskedFor(t *testing.T) {
	em, _ := newEmulator()
	jane := em.NewUser()
	path := newThread(t, em, jane)
	for range 31 {
		for _, c := range []limited{creating, adding, sending} {
			require.Equal(t, http.StatusCreated, c.call(em, path, jane.Token).Code)
		}
	}
}

func TestWhoIsRefusedAnywayIsCountedOnlyIfKnown(t *testing.T) {
	em := newLimited()
	jane := em.NewUser()
	for range 20 {
		assert.Equal(t, http.StatusUnauthorized, creating.call(em, "", "").Code)
	}
	em.Fail(emulator.Rule{Status: 503, Times: 20})
	for range 20 {
		assert.Equal(t, http.StatusServiceUnavailable, creating.call(em, "", jane.Token).Code)
	}
	for range 10 {
		assert.Equal(t, http.StatusBadRequest, post(em, "/chat/threads"+chatVersion, jane.Token, `{}`).Code)
	}
	requireLimited(t, creating.call(em, "", jane.Token), "10")
}
