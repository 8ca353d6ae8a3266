package identity_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/emulator"
	"acschat/identity"
)

// newClient returns a client for a handler that listens on a socket, because signatures cover what goes over the wire.
func newClient(t *testing.T, handler http.Handler) *identity.Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	client, err := identity.New("endpoint="+server.URL+"/;accesskey="+emulator.DefaultAccessKey, server.Client())
	require.NoError(t, err)
	return client
}

// fakeService sends the same response to every request and keeps the last request.
type fakeService struct {
	status      int
	body        string
	request     *http.Request
	requestBody string
}

func (s *fakeService) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.request, s.requestBody = r, string(body)
	w.WriteHeader(s.status)
	_, _ = io.WriteString(w, s.body)
}

// createThread creates a thread with a token and returns the status.
func createThread(em *emulator.Emulator, token string) int {
	r := httptest.NewRequest(http.MethodPost, "/chat/threads?api-version=2025-03-15", strings.NewReader(`{"topic":"Lunch"}`))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+token)
	w := httptest.NewRecorder()
	em.ServeHTTP(w, r)
	return w.Code
}

func TestUsersAndTokensWork(t *testing.T) {
	em := emulator.New(emulator.Options{})
	client := newClient(t, em)
	ctx := t.Context()

	id, token, err := client.CreateUserAndToken(ctx, 0, identity.ScopeChat)
	require.NoError(t, err)
	assert.WithinDuration(t, time.Now().Add(24*time.Hour), token.ExpiresOn, time.Minute)
	require.Equal(t, http.StatusCreated, createThread(em, token.Token))
	assert.Equal(t, id, em.Threads()[0].CreatedBy)

	other, err := client.CreateUser(ctx)
	require.NoError(t, err)
	assert.NotEqual(t, id, other)
	token, err = client.IssueToken(ctx, other, time.Hour, identity.ScopeChatJoin, identity.ScopeChat)
	require.NoError(t, err)
	assert.WithinDuration(t, time.Now().Add(time.Hour), token.ExpiresOn, time.Minute)
	require.Equal(t, http.StatusCreated, createThread(em, token.Token))
	assert.Equal(t, other, em.Threads()[1].CreatedBy)

	token, err = client.IssueToken(ctx, other, 0, identity.ScopeChatJoinLimited)
	require.NoError(t, err)
	assert.Equal(t, http.StatusForbidden, createThread(em, token.Token), "this scope does not allow creating threads")
}

func TestRequests(t *testing.T) {
	service := &fakeService{status: 200, body: `{"token":"t","expiresOn":"2026-11-22T10:20:30.1234567+00:00"}`}
	token, err := newClient(t, service).IssueToken(t.Context(), "8:acs:a_b", 90*time.Minute, identity.ScopeChat)
	require.NoError(t, err)
	assert.Equal(t, "t", token.Token)
	assert.Equal(t, time.Date(2026, 11, 22, 10, 20, 30, 123456700, time.UTC), token.ExpiresOn.UTC())
	assert.Equal(t, "POST /identities/8%3Aacs%3Aa_b/:issueAccessToken?api-version=2023-10-01", service.request.Method+" "+service.request.RequestURI)
	assert.Equal(t, "application/json", service.request.Header.Get("Content-Type"))
	assert.JSONEq(t, `{"scopes":["chat"],"expiresInMinutes":90}`, service.requestBody)

	service.status, service.body = 201, `{"identity":{"id":"8:acs:a_b"},"accessToken":{"token":"t"}}`
	client := newClient(t, service)
	id, _, err := client.CreateUserAndToken(t.Context(), 0, identity.ScopeChat)
	require.NoError(t, err)
	assert.Equal(t, "8:acs:a_b", id)
	assert.JSONEq(t, `{"createTokenWithScopes":["chat"]}`, service.requestBody, "the service chooses the default lifetime")

	_, err = client.CreateUser(t.Context())
	require.NoError(t, err)
	assert.Empty(t, service.requestBody)
	assert.Empty(t, service.request.Header.Get("Content-Type"))
}

