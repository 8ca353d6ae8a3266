package emulator_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"acschat/emulator"
)

// operation is a request that succeeds. {T} stands for a thread, {M} for a message of the caller in it, and {U} for a user.
type operation struct {
	method, path, body string
	status             int
}

var operations = map[string]operation{
	"createThread":           {"POST", "/chat/threads", `{"topic":"Lunch"}`, 201},
	"listThreads":            {"GET", "/chat/threads", "", 200},
	"getThread":              {"GET", "/chat/threads/{T}", "", 200},
	"updateThread":           {"PATCH", "/chat/threads/{T}", `{"topic":"Dinner"}`, 204},
	"deleteThread":           {"DELETE", "/chat/threads/{T}", "", 204},
	"sendMessage":            {"POST", "/chat/threads/{T}/messages", `{"content":"Hi"}`, 201},
	"listMessages":           {"GET", "/chat/threads/{T}/messages", "", 200},
	"getMessage":             {"GET", "/chat/threads/{T}/messages/{M}", "", 200},
	"updateMessage":          {"PATCH", "/chat/threads/{T}/messages/{M}", `{"content":"Ho"}`, 204},
	"deleteMessage":          {"DELETE", "/chat/threads/{T}/messages/{M}", "", 204},
	"addParticipants":        {"POST", "/chat/threads/{T}/participants/:add", `{"participants":[]}`, 201},
	"listParticipants":       {"GET", "/chat/threads/{T}/participants", "", 200},
	"removeParticipant":      {"POST", "/chat/threads/{T}/participants/:remove", `{"rawId":"{U}"}`, 204},
	"sendTypingNotification": {"POST", "/chat/threads/{T}/typing", `{"senderDisplayName":"Jane"}`, 200},
	"sendReadReceipt":        {"POST", "/chat/threads/{T}/readReceipts", `{"chatMessageId":"{M}"}`, 200},
	"listReadReceipts":       {"GET", "/chat/threads/{T}/readReceipts", "", 200},
	"createIdentity":         {"POST", "/identities", `{}`, 201},
	"issueAccessToken":       {"POST", "/identities/{U}/:issueAccessToken", `{"scopes":["chat"]}`, 200},
	"revokeAccessTokens":     {"POST", "/identities/{U}/:revokeAccessTokens", "", 204},
	"deleteIdentity":         {"DELETE", "/identities/{U}", "", 204},
}

// scene is an emulator with a thread, its participants Jane and Alex, and a message from Jane.
type scene struct {
	resource
	clock      *clock
	jane, alex emulator.User
	thread     string // path of the thread's operations
	message    string // the message's id
}

func newScene(t *testing.T) *scene {
	t.Helper()
	em, clock := newEmulator()
	s := &scene{resource: em, clock: clock, jane: em.NewUser(), alex: em.NewUser()}
	s.thread = newThread(t, em, s.jane)
	s.do(t, s.jane, "addParticipants", `{`+participantsField(s.alex.ID)+`}`, 201)
	s.message = s.send(t, s.jane, "Hi")
	return s
}

// request returns a request for an operation. A body that is not empty replaces the operation's default body.
func (s *scene) request(name string, user emulator.User, query, body string) *http.Request {
	o := operations[name]
	replacer := strings.NewReplacer("{T}", strings.TrimPrefix(s.thread, "/chat/threads/"), "{M}", s.message, "{U}", s.alex.ID)
	if body == "" {
		body = o.body
	}
	body = replacer.Replace(body)
	path := replacer.Replace(o.path)
	var r *http.Request
	if strings.HasPrefix(path, "/identities") {
		r = request(path+identityVersion, "", body)
		r.Method = o.method
		sign(r, path+identityVersion, body, s.clock.Now())
	} else {
		r = request(path+chatVersion+query, user.Token, body)
		r.Method = o.method
	}
	if o.method == http.MethodPatch {
		r.Header.Set("Content-Type", "application/merge-patch+json")
	}
	return r
}

// do performs an operation and requires a status.
func (s *scene) do(t *testing.T, user emulator.User, name, body string, status int) *httptest.ResponseRecorder {
	t.Helper()
	w := serve(s.resource, s.request(name, user, "", body))
	require.Equal(t, status, w.Code, "%s: %s", name, w.Body)
	return w
}

func (s *scene) send(t *testing.T, user emulator.User, content string) (id string) {
	t.Helper()
	return decode[struct{ ID string }](t, s.do(t, user, "sendMessage", `{"content":"`+content+`"}`, 201), 201).ID
}

// withMessage returns the scene with another message for {M}.
func (s *scene) withMessage(message string) *scene {
	other := *s
	other.message = message
	return &other
}

// firstThread returns the current state of the emulator's first thread.
func (s *scene) firstThread() emulator.Thread { return s.Threads()[0] }
