package emulator_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/emulator"
)

// localRequest returns a request from a program on this machine.
func localRequest(method, target, body string) *http.Request {
	r := httptest.NewRequest(method, "http://localhost:8081"+target, strings.NewReader(body))
	r.RemoteAddr = "127.0.0.1:50000"
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	return r
}

// requireControlError requires an error with a status and without CORS headers, and returns it.
func requireControlError(t *testing.T, w *httptest.ResponseRecorder, status int) failure {
	t.Helper()
	require.Empty(t, w.Header().Values("Access-Control-Allow-Origin"))
	return decode[struct{ Error failure }](t, w, status).Error
}

func TestReady(t *testing.T) {
	em, _ := newEmulator()
	w := serve(em, localRequest("GET", "/emulator/ready", ""))
	assert.Equal(t, map[string]bool{"ready": true}, decode[map[string]bool](t, w, http.StatusOK))
}

// forwardingHeaders are what proxies add to the requests of their clients, wherever the clients are.
var forwardingHeaders = map[string]string{
	"Forwarded":         "for=192.0.2.1",
	"Via":               "1.1 proxy",
	"X-Forwarded-For":   "192.0.2.1",
	"X-Forwarded-Host":  "localhost:8081",
	"X-Forwarded-Proto": "https",
	"X-Real-Ip":         "192.0.2.1",
}

// A proxy on this machine connects from a loopback address, and often sends Host as localhost.
func TestControlRefusesProxies(t *testing.T) {
	for name, value := range forwardingHeaders {
		t.Run(name, func(t *testing.T) {
			em, _ := newEmulator()
			newThread(t, em, em.NewUser())
			r := localRequest("POST", "/emulator/reset", "")
			r.Header.Set(name, value)
			assert.Contains(t, requireControlError(t, serve(em, r), http.StatusForbidden).Message, "not through a proxy")
			assert.NotEmpty(t, em.Threads())

			r = localRequest("GET", "/emulator/ready", "")
			r.Header.Set(name, value)
			assert.Equal(t, http.StatusOK, serve(em, r).Code)
		})
	}
}

// Health checks come from other machines: from other containers, and through proxies.
func TestReadyAnswersAnybody(t *testing.T) {
	for name, change := range map[string]func(*http.Request){
		"another machine": func(r *http.Request) { r.RemoteAddr = "192.0.2.1:50000" },
		"another name":    func(r *http.Request) { r.Host = "acs:8081" },
		"another page":    func(r *http.Request) { r.Header.Set("Origin", "http://contoso.example") },
	} {
		for _, method := range []string{"GET", "HEAD"} {
			t.Run(name+" "+method, func(t *testing.T) {
				em, _ := newEmulator()
				r := localRequest(method, "/emulator/ready", "")
				change(r)
				w := serve(em, r)
				assert.Equal(t, http.StatusOK, w.Code)
				assert.Empty(t, w.Header().Values("Access-Control-Allow-Origin"), "pages of other origins cannot read it")
			})
		}
		t.Run(name+", other endpoints", func(t *testing.T) {
			em, _ := newEmulator()
			newThread(t, em, em.NewUser())
			for target, method := range map[string]string{
				"/emulator/reset": "POST", "/emulator/clock": "POST", "/emulator/faults": "POST", "/emulator/": "GET", "/emulator/ready/": "GET",
			} {
				r := localRequest(method, target, "")
				change(r)
				requireControlError(t, serve(em, r), http.StatusForbidden)
			}
			assert.NotEmpty(t, em.Threads())
		})
	}
}

func TestControlReset(t *testing.T) {
	em, _ := newEmulator()
	newThread(t, em, em.NewUser())
	assert.Equal(t, http.StatusNoContent, serve(em, localRequest("POST", "/emulator/reset", "")).Code)
	assert.Empty(t, em.Threads())
}

func TestControlClock(t *testing.T) {
	em, _ := newEmulator()
	for _, c := range []struct{ body, now string }{
		{`{"advanceMs":0}`, "2026-11-22T10:20:30.456Z"},
		{`{"advanceMs":1500}`, "2026-11-22T10:20:31.956Z"},
		{`{"advanceMs":86400000}`, "2026-11-23T10:20:31.956Z"},
	} {
		w := serve(em, localRequest("POST", "/emulator/clock", c.body))
		assert.Equal(t, map[string]string{"now": c.now}, decode[map[string]string](t, w, http.StatusOK))
	}
	for _, body := range []string{`{}`, `null`, `{"advanceMs":null}`, `{"advanceMs":-1}`, `{"advanceMs":3153600000000}`, `{"advanceMs":18446744073710}`, `{"advanceMs":9223372036854775807}`} {
		assert.Equal(t, "advanceMs", requireControlError(t, serve(em, localRequest("POST", "/emulator/clock", body)), http.StatusBadRequest).Target, body)
	}
	for _, body := range []string{``, `[]`, `{"advanceMs":1.5}`, `{"advanceMs":"1"}`, `{"advanceMs":1}{}`, `{"advanceMs":1}}`, `{"advanceMs":1`, `{"advanceMs":1,"ms":1}`} {
		requireControlError(t, serve(em, localRequest("POST", "/emulator/clock", body)), http.StatusBadRequest)
	}
	newThread(t, em, em.NewUser())
	assert.Equal(t, start.Add(24*time.Hour+1500*time.Millisecond).Truncate(time.Second), em.Threads()[0].CreatedOn, "refused requests have no effect")
}

