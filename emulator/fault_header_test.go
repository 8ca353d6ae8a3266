package emulator_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"

	"acschat/emulator"
)

const faultHeader = "x-emulator-fault"

// postWithFault creates a thread, with a rule in the request's fault header.
func postWithFault(em resource, token, rule string) *httptest.ResponseRecorder {
	r := request("/chat/threads"+chatVersion, token, `{"topic":"Lunch"}`)
	r.Header.Set(faultHeader, rule)
	return serve(em, r)
}

func TestFaultHeader(t *testing.T) {
	em, _ := newEmulator()
	jane := em.NewUser()
	w := postWithFault(em, jane.Token, `{"status":503,"retryAfter":2}`)
	assert.Equal(t, http.StatusServiceUnavailable, w.Code)
	assert.Equal(t, "2", w.Header().Get("Retry-After"))
	assert.Equal(t, "close", w.Header().Get("Connection"))
	assert.Empty(t, em.Threads())

	assert.PanicsWithValue(t, http.ErrAbortHandler, func() { postWithFault(em, jane.Token, `{"drop":true,"after":true}`) })
	assert.Len(t, em.Threads(), 1)
	assert.Equal(t, http.StatusServiceUnavailable, postWithFault(em, "", `{"status":503}`).Code, "the fault precedes authentication")
	assert.False(t, allowsAnyOrigin(postWithFault(em, jane.Token, `{"noCORS":true}`)))

	w = post(em, "/chat/threads"+chatVersion, jane.Token, `{"topic":"Lunch"}`)
	assert.Equal(t, http.StatusCreated, w.Code)
	assert.Empty(t, w.Header().Get("Connection"))
}

func TestFaultHeaderPrecedesPlantedFaults(t *testing.T) {
	em, _ := newEmulator()
	em.Fail(emulator.Rule{Status: 502, Times: 2})
	assert.Equal(t, http.StatusServiceUnavailable, postWithFault(em, "", `{"status":503}`).Code)
	assert.Equal(t, http.StatusBadGateway, post(em, "/chat/threads"+chatVersion, "", "").Code)
	assert.Equal(t, http.StatusUnauthorized, post(em, "/chat/threads"+chatVersion, "", "").Code, "the call with the header counts for planted rules")
}

func TestFaultHeaderRefusesBadRules(t *testing.T) {
	bad := map[string]string{
		``:                 "it is empty",
		`drop`:             "invalid character",
		`{"dropped":true}`: `unknown field "dropped"`,
		`{"operation":"createThread","drop":true}`: "leave out operation, call and times",
		`{"call":1,"drop":true}`:                   "leave out operation",
		`{"times":1,"drop":true}`:                  "leave out operation",
		`{}`:                                       "needs one of",
		`{"drop":true,"status":503}`:               "can have only one of",
		`{"visibleAfterMs":1}`:                     "visibleAfterMs needs the operation sendMessage",
	}
	em, _ := newEmulator()
	for rule, message := range bad {
		w := postWithFault(em, em.NewUser().Token, rule)
		requireBadField(t, w, faultHeader)
		assert.Contains(t, requireError(t, w, http.StatusBadRequest, "BadRequest").Message, message, rule)
	}
	r := request("/chat/threads"+chatVersion, em.NewUser().Token, `{"topic":"Lunch"}`)
	r.Header[http.CanonicalHeaderKey(faultHeader)] = []string{`{"drop":true}`, `{"drop":true}`}
	requireBadField(t, serve(em, r), faultHeader)
	assert.Empty(t, em.Threads())
}

func TestPreflightsOfRequestsWithFaultHeader(t *testing.T) {
	for requested, hasFault := range map[string]bool{
		"authorization,content-type,x-emulator-fault":   true,
		"authorization, X-Emulator-Fault, content-type": true,
		"authorization,x-emulator-faults":               false,
		"":                                              false,
	} {
		em, _ := newEmulator()
		r := httptest.NewRequest(http.MethodOptions, "/chat/threads", nil)
		r.Header.Set("Origin", "https://example.com")
		r.Header.Set("Access-Control-Request-Method", "POST")
		r.Header.Set("Access-Control-Request-Headers", requested)
		w := serve(em, r)
		assert.True(t, allowsAnyOrigin(w))
		assert.Equal(t, requested, w.Header().Get("Access-Control-Allow-Headers"))
		assert.Equal(t, hasFault, w.Header().Get("Connection") == "close", "the request needs a new connection")
		assert.Equal(t, hasFault, w.Header().Get("Access-Control-Max-Age") == "0", "every request needs a preflight")
	}
}
