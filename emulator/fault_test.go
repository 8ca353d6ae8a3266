package emulator_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/emulator"
)

func TestWhichCallsFail(t *testing.T) {
	for name, c := range map[string]struct {
		rules []emulator.Rule
		want  []int // statuses of calls that would succeed
	}{
		"every call":             {[]emulator.Rule{{Status: 503}}, []int{503, 503, 503, 503}},
		"the first":              {[]emulator.Rule{{Status: 503, Call: 1}}, []int{503, 201, 201}},
		"the third":              {[]emulator.Rule{{Status: 503, Call: 3}}, []int{201, 201, 503, 201, 201}},
		"the second two":         {[]emulator.Rule{{Status: 503, Call: 2, Times: 2}}, []int{201, 503, 503, 201, 201}},
		"twice":                  {[]emulator.Rule{{Status: 503, Times: 2}}, []int{503, 503, 201, 201}},
		"two rules in turn":      {[]emulator.Rule{{Status: 503, Call: 2}, {Status: 429, Call: 1}}, []int{429, 503, 201}},
		"two rules for one call": {[]emulator.Rule{{Status: 503, Times: 2}, {Status: 429, Times: 3}}, []int{503, 503, 429, 201}},
		"this operation":         {[]emulator.Rule{{Operation: "sendMessage", Status: 400}}, []int{400, 400}},
		"another operation":      {[]emulator.Rule{{Operation: "createThread", Status: 503}}, []int{201, 201}},
		"statuses at the limits": {[]emulator.Rule{{Status: 400, Call: 1}, {Status: 499, Call: 2}, {Status: 599, Call: 3}},
			[]int{400, 499, 599, 201}},
	} {
		t.Run(name, func(t *testing.T) {
			em, _ := newEmulator()
			jane := em.NewUser()
			path := newThread(t, em, jane)
			for _, rule := range c.rules {
				em.Fail(rule)
			}
			var got []int
			for range c.want {
				got = append(got, post(em, path+"/messages"+chatVersion, jane.Token, `{"content":"Hi"}`).Code)
			}
			assert.Equal(t, c.want, got)
		})
	}
}

func TestOperationNames(t *testing.T) {
	em, _ := newEmulator()
	for planted := range operations {
		em.Fail(emulator.Rule{Operation: planted, Status: 418})
		for name, o := range operations {
			path, _, _ := strings.Cut(o.path, "?")
			r := httptest.NewRequest(o.method, strings.NewReplacer("{T}", "t", "{M}", "m", "{U}", "u").Replace(path), nil)
			assert.Equal(t, name == planted, serve(em, r).Code == 418, "%s, planted for %s", name, planted)
		}
		em.ClearFaults()
	}
	em.Fail(emulator.Rule{Status: 418})
	assert.Equal(t, http.StatusNotFound, post(em, "/nothing", "", "").Code, "an unknown path is not an operation")
}