func TestControlFaults(t *testing.T) {
	em, _ := newEmulator()
	createStatus := func() int { return post(em, "/chat/threads"+chatVersion, "", "").Code }
	rule := emulator.Rule{Operation: "createThread", Call: 2, Times: 3, Status: 502, After: true, NoCORS: true,
		TrickleMs: 1, RetryAfter: 7, ExposeRetryAfter: true, Body: "<p>", ContentType: "text/html"}
	text, err := json.Marshal(rule)
	require.NoError(t, err)
	assert.JSONEq(t, `{"operation":"createThread","call":2,"times":3,"refuse":false,"drop":false,"hang":false,"hangMs":0,
		"cut":false,"status":502,"trickleMs":1,"noCORS":true,"visibleAfterMs":0,"after":true,
		"eventsTwice":false,"eventsAfterMs":0,"eventsUnordered":false,"eventsLost":false,
		"retryAfter":7,"exposeRetryAfter":true,"observed":false,"body":"<p>","contentType":"text/html","empty":false}`, string(text))

	w := serve(em, localRequest("POST", "/emulator/faults", string(text)))
	require.Equal(t, http.StatusNoContent, w.Code, w.Body)
	assert.Equal(t, "close", w.Header().Get("Connection"), "the next request needs a new connection")
	assert.Equal(t, []int{401, 502, 502}, []int{createStatus(), createStatus(), createStatus()})
	w = serve(em, localRequest("DELETE", "/emulator/faults", ""))
	require.Equal(t, http.StatusNoContent, w.Code, w.Body)
	assert.Equal(t, 401, createStatus())

	for text, message := range badRules {
		failure := requireControlError(t, serve(em, localRequest("POST", "/emulator/faults", text)), http.StatusBadRequest)
		assert.Contains(t, failure.Message, message, text)
	}
	for text, message := range map[string]string{
		`{"status":503,"time":1}`: `unknown field "time"`,
		`{"status":"503"}`:        "string",
		`{"status":503.5}`:        "503.5",
		`[]`:                      "array",
		`{"status":503}x`:         "extra text",
		`{"status":503`:           "EOF",
		``:                        "it is empty",
	} {
		failure := requireControlError(t, serve(em, localRequest("POST", "/emulator/faults", text)), http.StatusBadRequest)
		assert.Contains(t, failure.Message, message, text)
	}
	assert.Equal(t, 401, createStatus(), "invalid rules are not planted")
}

func TestFaultsDoNotAffectControlEndpoints(t *testing.T) {
	em, _ := newEmulator()
	em.Fail(emulator.Rule{Status: 503, Call: 1})
	w := serve(em, localRequest("GET", "/emulator/ready", ""))
	assert.Equal(t, http.StatusOK, w.Code)
	assert.Equal(t, "close", w.Header().Get("Connection"))
	assert.Equal(t, http.StatusServiceUnavailable, post(em, "/chat/threads"+chatVersion, "", "").Code, "the first call")
}

func TestControlRoutes(t *testing.T) {
	em, _ := newEmulator()
	for _, c := range []struct {
		method, target, allow string
		status                int
	}{
		{"GET", "/emulator/", "", 404},
		{"GET", "/emulator/nothing", "", 404},
		{"GET", "/emulator/ready/", "", 404},
		{"POST", "/emulator/ready", "GET, HEAD", 405},
		{"GET", "/emulator/reset", "POST", 405},
		{"GET", "/emulator/clock", "POST", 405},
		{"GET", "/emulator/faults", "DELETE, POST", 405},
		{"OPTIONS", "/emulator/faults", "DELETE, POST", 405},
	} {
		w := serve(em, localRequest(c.method, c.target, ""))
		requireControlError(t, w, c.status)
		assert.Equal(t, c.allow, w.Header().Get("Allow"), c.target)
	}
}