func TestArgumentsAreCheckedBeforeTheNetwork(t *testing.T) {
	service := &fakeService{status: 500}
	client := newClient(t, service)
	for _, lifetime := range []time.Duration{-1, time.Second, 59 * time.Minute, 1441 * time.Minute, time.Hour + time.Second} {
		_, _, err := client.CreateUserAndToken(t.Context(), lifetime, identity.ScopeChat)
		assert.ErrorContains(t, err, "60 to 1440 whole minutes", lifetime)
		_, err = client.IssueToken(t.Context(), "8:acs:a_b", lifetime, identity.ScopeChat)
		assert.ErrorContains(t, err, "60 to 1440 whole minutes", lifetime)
	}
	_, err := client.IssueToken(t.Context(), "8:acs:a_b", 0)
	assert.ErrorContains(t, err, "scope")
	_, err = client.IssueToken(t.Context(), "", 0, identity.ScopeChat)
	assert.ErrorContains(t, err, "user id")
	assert.Nil(t, service.request)
}

func TestServiceErrorsBecomeErrors(t *testing.T) {
	em := emulator.New(emulator.Options{})
	_, err := newClient(t, em).IssueToken(t.Context(), "8:acs:nobody", 0, identity.ScopeChat)
	var refused *identity.Error
	require.ErrorAs(t, err, &refused)
	assert.Equal(t, "IssueToken", refused.Operation)
	assert.Equal(t, http.StatusNotFound, refused.Status)
	assert.Equal(t, "NotFound", refused.Code)
	assert.NotEmpty(t, refused.Message)
}

func TestErrorTexts(t *testing.T) {
	for name, c := range map[string]struct {
		status        int
		body, message string
	}{
		"documented":     {401, `{"error":{"code":"Unauthorized","message":"No."}}`, "identity: CreateUser: 401 Unauthorized: Unauthorized: No."},
		"in capitals":    {403, `{"Error":{"Code":"Forbidden"}}`, "identity: CreateUser: 403 Forbidden: Forbidden"},
		"other JSON":     {400, `{"error":"boom"}`, "identity: CreateUser: 400 Bad Request"},
		"no JSON":        {502, `<html>`, "identity: CreateUser: 502 Bad Gateway"},
		"empty":          {500, ``, "identity: CreateUser: 500 Internal Server Error"},
		"endless":        {503, strings.Repeat("x", 1<<20), "identity: CreateUser: 503 Service Unavailable"},
		"redirect":       {307, ``, "identity: CreateUser: 307 Temporary Redirect"},
		"201 no JSON":    {201, `<html>`, "identity: CreateUser: the response is not the documented JSON"},
		"201 other JSON": {201, `{}`, "identity: CreateUser: the response has no identity"},
		"201 empty":      {201, ``, "identity: CreateUser: the response is not the documented JSON"},
		"201 endless":    {201, `{"identity":{"id":"` + strings.Repeat("x", 1<<20) + `"}}`, "identity: CreateUser: the response is not the documented JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := newClient(t, &fakeService{status: c.status, body: c.body}).CreateUser(t.Context())
			require.EqualError(t, err, c.message)
			var refused *identity.Error
			assert.Equal(t, c.status != 201, errors.As(err, &refused))
		})
	}
	_, _, err := newClient(t, &fakeService{status: 201, body: `{"identity":{"id":"x"}}`}).CreateUserAndToken(t.Context(), 0, identity.ScopeChat)
	assert.ErrorContains(t, err, "has no token")
	_, err = newClient(t, &fakeService{status: 200, body: `{}`}).IssueToken(t.Context(), "x", 0, identity.ScopeChat)
	assert.ErrorContains(t, err, "has no token")
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	followed := false
	mux := http.NewServeMux()
	mux.Handle("/identities", http.RedirectHandler("/elsewhere", http.StatusPermanentRedirect))
	mux.HandleFunc("/elsewhere", func(http.ResponseWriter, *http.Request) { followed = true })
	_, err := newClient(t, mux).CreateUser(t.Context())
	assert.ErrorContains(t, err, "308")
	assert.False(t, followed)
}

func TestCancelledContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := newClient(t, &fakeService{}).CreateUser(ctx)
	assert.ErrorIs(t, err, context.Canceled)
}
