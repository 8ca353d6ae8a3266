package emulator_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"acschat/emulator"
)

func TestObservedErrors(t *testing.T) {
	em := newResource(emulator.Options{Clock: func() time.Time { return start }, ObservedErrors: true})
	jane, alex := em.NewUser(), em.NewUser()
	path := newThread(t, em, jane)
	put := request("/chat/threads"+chatVersion, jane.Token, "")
	put.Method = http.MethodPut
	for name, c := range map[string]struct {
		w      *httptest.ResponseRecorder
		status int
		body   string // JSON, or empty
	}{
		"field": {post(em, "/chat/threads"+chatVersion, jane.Token, `{}`), 400,
			`{"CommunicationError":{"Code":"BadRequest","Message":"topic is required.","Details":[]}}`},
		"not a participant": {post(em, path+"/messages"+chatVersion, alex.Token, `{"content":"Hi"}`), 403,
			`{"CommunicationError":{"Code":"Forbidden","Message":"The caller is not a participant of this chat thread.","Details":[]}}`},
		"method": {serve(em, put), 405,
			`{"CommunicationError":{"Code":"MethodNotAllowed","Message":"This path supports only GET, POST.","Details":[]}}`},
		"no token": {post(em, "/chat/threads"+chatVersion, "", `{"topic":"x"}`), 401, ""},
		"other path": {post(em, "/nothing", "", ``), 404,
			`{"error":{"code":"NotFound","message":"There is nothing at this path."}}`},
		"identity": {post(em, "/identities"+identityVersion, "", ``), 401,
			`{"error":{"code":"Unauthorized","message":"The Authorization header is missing."}}`},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, c.status, c.w.Code)
			assert.Equal(t, "*", c.w.Header().Get("Access-Control-Allow-Origin"))
			if c.body == "" {
				assert.Empty(t, c.w.Body.String())
				assert.Empty(t, c.w.Header().Get("Content-Type"))
				return
			}
			assert.JSONEq(t, c.body, c.w.Body.String())
			assert.Equal(t, "application/json; charset=utf-8", c.w.Header().Get("Content-Type"))
		})
	}

	w := post(em, path+"/participants/:add"+chatVersion, jane.Token, `{`+participantsField("4:+1")+`}`)
	assert.JSONEq(t, `{"invalidParticipants":[{"target":"4:+1","code":"403","message":"Permissions check failed"}]}`, w.Body.String(),
		"errors in a successful response have the documented form")

	em.Reset()
	assert.Empty(t, post(em, "/chat/threads"+chatVersion, "", `{}`).Body.String(), "the option is still set")
	em.Fail(emulator.Rule{Status: 401, Call: 1})
	em.Fail(emulator.Rule{Status: 503, Call: 2, RetryAfter: 7})
	assert.Empty(t, post(em, "/chat/threads"+chatVersion, "", `{}`).Body.String(), "a planted 401 has no body either")
	w = post(em, "/chat/threads"+chatVersion, "", `{}`)
	assert.JSONEq(t, `{"CommunicationError":{"Code":"ServiceUnavailable","Message":"This is a planted fault.","Details":[]}}`, w.Body.String())
	assert.Equal(t, "7", w.Header().Get("Retry-After"))
}

func TestObservedErrorsOfARule(t *testing.T) {
	em, _ := newEmulator()
	em.Fail(emulator.Rule{Status: 401, Observed: true, Call: 1})
	em.Fail(emulator.Rule{Status: 429, Observed: true, Times: 3})
	assert.Empty(t, post(em, "/chat/threads"+chatVersion, "", `{}`).Body.String(), "a 401 has no body")
	assert.JSONEq(t, `{"CommunicationError":{"Code":"TooManyRequests","Message":"This is a planted fault.","Details":[]}}`,
		post(em, "/chat/threads"+chatVersion, "", `{}`).Body.String())
	assert.JSONEq(t, `{"error":{"code":"TooManyRequests","message":"This is a planted fault."}}`,
		post(em, "/identities"+identityVersion, "", `{}`).Body.String(), "Identity operations have only the documented form")
	requireError(t, post(em, "/chat/threads"+chatVersion, "", `{}`), http.StatusUnauthorized, "Unauthorized")
}
