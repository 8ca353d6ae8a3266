package emulator_test

import (
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/emulator"
)

func TestNewRefusesABadKey(t *testing.T) {
	assert.Panics(t, func() { emulator.New(emulator.Options{AccessKey: "not base64!"}) })
}

func TestConnectionString(t *testing.T) {
	want := "endpoint=http://localhost:8081/;accesskey=" + emulator.DefaultAccessKey
	em := newResource(emulator.Options{})
	assert.Equal(t, want, em.ConnectionString("http://localhost:8081"))
	assert.Equal(t, want, em.ConnectionString("http://localhost:8081/"))
	assert.Contains(t, emulator.New(emulator.Options{AccessKey: "b3RoZXI="}).ConnectionString("x"), "accesskey=b3RoZXI=")
}

func TestRoutes(t *testing.T) {
	em, _ := newEmulator()
	token := em.NewUser().Token
	for _, c := range []struct {
		method, target, code, allow string
		status                      int
	}{
		{method: "GET", target: "/", status: 404, code: "NotFound"},
		{method: "POST", target: "/chat/threads/", status: 404, code: "NotFound"},
		{method: "POST", target: "/chat//threads", status: 404, code: "NotFound"},
		{method: "POST", target: "/Chat/threads", status: 404, code: "NotFound"},
		{method: "POST", target: "/chat/threads//messages", status: 404, code: "NotFound"},
		{method: "POST", target: "/chat/threads/x/participants/%3Aadd", status: 404, code: "NotFound"},
		{method: "POST", target: "/chat/threads/x/participants/add", status: 404, code: "NotFound"},
		{method: "POST", target: "/chat/threads/a/b/messages", status: 404, code: "NotFound"},
		{method: "PUT", target: "/chat/threads", status: 405, code: "MethodNotAllowed", allow: "GET, POST"},
		{method: "OPTIONS", target: "/chat/threads", status: 405, code: "MethodNotAllowed", allow: "GET, POST"},
		{method: "GET", target: "/chat/threads/x/participants/:add", status: 405, code: "MethodNotAllowed", allow: "POST"},
		{method: "POST", target: "/chat/threads/x", status: 405, code: "MethodNotAllowed", allow: "DELETE, GET, PATCH"},
		{method: "PUT", target: "/chat/threads/x/messages/y", status: 405, code: "MethodNotAllowed", allow: "DELETE, GET, PATCH"},
		{method: "DELETE", target: "/identities", status: 405, code: "MethodNotAllowed", allow: "POST"},
	} {
		t.Run(c.method+c.target, func(t *testing.T) {
			r := request(c.target+chatVersion, token, `{}`)
			r.Method = c.method
			w := serve(em, r)
			requireError(t, w, c.status, c.code)
			assert.Equal(t, c.allow, w.Header().Get("Allow"))
		})
	}
}

func TestPercentEncodedThreadIDs(t *testing.T) {
	em, _ := newEmulator()
	jane := em.NewUser()
	path := newThread(t, em, jane)
	encoded := strings.NewReplacer(":", "%3A", "@", "%40").Replace(path)
	for _, p := range []string{path, encoded} {
		assert.Equal(t, http.StatusCreated, post(em, p+"/messages"+chatVersion, jane.Token, `{"content":"Hi"}`).Code, p)
	}
	assert.Equal(t, http.StatusNotFound, post(em, path+"%2Fx/messages"+chatVersion, jane.Token, `{"content":"Hi"}`).Code)
}

func TestAPIVersion(t *testing.T) {
	em, _ := newEmulator()
	token := em.NewUser().Token
	for query, ok := range map[string]bool{
		"?api-version=2024-03-07":         true,
		"?api-version=2024-03-15-preview": true,
		"?api-version=2025-03-15":         true,
		"":                                false,
		"?api-version=":                   false,
		"?api-version=2023-10-01":         false, // a version of another API
		"?API-VERSION=2025-03-15":         false,
		"?api-version=2025-03-15&api-version=2025-03-15": false,
	} {
		w := post(em, "/chat/threads"+query, token, `{"topic":"Lunch"}`)
		assert.Equal(t, "2024-03-07, 2024-03-15-preview, 2025-03-15", w.Header().Get("api-supported-versions"))
		if ok {
			assert.Equal(t, http.StatusCreated, w.Code, query)
			continue
		}
		requireBadField(t, w, "api-version")
		assert.Contains(t, w.Body.String(), "2024-03-15-preview", "the message lists the supported versions")
	}
	requireError(t, post(em, "/chat/threads?%zz", token, `{}`), http.StatusBadRequest, "BadRequest")
}

