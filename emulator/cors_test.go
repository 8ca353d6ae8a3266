package emulator_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"

	"acschat/emulator"
)

func TestPreflight(t *testing.T) {
	em, _ := newEmulator()
	for _, path := range []string{"/chat/threads", "/chat/threads/x/participants/:add", "/identities", "/nothing"} {
		r := httptest.NewRequest(http.MethodOptions, path, nil)
		r.Header.Set("Origin", "https://example.com")
		r.Header.Set("Access-Control-Request-Method", "POST")
		r.Header.Set("Access-Control-Request-Headers", "authorization,content-type,repeatability-request-id,x-ms-client-request-id")
		w := serve(em, r)
		assert.Equal(t, http.StatusNoContent, w.Code)
		assert.Equal(t, "*", w.Header().Get("Access-Control-Allow-Origin"))
		assert.Equal(t, "GET, POST, PATCH, DELETE", w.Header().Get("Access-Control-Allow-Methods"))
		assert.Equal(t, r.Header.Get("Access-Control-Request-Headers"), w.Header().Get("Access-Control-Allow-Headers"),
			"by name, because * does not include Authorization")
		assert.NotEmpty(t, w.Header().Get("Access-Control-Max-Age"))
	}
}

func TestResponsesAllowAnyOriginAndExposeOnlyLocation(t *testing.T) {
	for _, origin := range []string{"https://contoso.example", "http://localhost:8080", "null"} {
		for _, w := range responsesTo(origin) {
			assert.Equal(t, []string{"*"}, w.Header().Values("Access-Control-Allow-Origin"), w.Code)
			assert.Equal(t, []string{"Location"}, w.Header().Values("Access-Control-Expose-Headers"), w.Code)
			assert.Regexp(t, `^[A-Za-z0-9+/]{22}\.0$`, w.Header().Get("MS-CV"), w.Code)
		}
	}
}

func TestCORSHeadersWithoutOrigin(t *testing.T) {
	for _, w := range responsesTo("") {
		assert.NotContains(t, w.Header(), "Access-Control-Allow-Origin", w.Code)
		assert.Equal(t, []string{"*"}, w.Header().Values("Access-Control-Expose-Headers"), w.Code)
	}
}

// responsesTo returns responses to requests from an origin: a success, refusals and planted faults. Empty means no Origin.
func responsesTo(origin string) (answers []*httptest.ResponseRecorder) {
	em, _ := newEmulator()
	jane := em.NewUser()
	em.Fail(emulator.Rule{Operation: "listThreads", Call: 1, Status: 503, RetryAfter: 1, ExposeRetryAfter: origin == ""})
	em.Fail(emulator.Rule{Operation: "listThreads", Call: 2, Status: 502, Body: "no", ContentType: "text/plain"})
	for _, call := range []struct{ method, path, token, body string }{
		{"POST", "/chat/threads" + chatVersion, jane.Token, `{"topic":"Lunch"}`},
		{"POST", "/chat/threads" + chatVersion, jane.Token, `{}`},
		{"POST", "/chat/threads" + chatVersion, "", `{"topic":"Lunch"}`},
		{"PUT", "/chat/threads" + chatVersion, jane.Token, ``},
		{"POST", "/identities" + identityVersion, "", ``},
		{"POST", "/nothing", "", ``},
		{"GET", "/chat/threads" + chatVersion, jane.Token, ``},
		{"GET", "/chat/threads" + chatVersion, jane.Token, ``},
	} {
		r := request(call.path, call.token, call.body)
		r.Method = call.method
		r.Header.Set("Origin", origin)
		if origin == "" {
			r.Header.Del("Origin")
		}
		answers = append(answers, serve(em, r))
	}
	return answers
}
