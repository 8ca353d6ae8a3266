//go:build !js

package page_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"acschat/cmd/chatdev/page"
	"acschat/emulator"
	"acschat/identity"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// fixture is a page with an emulator of its own.
type fixture struct {
	endpoint string       // of the emulator
	url      string       // of the page
	created  atomic.Int32 // number of identities created
	page     *page.Page
}

func newFixture(t *testing.T, hosts ...string) *fixture {
	t.Helper()
	f := new(fixture)
	em := emulator.New(emulator.Options{})
	acs := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/identities" {
			f.created.Add(1)
		}
		em.ServeHTTP(w, r)
	}))
	t.Cleanup(acs.Close)
	client, err := identity.New(em.ConnectionString(acs.URL), nil)
	require.NoError(t, err)
	f.page = page.New(t.TempDir(), page.NewUsers(client), hosts...)
	server := httptest.NewServer(f.page)
	t.Cleanup(server.Close)
	f.endpoint, f.url = acs.URL, server.URL
	return f
}

// request is what the demo page sends.
func (f *fixture) request(t *testing.T, body string) *http.Request {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, f.url+"/token", strings.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Origin", f.url)
	return r
}

func (f *fixture) grant(t *testing.T, user string) page.Grant {
	t.Helper()
	response, body := do(t, f.request(t, fmt.Sprintf(`{"user":%q}`, user)))
	require.Equal(t, http.StatusOK, response.StatusCode, body)
	var grant page.Grant
	require.NoError(t, json.Unmarshal([]byte(body), &grant))
	return grant
}

func do(t *testing.T, r *http.Request) (*http.Response, string) {
	t.Helper()
	response, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response, string(body)
}

func TestTokenAnswer(t *testing.T) {
	f := newFixture(t)

	response, body := do(t, f.request(t, `{"user":"jane"}`))

	require.Equal(t, http.StatusOK, response.StatusCode, body)
	assert.Equal(t, "no-store", response.Header.Get("Cache-Control"))
	assert.Equal(t, "application/json; charset=utf-8", response.Header.Get("Content-Type"))
	assert.Empty(t, response.Header.Values("Access-Control-Allow-Origin"))
	var answer map[string]string
	require.NoError(t, json.Unmarshal([]byte(body), &answer))
	assert.Len(t, answer, 4)
	assert.Equal(t, f.endpoint, answer["endpoint"])
	assert.Regexp(t, `^8:acs:`, answer["id"])
	assert.NotEmpty(t, answer["token"])
	expiresOn, err := time.Parse(time.RFC3339, answer["expiresOn"])
	require.NoError(t, err)
	assert.WithinDuration(t, time.Now().Add(24*time.Hour), expiresOn, time.Minute)
}

// The emulator accepts the token: its user can create a thread.
func TestTokenIsAccepted(t *testing.T) {
	f := newFixture(t)
	grant := f.grant(t, "jane")
	r, err := http.NewRequest(http.MethodPost, grant.Endpoint+"/chat/threads?api-version=2024-03-07", strings.NewReader(`{"topic":"Lunch"}`))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+grant.Token)

	response, body := do(t, r)

	assert.Equal(t, http.StatusCreated, response.StatusCode, body)
	assert.Contains(t, body, grant.ID)
}

func TestTokenUserIsStable(t *testing.T) {
	f := newFixture(t)
	jane := f.grant(t, "jane")

	assert.Equal(t, jane.ID, f.grant(t, "jane").ID)
	assert.Equal(t, jane.ID, f.grant(t, "Jane").ID, "names are case-insensitive")
	assert.NotEqual(t, jane.ID, f.grant(t, "alex").ID)
	assert.EqualValues(t, 2, f.created.Load())
}

func TestTokenConcurrentRequestsMakeOneUser(t *testing.T) {
	f := newFixture(t)
	ids := make([]string, 20)
	var wg sync.WaitGroup
	for i := range ids {
		wg.Go(func() {
			// require must not be called outside the test's goroutine.
			response, err := http.Post(f.url+"/token", "application/json", strings.NewReader(`{"user":"jane"}`))
			if !assert.NoError(t, err) {
				return
			}
			defer response.Body.Close()
			var grant page.Grant
			assert.NoError(t, json.NewDecoder(response.Body).Decode(&grant))
			ids[i] = grant.ID
		})
	}
	wg.Wait()

	assert.EqualValues(t, 1, f.created.Load())
	for _, id := range ids {
		assert.Equal(t, ids[0], id)
	}
	assert.NotEmpty(t, ids[0])
}

