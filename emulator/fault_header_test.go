package emulator_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"

	"acschat/emulator"
)

const faultHeader = "x-emulator-fault"

// postWithFault asks for a thread, with a rule in the request's header.
func postWithFault(em *emulator.Emulator, token, rule string) *httptest.ResponseRecorder {
	r := request("/chat/threads"+chatVersion, token, `{"topic":"Lunch"}`)
	r.Header.Set(faultHeader, rule)
	return serve(em, r)
}

func TestAFaultOfOneRequest(t *testing.T) {
	em, _ := newEmulator()
	jane := em.NewUser()
	w := postWithFault(em, jane.Token, `{"status":503,"retryAfter":2}`)
	assert.Equal(t, http.StatusServiceUnavailable, w.Code)
	assert.Equal(t, "2", w.Header().Get("Retry-After"))
	assert.Equal(t, "close", w.Header().Get("Connection"))
	assert.Empty(t, em.Threads())

	assert.PanicsWithValue(t, http.ErrAbortHandler, func() { postWithFault(em, jane.Token, `{"drop":true,"after":true}`) })
	assert.Len(t, em.Threads(), 1)
	assert.Equal(t, http.StatusServiceUnavailable, postWithFault(em, "", `{"status":503}`).Code, "it comes before who asks")
	assert.False(t, allowed(postWithFault(em, jane.Token, `{"noCORS":true}`)))

	w = post(em, "/chat/threads"+chatVersion, jane.Token, `{"topic":"Lunch"}`)
	assert.Equal(t, http.StatusCreated, w.Code)
	assert.Empty(t, w.Header().Get("Connection"))
}

func TestAFaultOfOneRequestComesBeforePlantedOnes(t *testing.T) {
	em, _ := newEmulator()
	em.Fail(emulator.Rule{Status: 502, Times: 2})
	assert.Equal(t, http.StatusServiceUnavailable, postWithFault(em, "", `{"status":503}`).Code)
	assert.Equal(t, http.StatusBadGateway, post(em, "/chat/threads"+chatVersion, "", "").Code)
	assert.Equal(t, http.StatusUnauthorized, post(em, "/chat/threads"+chatVersion, "", "").Code, "it counted as a call")
}

func TestBadFaultsOfRequests(t *testing.T) {
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

func TestPreflightsOfFaults(t *testing.T) {
	for asked, brings := range map[string]bool{
		"authorization,content-type,x-emulator-fault":   true,
		"authorization, X-Emulator-Fault, content-type": true,
		"authorization,x-emulator-faults":               false,
		"":                                              false,
	} {
		em, _ := newEmulator()
		r := httptest.NewRequest(http.MethodOptions, "/chat/threads", nil)
		r.Header.Set("Origin", "https://example.com")
		r.Header.Set("Access-Control-Request-Method", "POST")
		r.Header.Set("Access-Control-Request-Headers", asked)
		w := serve(em, r)
		assert.True(t, allowed(w))
		assert.Equal(t, asked, w.Header().Get("Access-Control-Allow-Headers"))
		assert.Equal(t, brings, w.Header().Get("Connection") == "close", "so that the request is on a new one")
		assert.Equal(t, brings, w.Header().Get("Access-Control-Max-Age") == "0", "so that there is a preflight each time")
	}
}
