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

func newLimited() resource {
	return newResource(emulator.Options{Clock: func() time.Time { return start }, RateLimits: true})
}

// requireLimited requires a 429 with a Retry-After.
func requireLimited(t *testing.T, w *httptest.ResponseRecorder, retryAfter string) {
	t.Helper()
	requireError(t, w, http.StatusTooManyRequests, "TooManyRequests")
	require.Equal(t, retryAfter, w.Header().Get("Retry-After"))
	require.Equal(t, "Location", w.Header().Get("Access-Control-Expose-Headers"), "pages cannot read Retry-After")
}

// limitedCall is a call with rate limits. path is the thread's.
type limitedCall struct {
	name string
	call func(em resource, path, token string) *httptest.ResponseRecorder
}

var (
	createCall = limitedCall{"createThread", func(em resource, _, token string) *httptest.ResponseRecorder {
		return post(em, "/chat/threads"+chatVersion, token, `{"topic":"Lunch"}`)
	}}
	addCall = limitedCall{"addParticipants", func(em resource, path, token string) *httptest.ResponseRecorder {
		return post(em, path+"/participants/:add"+chatVersion, token, `{"participants":[]}`)
	}}
	sendCall = limitedCall{"sendMessage", func(em resource, path, token string) *httptest.ResponseRecorder {
		return post(em, path+"/messages"+chatVersion, token, `{"content":"Hi"}`)
	}}
)

func TestTenCallsInTenSeconds(t *testing.T) {
	for _, c := range []limitedCall{createCall, addCall, sendCall} {
		t.Run(c.name, func(t *testing.T) {
			em := newLimited()
			jane, alex := em.NewUser(), em.NewUser()
			path := newThread(t, em, jane)
			em.Advance(time.Minute)
			for i := range 10 {
				require.Equal(t, http.StatusCreated, c.call(em, path, jane.Token).Code, i)
				em.Advance(500 * time.Millisecond)
			}
			// 5 s have passed. The refused call counts, too, so the first two calls must leave the window.
			requireLimited(t, c.call(em, path, jane.Token), "6")
			em.Advance(5499 * time.Millisecond)
			requireLimited(t, c.call(em, path, jane.Token), "1")
			em.Advance(501 * time.Millisecond) // 11 s have passed, and the third call, at 1 s, leaves the window
			require.Equal(t, http.StatusCreated, c.call(em, path, jane.Token).Code)
			requireLimited(t, c.call(em, path, jane.Token), "1")

			if c.name != createCall.name { // these limits are per thread, for all users together
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
	for _, c := range []limitedCall{addCall, sendCall} {
		t.Run(c.name, func(t *testing.T) {
			em := newLimited()
			jane := em.NewUser()
			path := newThread(t, em, jane)
			for i := range 30 {
				require.Equal(t, http.StatusCreated, c.call(em, path, jane.Token).Code, i)
				em.Advance(1500 * time.Millisecond)
			}
			// 45 s have passed since the first call. The refused call counts, too, so the first two calls must leave the window.
			requireLimited(t, c.call(em, path, jane.Token), "17")
			em.Advance(16500 * time.Millisecond)
			require.Equal(t, http.StatusCreated, c.call(em, path, jane.Token).Code)
		})
	}
}

func TestRetryAfterIsTheLongerWait(t *testing.T) {
	for _, c := range []limitedCall{addCall, sendCall} {
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
			requireLimited(t, c.call(em, path, jane.Token), "40") // after 10 s the shorter window would allow the call
			em.Advance(40 * time.Second)
			require.Equal(t, http.StatusCreated, c.call(em, path, jane.Token).Code)
		})
	}
}

func TestLimitsAreCountedSeparately(t *testing.T) {
	em := newLimited()
	jane := em.NewUser()
	path := newThread(t, em, jane)
	for i := range 10 {
		require.Equal(t, http.StatusCreated, addCall.call(em, path, jane.Token).Code, i)
		require.Equal(t, http.StatusCreated, sendCall.call(em, path, jane.Token).Code, i)
		if i > 0 {
			require.Equal(t, http.StatusCreated, createCall.call(em, path, jane.Token).Code, i)
		}
	}
	for _, c := range []limitedCall{createCall, addCall, sendCall} {
		requireLimited(t, c.call(em, path, jane.Token), "10")
	}
}

// documentedLimits is the service's table: the number of calls in 10 s and in 60 s (0: no limit). The operations of a row share
// a limit.
var documentedLimits = []struct {
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
	for _, row := range documentedLimits {
		for window, calls := range map[time.Duration]int{10 * time.Second: row.inTen, time.Minute: row.inAMinute} {
			if calls == 0 {
				continue
			}
			t.Run(row.operations+" of "+row.scope+" in "+window.String(), func(t *testing.T) {
				em := newLimited()
				s := &scene{resource: em, clock: &clock{now: start}, thread: "/chat/threads/t", message: "m"} // the thread does not exist, but refused calls count, too
				other := *s
				other.thread = "/chat/threads/u"
				operations := strings.Fields(row.operations)
				var users []emulator.User
				call := func(s *scene, i int, user emulator.User) int {
					return serve(em, s.request(operations[i%len(operations)], user, "", "")).Code
				}
				for i := range calls {
					// Stay within the limit of ten seconds and within the limits of users, so that only the tested limit applies.
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
	requireLimited(t, createCall.call(em, "", jane.Token), "60")
	em.Advance(59 * time.Second)
	requireLimited(t, createCall.call(em, "", jane.Token), "1")
	em.Advance(time.Second)
	require.Equal(t, http.StatusCreated, createCall.call(em, "", jane.Token).Code)
}

func TestNoRateLimitsByDefault(t *testing.T) {
	em, _ := newEmulator()
	jane := em.NewUser()
	path := newThread(t, em, jane)
	for range 31 {
		for _, c := range []limitedCall{createCall, addCall, sendCall} {
			require.Equal(t, http.StatusCreated, c.call(em, path, jane.Token).Code)
		}
	}
}

func TestWhichRefusedCallsCount(t *testing.T) {
	em := newLimited()
	jane := em.NewUser()
	for range 20 {
		assert.Equal(t, http.StatusUnauthorized, createCall.call(em, "", "").Code)
	}
	em.Fail(emulator.Rule{Status: 503, Times: 20})
	for range 20 {
		assert.Equal(t, http.StatusServiceUnavailable, createCall.call(em, "", jane.Token).Code)
	}
	for range 10 {
		assert.Equal(t, http.StatusBadRequest, post(em, "/chat/threads"+chatVersion, jane.Token, `{}`).Code)
	}
	requireLimited(t, createCall.call(em, "", jane.Token), "10")
}