func TestTokenChecks(t *testing.T) {
	jane := `{"user":"jane"}`
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	method := func(method string) func(*http.Request) {
		return func(r *http.Request) { r.Method = method }
	}
	// host sets Host and Origin as a browser does that has reached this server under that name.
	host := func(host string) func(*http.Request) {
		return func(r *http.Request) {
			r.Host = host
			r.Header.Set("Origin", "http://"+host)
		}
	}
	tests := []struct {
		name   string
		body   string
		change func(*http.Request)
		status int
		code   string
	}{
		{"valid", jane, nil, 200, ""},
		{"longest name", `{"user":"` + strings.Repeat("a", 64) + `"}`, nil, 200, ""},
		{"every kind of character", `{"user":"A.b_c-9"}`, nil, 200, ""},
		{"charset", jane, header("Content-Type", "application/json; charset=utf-8"), 200, ""},
		{"no origin, as from curl", jane, func(r *http.Request) { r.Header.Del("Origin") }, 200, ""},

		{"empty name", `{"user":""}`, nil, 400, "BadRequest"},
		{"no name", `{}`, nil, 400, "BadRequest"},
		{"long name", `{"user":"` + strings.Repeat("a", 65) + `"}`, nil, 400, "BadRequest"},
		{"space in name", `{"user":"jane doe"}`, nil, 400, "BadRequest"},
		{"Kelvin sign, which folds to k", `{"user":"\u212a"}`, nil, 400, "BadRequest"},
		{"line end after name", `{"user":"jane\n"}`, nil, 400, "BadRequest"},
		{"name is not a string", `{"user":1}`, nil, 400, "BadRequest"},
		{"unknown field", `{"user":"jane","scope":"voip"}`, nil, 400, "BadRequest"},
		{"not JSON", `user=jane`, nil, 400, "BadRequest"},
		{"no body", ``, nil, 400, "BadRequest"},
		{"too large", `{"user":"` + strings.Repeat("a", 2000) + `"}`, nil, 400, "BadRequest"},

		{"GET", "", method("GET"), 405, "MethodNotAllowed"},
		{"preflight", "", method("OPTIONS"), 405, "MethodNotAllowed"},
		{"form", jane, header("Content-Type", "application/x-www-form-urlencoded"), 415, "UnsupportedMediaType"},
		{"no content type", jane, header("Content-Type", ""), 415, "UnsupportedMediaType"},

		{"other site", jane, header("Origin", "https://example.com"), 403, "Forbidden"},
		{"other port", jane, header("Origin", "http://localhost:1"), 403, "Forbidden"},
		{"sandboxed frame", jane, header("Origin", "null"), 403, "Forbidden"},
		{"preflight of another site", "", func(r *http.Request) { r.Method = "OPTIONS"; r.Header.Set("Origin", "https://example.com") }, 403, "Forbidden"},
		{"rebound name", jane, host("rebound.example:8080"), 403, "Forbidden"},
		{"name that ends like ours", jane, host("xlocalhost"), 403, "Forbidden"},
		{"name that starts like ours", jane, host("localhost.example"), 403, "Forbidden"},
		{"other address", jane, host("192.0.2.7:8080"), 403, "Forbidden"},
		{"rebound name that claims a proxy", jane, func(r *http.Request) {
			host("rebound.example:8080")(r)
			r.Header.Set("X-Forwarded-Host", "localhost:8080")
			r.Header.Set("Forwarded", "host=localhost:8080")
		}, 403, "Forbidden"},
		{"page that a proxy serves over HTTPS", jane, func(r *http.Request) {
			r.Header.Set("X-Forwarded-Proto", "https")
			r.Header.Set("Origin", "https://"+r.URL.Host)
		}, 403, "Forbidden"},

		{"localhost", jane, host("localhost:8080"), 200, ""},
		{"localhost without a port", jane, host("localhost"), 200, ""},
		{"name under localhost", jane, host("App.localhost:8080"), 200, ""},
		{"localhost with a final dot", jane, host("localhost.:8080"), 200, ""},
		{"IPv6 loopback", jane, host("[::1]:8080"), 200, ""},
		{"IPv6 loopback without a port", jane, host("[::1]"), 200, ""},
		{"own name", jane, host("Dev.example:8080"), 200, ""},
	}
	f := newFixture(t, "dev.example", "")
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := f.request(t, test.body)
			if test.change != nil {
				test.change(r)
			}

			response, body := do(t, r)

			assert.Equal(t, test.status, response.StatusCode, body)
			assert.Equal(t, "no-store", response.Header.Get("Cache-Control"))
			for name := range response.Header {
				assert.NotContains(t, name, "Access-Control-")
			}
			if test.status == http.StatusMethodNotAllowed {
				assert.Equal(t, "POST", response.Header.Get("Allow"))
			}
			var answer struct {
				Error struct{ Code, Message string }
			}
			require.NoError(t, json.Unmarshal([]byte(body), &answer))
			assert.Equal(t, test.code, answer.Error.Code)
			assert.Equal(t, test.code == "", answer.Error.Message == "", "an error has a message")
		})
	}
}