func TestControlRefusesOtherMachines(t *testing.T) {
	for name, c := range map[string]struct {
		remote, host string
		ok           bool
	}{
		"localhost":                  {"127.0.0.1:50000", "localhost:8081", true},
		"capitals":                   {"127.0.0.1:50000", "LOCALHOST:8081", true},
		"no port":                    {"127.0.0.1:50000", "localhost", true},
		"IPv4":                       {"127.0.0.1:50000", "127.0.0.1:8081", true},
		"IPv6":                       {"[::1]:50000", "[::1]:8081", true},
		"IPv6, no port":              {"[::1]:50000", "[::1]", true},
		"name under localhost":       {"127.0.0.1:50000", "Acs.localhost:8081", true},
		"final dot":                  {"127.0.0.1:50000", "localhost.:8081", true},
		"IPv4 as IPv6":               {"[::ffff:127.0.0.1]:50000", "localhost:8081", true},
		"in process":                 {"", "contoso.example", true},
		"no address":                 {"unknown", "localhost:8081", false},
		"text behind the brackets":   {"127.0.0.1:50000", "[::1].contoso.example", false},
		"another machine":            {"192.0.2.1:50000", "localhost:8081", false},
		"DNS rebinding":              {"127.0.0.1:50000", "contoso.example:8081", false},
		"prefix":                     {"127.0.0.1:50000", "localhost.contoso.example:8081", false},
		"suffix":                     {"127.0.0.1:50000", "xlocalhost:8081", false},
		"two dots":                   {"127.0.0.1:50000", "localhost..:8081", false},
		"IP address as a prefix":     {"127.0.0.1:50000", "127.0.0.1.contoso.example", false},
		"no host":                    {"127.0.0.1:50000", "", false},
		"own address of the network": {"127.0.0.1:50000", "192.0.2.1:8081", false},
	} {
		t.Run(name, func(t *testing.T) {
			em, _ := newEmulator()
			newThread(t, em, em.NewUser())
			r := localRequest("POST", "/emulator/reset", "")
			r.RemoteAddr, r.Host = c.remote, c.host
			w := serve(em, r)
			assert.Equal(t, c.ok, len(em.Threads()) == 0)
			if c.ok {
				assert.Equal(t, http.StatusNoContent, w.Code)
				return
			}
			requireControlError(t, w, http.StatusForbidden)
		})
	}
}

func TestControlRefusesPagesOfOtherOrigins(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*http.Request)
		status int
	}{
		"no origin":               {func(*http.Request) {}, 204},
		"own origin":              {func(r *http.Request) { r.Header.Set("Origin", "http://localhost:8081") }, 204},
		"another site":            {func(r *http.Request) { r.Header.Set("Origin", "https://contoso.example") }, 403},
		"another port":            {func(r *http.Request) { r.Header.Set("Origin", "http://localhost:8080") }, 403},
		"another scheme":          {func(r *http.Request) { r.Header.Set("Origin", "https://localhost:8081") }, 403},
		"sandboxed":               {func(r *http.Request) { r.Header.Set("Origin", "null") }, 403},
		"two origins":             {func(r *http.Request) { r.Header["Origin"] = []string{"http://localhost:8081", "null"} }, 403},
		"with a charset":          {func(r *http.Request) { r.Header.Set("Content-Type", "application/json; charset=utf-8") }, 204},
		"no media type":           {func(r *http.Request) { r.Header.Del("Content-Type") }, 415},
		"text, without preflight": {func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }, 415},
		"form, without preflight": {func(r *http.Request) { r.Header.Set("Content-Type", "application/x-www-form-urlencoded") }, 415},
		"JSON as a parameter":     {func(r *http.Request) { r.Header.Set("Content-Type", "text/plain; application/json") }, 415},
	} {
		t.Run(name, func(t *testing.T) {
			em, _ := newEmulator()
			r := localRequest("POST", "/emulator/faults", `{"status":503}`)
			c.change(r)
			w := serve(em, r)
			assert.Equal(t, c.status == 204, post(em, "/chat/threads"+chatVersion, "", "").Code == 503)
			if c.status == 204 {
				assert.Equal(t, http.StatusNoContent, w.Code)
				assert.Empty(t, w.Header().Values("Access-Control-Allow-Origin"))
				return
			}
			requireControlError(t, w, c.status)
		})
	}

	em, _ := newEmulator()
	r := localRequest("OPTIONS", "/emulator/faults", "")
	r.Header.Set("Origin", "http://localhost:8081")
	r.Header.Set("Access-Control-Request-Method", "POST")
	requireControlError(t, serve(em, r), http.StatusMethodNotAllowed)
}

func TestControlBodiesAreLimited(t *testing.T) {
	em, _ := newEmulator()
	requireControlError(t, serve(em, localRequest("POST", "/emulator/clock", `{"advanceMs":1}`+strings.Repeat(" ", 1<<20))), http.StatusRequestEntityTooLarge)
}