func TestBodies(t *testing.T) {
	em, _ := newEmulator()
	token := em.NewUser().Token
	depth := 100_000
	if runtime.GOOS == "js" {
		depth = 1000 // encoding/json of Go 1.27 overflows a browser's stack with more
	}
	for name, c := range map[string]struct {
		mediaType, body, code string
		status                int
	}{
		"charset":       {"application/json; charset=utf-8", `{"topic":"Lunch"}`, "", 201},
		"no media type": {"", `{"topic":"Lunch"}`, "UnsupportedMediaType", 415},
		"text":          {"text/plain", `{"topic":"Lunch"}`, "UnsupportedMediaType", 415},
		"merge patch":   {"application/merge-patch+json", `{"topic":"Lunch"}`, "UnsupportedMediaType", 415},
		"empty":         {"application/json", ``, "BadRequest", 400},
		"incomplete":    {"application/json", `{"topic":"Lunch"`, "BadRequest", 400},
		"extra object":  {"application/json", `{"topic":"Lunch"}{}`, "BadRequest", 400},
		"extra brace":   {"application/json", `{"topic":"Lunch"}}`, "BadRequest", 400},
		"array":         {"application/json", `[{"topic":"Lunch"}]`, "BadRequest", 400},
		"null":          {"application/json", `null`, "BadRequest", 400},
		"not UTF-8":     {"application/json", "{\"topic\":\"\xff\"}", "BadRequest", 400},
		"deeply nested": {"application/json", `{"topic":` + strings.Repeat("[", depth), "BadRequest", 400},
		"maximum size":  {"application/json", `{"topic":"Lunch"}` + strings.Repeat(" ", 1<<20-17), "", 201},
		"too large":     {"application/json", `{"topic":"Lunch"}` + strings.Repeat(" ", 1<<20-16), "RequestEntityTooLarge", 413},
	} {
		t.Run(name, func(t *testing.T) {
			r := request("/chat/threads"+chatVersion, token, c.body)
			r.Header.Set("Content-Type", c.mediaType)
			w := serve(em, r)
			if c.code == "" {
				require.Equal(t, c.status, w.Code, w.Body)
				return
			}
			requireError(t, w, c.status, c.code)
		})
	}
	assert.Len(t, em.Threads(), 2, "refused requests have no effect")
}

func TestNilBody(t *testing.T) {
	em, _ := newEmulator()
	r := request("/chat/threads"+chatVersion, em.NewUser().Token, "")
	r.Body = nil
	requireError(t, serve(em, r), http.StatusBadRequest, "BadRequest")
}

// FuzzServeHTTP requires that every request gets a response that is no 5xx and whose body is JSON.
func FuzzServeHTTP(f *testing.F) {
	for _, o := range operations {
		for _, body := range []string{o.body, `{"topic":{}}`, `{"participants":[{"communicationIdentifier":{"rawId":{}}},null,3]}`,
			`{"content":"x","type":[],"metadata":{"a":{}},"attachments":[[]]}`, `{"retentionPolicy":{"deleteThreadAfterDays":1e400}}`,
			`{"scopes":[null,{}],"expiresInMinutes":-0.5,"createTokenWithScopes":"chat"}`, "\x00", `"`, `{"topic":null,"content":null,"metadata":null}`} {
			f.Add(o.method, o.path, "&maxPageSize=1&skip=1&startTime=2020-06-06T05:55:41Z&syncState=x", body)
		}
	}
	f.Fuzz(func(t *testing.T, method, path, query, body string) {
		s := newScene(t)
		target := strings.NewReplacer("/chat/threads/{T}", s.thread, "{M}", s.message, "{U}", s.alex.ID).Replace(path)
		r := request("/chat/threads"+chatVersion, s.jane.Token, body)
		if method == http.MethodPatch {
			r.Header.Set("Content-Type", "application/merge-patch+json")
		}
		r.URL.RawQuery += query
		r.Method, r.RequestURI, r.URL.Path, r.URL.RawPath = method, target, target, ""
		if strings.HasPrefix(target, "/identities") {
			r.URL.RawQuery = strings.TrimPrefix(identityVersion, "?")
			r.RequestURI = target + identityVersion
			sign(r, r.RequestURI, body, start)
		}
		w := serve(s.resource, r)
		require.Less(t, w.Code, 500)
		if w.Code != http.StatusNoContent && w.Body.Len() > 0 {
			decode[map[string]any](t, w, w.Code)
		}
	})
}