// With TrustProxy both the Host that the proxy has sent and the one that it reports must be the server's own.
func TestTokenBehindAProxy(t *testing.T) {
	tests := []struct {
		name                 string
		host, origin         string
		proto, forwardedHost string // X-Forwarded-Proto and X-Forwarded-Host
		endpoint             string // empty: 403
	}{
		{"no proxy", "localhost:8080", "http://localhost:8080", "", "", "http://localhost:8080#"},
		{"Host unchanged", "dev.example", "https://dev.example", "https", "", "https://dev.example#"},
		{"Host changed", "localhost:8080", "https://dev.example:8443", "https", "dev.example:8443", "https://dev.example:8443#"},
		{"Host changed, no origin", "localhost:8080", "", "https", "dev.example", "https://dev.example#"},
		{"port missing", "localhost:8080", "https://dev.example:8443", "https", "dev.example", ""},
		{"scheme missing", "dev.example", "https://dev.example", "", "", ""},
		{"other site", "dev.example", "https://evil.example", "https", "", ""},
		{"other site, which claims to be ours", "dev.example", "https://evil.example", "https", "evil.example", ""},
		{"rebound name, which claims to be localhost", "rebound.example", "http://localhost:8080", "", "localhost:8080", ""},
		{"rebound name, which claims to be ours", "rebound.example", "http://rebound.example", "", "dev.example", ""},
		{"name of the proxy that is not ours", "localhost:8080", "https://other.example", "https", "other.example", ""},
	}
	f := newFixture(t, "dev.example")
	f.page.TrustProxy = true
	f.page.Endpoint = func(scheme, host string) string { return scheme + "://" + host + "#" }
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := f.request(t, `{"user":"jane"}`)
			r.Host = test.host
			for name, value := range map[string]string{"Origin": test.origin, "X-Forwarded-Proto": test.proto, "X-Forwarded-Host": test.forwardedHost} {
				r.Header.Del(name)
				if value != "" {
					r.Header.Set(name, value)
				}
			}
			response, body := do(t, r)
			if test.endpoint == "" {
				assert.Equal(t, http.StatusForbidden, response.StatusCode, body)
				return
			}
			require.Equal(t, http.StatusOK, response.StatusCode, body)
			var grant page.Grant
			require.NoError(t, json.Unmarshal([]byte(body), &grant))
			assert.Equal(t, test.endpoint, grant.Endpoint)
		})
	}
}

func TestTokenResourceFails(t *testing.T) {
	acs := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, `{"error":{"code":"Denied","message":"the key was rotated"}}`, http.StatusUnauthorized)
	}))
	defer acs.Close()
	client, err := identity.New("endpoint="+acs.URL+"/;accesskey=c2VjcmV0", nil)
	require.NoError(t, err)
	server := httptest.NewServer(page.New(t.TempDir(), page.NewUsers(client)))
	defer server.Close()

	f := &fixture{url: server.URL}

	response, body := do(t, f.request(t, `{"user":"jane"}`))

	assert.Equal(t, http.StatusBadGateway, response.StatusCode)
	assert.Contains(t, body, "the key was rotated")
}
