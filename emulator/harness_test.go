package emulator_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"acschat/emulator"
)

const (
	chatVersion     = "?api-version=2025-03-15"
	identityVersion = "?api-version=2023-10-01"
)

// start is the time at which all tests start.
var start = time.Date(2026, 11, 22, 10, 20, 30, 456_000_000, time.UTC)

// clock is a clock that only tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func newEmulator() (resource, *clock) {
	c := &clock{now: start}
	return newResource(emulator.Options{Clock: c.Now}), c
}

// request returns a POST of JSON from a page. Tests may change it before serving it.
func request(target, token, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "http://localhost:8081"+target, bytes.NewBufferString(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Origin", "https://contoso.example")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return r
}

func serve(em resource, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	em.ServeHTTP(w, r)
	return w
}

func post(em resource, target, token, body string) *httptest.ResponseRecorder {
	return serve(em, request(target, token, body))
}

// signed returns a signed request of an Identity operation. It does not use the emulator's code, but follows the documentation.
func signed(target, body string, signedAt time.Time) *http.Request {
	r := request(target, "", body)
	if body == "" {
		r.Header.Del("Content-Type")
	}
	sign(r, target, body, signedAt)
	return r
}

func sign(r *http.Request, target, body string, signedAt time.Time) {
	hash := sha256.Sum256([]byte(body))
	contentHash := base64.StdEncoding.EncodeToString(hash[:])
	date := signedAt.UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT")
	text := r.Method + "\n" + target + "\n" + date + ";localhost:8081;" + contentHash
	r.Header.Set("x-ms-date", date)
	r.Header.Set("x-ms-content-sha256", contentHash)
	r.Header.Set("Authorization", "HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature="+mac(text))
}

func mac(text string) string { return base64.StdEncoding.EncodeToString(macBytes(text)) }

func macBytes(text string) []byte {
	key, _ := base64.StdEncoding.DecodeString(emulator.DefaultAccessKey)
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

type failure struct{ Code, Message, Target string }

// requireError requires a CommunicationErrorResponse with a status and a code, and returns the error in it.
func requireError(t *testing.T, w *httptest.ResponseRecorder, status int, code string) failure {
	t.Helper()
	require.Equal(t, status, w.Code, w.Body)
	var body struct{ Error failure }
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &body))
	require.Equal(t, code, body.Error.Code)
	require.NotEmpty(t, body.Error.Message)
	require.Equal(t, "*", w.Header().Get("Access-Control-Allow-Origin"), "pages must be able to read errors")
	return body.Error
}

// requireBadField requires a 400 that names the field.
func requireBadField(t *testing.T, w *httptest.ResponseRecorder, target string) {
	t.Helper()
	failure := requireError(t, w, http.StatusBadRequest, "BadRequest")
	require.Equal(t, target, failure.Target, failure.Message)
	require.Contains(t, failure.Message, target)
}

func decode[T any](t *testing.T, w *httptest.ResponseRecorder, status int) T {
	t.Helper()
	require.Equal(t, status, w.Code, w.Body)
	require.Equal(t, "application/json; charset=utf-8", w.Header().Get("Content-Type"))
	var body T
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &body))
	return body
}

// newThread creates a thread and returns the path of its operations.
func newThread(t *testing.T, em resource, creator emulator.User) string {
	t.Helper()
	w := post(em, "/chat/threads"+chatVersion, creator.Token, `{"topic":"Lunch"}`)
	require.Equal(t, http.StatusCreated, w.Code, w.Body)
	return "/chat/threads/" + em.Threads()[len(em.Threads())-1].ID
}

// participantsField returns the field participants with users by raw id.
func participantsField(ids ...string) string {
	participants := []map[string]any{}
	for _, id := range ids {
		participants = append(participants, map[string]any{"communicationIdentifier": map[string]string{"rawId": id}})
	}
	text, _ := json.Marshal(participants)
	return `"participants":` + string(text)
}