func TestStatusFaults(t *testing.T) {
	const wrapper = `{"error":{"code":"ServiceUnavailable","message":"This is a planted fault."}}`
	const observed = `{"CommunicationError":{"Code":"ServiceUnavailable","Message":"This is a planted fault.","Details":[]}}`
	for name, c := range map[string]struct {
		rule                                   emulator.Rule
		body, contentType, retryAfter, exposed string
	}{
		"documented form": {emulator.Rule{Status: 503}, wrapper, "application/json; charset=utf-8", "", "Location"},
		"no status text": {emulator.Rule{Status: 599}, `{"error":{"code":"Unknown","message":"This is a planted fault."}}`,
			"application/json; charset=utf-8", "", "Location"},
		"Retry-After":        {emulator.Rule{Status: 503, RetryAfter: 7}, wrapper, "application/json; charset=utf-8", "7", "Location"},
		"exposed":            {emulator.Rule{Status: 503, RetryAfter: 7, ExposeRetryAfter: true}, wrapper, "application/json; charset=utf-8", "7", "Location, Retry-After"},
		"HTML":               {emulator.Rule{Status: 502, Body: "<p>no", ContentType: "text/html", RetryAfter: 1}, "<p>no", "text/html", "1", "Location"},
		"empty":              {emulator.Rule{Status: 408, Empty: true, RetryAfter: 2}, "", "", "2", "Location"},
		"observed":           {emulator.Rule{Status: 503, Observed: true, RetryAfter: 2}, observed, "application/json; charset=utf-8", "2", "Location"},
		"without CORS":       {emulator.Rule{Status: 503, NoCORS: true}, wrapper, "application/json; charset=utf-8", "", ""},
		"nothing is exposed": {emulator.Rule{Status: 503, NoCORS: true, RetryAfter: 1, ExposeRetryAfter: true}, wrapper, "application/json; charset=utf-8", "1", ""},
	} {
		for _, after := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				em, _ := newEmulator()
				jane := em.NewUser()
				c.rule.After = after
				em.Fail(c.rule)
				w := post(em, "/chat/threads"+chatVersion, jane.Token, `{"topic":"Lunch"}`)
				assert.Equal(t, c.rule.Status, w.Code)
				assert.Equal(t, c.body, strings.TrimSpace(w.Body.String()))
				assert.Equal(t, c.contentType, w.Header().Get("Content-Type"))
				assert.Equal(t, c.retryAfter, w.Header().Get("Retry-After"))
				assert.Equal(t, c.exposed, w.Header().Get("Access-Control-Expose-Headers"))
				assert.Equal(t, c.exposed != "", w.Header().Get("Access-Control-Allow-Origin") == "*")
				assert.Empty(t, w.Header().Get("Location"), "only a success has a Location")
				assert.Equal(t, after, len(em.Threads()) == 1, "with After the operation is performed")
			})
		}
	}
}

func TestFaultsPrecedeAuthentication(t *testing.T) {
	em, _ := newEmulator()
	em.Fail(emulator.Rule{Status: 503, Call: 1})
	assert.Equal(t, http.StatusServiceUnavailable, post(em, "/chat/threads"+chatVersion, "", `{}`).Code)
	assert.Equal(t, http.StatusUnauthorized, post(em, "/chat/threads"+chatVersion, "", `{}`).Code)
	em.Fail(emulator.Rule{Status: 503, Call: 1, After: true})
	assert.Equal(t, http.StatusServiceUnavailable, post(em, "/chat/threads"+chatVersion, "", `{}`).Code, "After replaces an error, too")
}

func TestDropPanicsInProcess(t *testing.T) {
	for _, after := range []bool{false, true} {
		em, _ := newEmulator()
		jane := em.NewUser()
		em.Fail(emulator.Rule{Drop: true, Call: 1, After: after})
		assert.PanicsWithValue(t, http.ErrAbortHandler, func() { post(em, "/chat/threads"+chatVersion, jane.Token, `{"topic":"Lunch"}`) })
		assert.Equal(t, after, len(em.Threads()) == 1)
		assert.Equal(t, http.StatusCreated, post(em, "/chat/threads"+chatVersion, jane.Token, `{"topic":"Lunch"}`).Code)
	}
}

func preflight(em resource, path string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodOptions, path, nil)
	r.Header.Set("Origin", "https://example.com")
	r.Header.Set("Access-Control-Request-Method", "POST")
	return serve(em, r)
}

func allowsAnyOrigin(w *httptest.ResponseRecorder) bool {
	return w.Header().Get("Access-Control-Allow-Origin") == "*"
}

func TestOnlyNoCORSMakesPreflightsFail(t *testing.T) {
	for name, c := range map[string]struct {
		rule emulator.Rule
		want []bool // whether preflights are allowed
	}{
		"status":            {emulator.Rule{Status: 503}, []bool{true, true}},
		"drop":              {emulator.Rule{Drop: true}, []bool{true, true}},
		"no CORS":           {emulator.Rule{NoCORS: true}, []bool{false, false}},
		"once":              {emulator.Rule{NoCORS: true, Call: 1}, []bool{false, true, true}},
		"twice":             {emulator.Rule{NoCORS: true, Status: 503, Times: 2}, []bool{false, false, true}},
		"another call":      {emulator.Rule{NoCORS: true, Call: 2}, []bool{true, true, true}},
		"another operation": {emulator.Rule{NoCORS: true, Operation: "sendMessage"}, []bool{true}},
		"with After":        {emulator.Rule{NoCORS: true, After: true}, []bool{true, true}},
	} {
		t.Run(name, func(t *testing.T) {
			em, _ := newEmulator()
			em.Fail(c.rule)
			for _, want := range c.want {
				w := preflight(em, "/chat/threads")
				assert.Equal(t, http.StatusNoContent, w.Code)
				assert.Equal(t, want, allowsAnyOrigin(w))
				assert.Equal(t, want, w.Header().Get("Access-Control-Allow-Methods") != "")
				assert.Empty(t, w.Header().Get("Access-Control-Expose-Headers"))
			}
			assert.True(t, allowsAnyOrigin(preflight(em, "/nothing")))
		})
	}
}

func TestEarlierRulesProtectThePreflight(t *testing.T) {
	em, _ := newEmulator()
	em.Fail(emulator.Rule{Status: 503, Call: 1})
	em.Fail(emulator.Rule{NoCORS: true})
	assert.True(t, allowsAnyOrigin(preflight(em, "/chat/threads")))
	assert.True(t, allowsAnyOrigin(post(em, "/chat/threads"+chatVersion, "", "")))
	assert.False(t, allowsAnyOrigin(preflight(em, "/chat/threads")))
}

func TestNoCORSPerformsTheOperation(t *testing.T) {
	for _, after := range []bool{false, true} {
		em, _ := newEmulator()
		jane := em.NewUser()
		em.Fail(emulator.Rule{NoCORS: true, Call: 1, After: after})
		w := post(em, "/chat/threads"+chatVersion, jane.Token, `{"topic":"Lunch"}`)
		assert.False(t, allowsAnyOrigin(w))
		assert.Empty(t, w.Header().Get("Access-Control-Expose-Headers"))
		assert.Equal(t, http.StatusCreated, w.Code)
		assert.NotEmpty(t, w.Header().Get("Location"))
		assert.Len(t, em.Threads(), 1)
		assert.True(t, allowsAnyOrigin(post(em, "/chat/threads"+chatVersion, jane.Token, `{}`)))
	}
}

func TestResponsesCloseConnectionsWhileARuleIsPlanted(t *testing.T) {
	em, _ := newEmulator()
	jane := em.NewUser()
	closes := func() bool {
		w := post(em, "/chat/threads"+chatVersion, jane.Token, `{"topic":"Lunch"}`)
		require.Equal(t, w.Header().Get("Connection"), preflight(em, "/chat/threads").Header().Get("Connection"))
		return w.Header().Get("Connection") == "close"
	}
	assert.False(t, closes())
	em.Fail(emulator.Rule{Operation: "sendMessage", Status: 503})
	assert.True(t, closes(), "also responses of other operations")
	em.ClearFaults()
	assert.False(t, closes())
	em.Fail(emulator.Rule{Status: 503, Call: 2})
	assert.True(t, closes())
	assert.Equal(t, "close", post(em, "/chat/threads"+chatVersion, "", "").Header().Get("Connection"), "also the response of the fault")
	assert.False(t, closes(), "the rule is spent")
	em.Fail(emulator.Rule{Status: 503})
	em.Reset()
	assert.Empty(t, post(em, "/chat/threads"+chatVersion, "", "").Header().Get("Connection"))
}
