package emulator_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/emulator"
)

func TestEveryOperationSucceeds(t *testing.T) {
	for name, o := range operations {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			w := s.do(t, s.jane, name, "", o.status)
			if o.status == 204 || strings.HasPrefix(name, "send") && o.status == 200 {
				assert.Empty(t, w.Body.String())
				assert.Empty(t, w.Header().Values("Content-Type"))
			} else {
				assert.Equal(t, "application/json; charset=utf-8", w.Header().Get("Content-Type"))
			}
			assert.Equal(t, o.status == 201 && (name == "createThread" || name == "sendMessage"), w.Header().Get("Location") != "")
			assert.NotEmpty(t, w.Header().Get("api-supported-versions"))
		})
	}
}

func TestEveryOperationChecksVersionAndToken(t *testing.T) {
	s := newScene(t)
	for name, o := range operations {
		if strings.HasPrefix(o.path, "/identities") {
			continue
		}
		r := s.request(name, s.jane, "", "")
		r.URL.RawQuery = "api-version=2023-11-07"
		requireBadField(t, serve(s.resource, r), "api-version")
		requireError(t, serve(s.resource, s.request(name, emulator.User{}, "", "")), 401, "Unauthorized")
	}
}

func TestEveryThreadOperationRequiresParticipants(t *testing.T) {
	for name, o := range operations {
		if !strings.Contains(o.path, "{T}") {
			continue
		}
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			before := s.Threads()
			requireError(t, serve(s.resource, s.request(name, s.NewUser(), "", "")), 403, "Forbidden")
			nowhere := *s
			nowhere.thread = "/chat/threads/19:nowhere@thread.v2"
			requireError(t, serve(s.resource, nowhere.request(name, s.jane, "", "")), 404, "NotFound")
			assert.Equal(t, before, s.Threads())

			s.do(t, s.jane, "deleteThread", "", 204)
			requireError(t, serve(s.resource, s.request(name, s.jane, "", "")), 404, "NotFound")
		})
	}
}

func TestMediaTypes(t *testing.T) {
	const plain, patch = "application/json", "application/merge-patch+json"
	for name, o := range operations {
		if o.body == "" {
			continue
		}
		for mediaType, ok := range map[string]bool{
			plain: o.method == "POST",
			patch: o.method == "PATCH" || name == "removeParticipant",
			"":    false,
		} {
			s := newScene(t)
			r := s.request(name, s.jane, "", "")
			r.Header.Set("Content-Type", mediaType)
			want := http.StatusUnsupportedMediaType
			if ok {
				want = o.status
			}
			assert.Equal(t, want, serve(s.resource, r).Code, "%s as %q", name, mediaType)
		}
	}
}

func TestScopesOfOperations(t *testing.T) {
	managesThreads := map[string]bool{"createThread": true, "updateThread": true, "deleteThread": true}
	managesParticipants := map[string]bool{"addParticipants": true, "removeParticipant": true}
	for name, o := range operations {
		if strings.HasPrefix(o.path, "/identities") {
			continue
		}
		for scope, ok := range map[string]bool{
			"chat":              true,
			"chat.join":         !managesThreads[name],
			"chat.join.limited": !managesThreads[name] && !managesParticipants[name],
			"voip":              false,
		} {
			s := newScene(t)
			claims := claimsOf(t, s.jane.Token)
			claims["acsScope"] = scope
			want := http.StatusForbidden
			if ok {
				want = o.status
			}
			s.do(t, emulator.User{Token: jwt(hs256, claims)}, name, "", want)
		}
	}
}

func TestOperationsRefuseBadBodies(t *testing.T) {
	large := `"` + strings.Repeat("x", 28*1024+1) + `"`
	kilobyte := `{"metadata":{"k":"` + strings.Repeat("v", 1024) + `"}}`
	for _, c := range []struct{ name, version, body, target string }{ // an empty target means success
		{"updateThread", "", `{}`, ""},
		{"updateThread", "", `{"topic":null}`, "topic"},
		{"updateThread", "", `{"topic":1}`, "topic"},
		{"updateThread", "", `{"metadata":"x"}`, "metadata"},
		{"updateThread", "", `{"metadata":{"k":1}}`, "metadata.k"},
		{"updateThread", "", kilobyte, "metadata"},
		{"updateThread", "2024-03-07", `{"metadata":{}}`, "metadata"},
		{"updateThread", "2024-03-07", `{"metadata":null}`, "metadata"},
		{"updateThread", "2024-03-07", `{"retentionPolicy":null}`, "retentionPolicy"},
		{"updateThread", "2024-03-15-preview", `{"retentionPolicy":{"kind":"none"}}`, "retentionPolicy.kind"},
		{"updateThread", "", `{"retentionPolicy":{"kind":"none"}}`, ""},
		{"updateMessage", "", `{"content":null}`, "content"},
		{"updateMessage", "", `{"content":7}`, "content"},
		{"updateMessage", "", `{"content":""}`, ""},
		{"updateMessage", "", `{"content":` + large + `}`, "content"},
		{"updateMessage", "", `{"metadata":{"k":[]}}`, "metadata.k"},
		{"updateMessage", "", `{"attachments":[]}`, "attachments"},
		{"updateMessage", "", `{"attachments":null}`, "attachments"},
		{"updateMessage", "2024-03-15-preview", `{"attachments":[{"id":"a"}]}`, "attachments[0].attachmentType"},
		{"updateMessage", "2024-03-15-preview", `{"attachments":[{"id":"a","attachmentType":"file"}]}`, ""},
		{"removeParticipant", "", `{}`, "rawId"},
		{"removeParticipant", "", `{"rawId":1}`, "rawId"},
		{"removeParticipant", "", `{"communicationUser":{}}`, "communicationUser.id"},
		{"removeParticipant", "", `{"rawId":"a","communicationUser":{"id":"b"}}`, "rawId"},
		{"removeParticipant", "", `{"communicationUser":{"id":"{U}"}}`, ""},
		{"sendTypingNotification", "", `{"senderDisplayName":1}`, "senderDisplayName"},
		{"sendTypingNotification", "", `{}`, ""},
		{"sendReadReceipt", "", `{}`, "chatMessageId"},
		{"sendReadReceipt", "", `{"chatMessageId":1}`, "chatMessageId"},
		{"addParticipants", "", `{"participants":[{"communicationIdentifier":{"rawId":"x"},"shareHistoryTime":"9999-12-31T23:59:59-01:00"}]}`, "participants[0].shareHistoryTime"},
	} {
		t.Run(c.name+c.version+c.body[:min(len(c.body), 60)], func(t *testing.T) {
			s := newScene(t)
			before := s.Threads()
			r := s.request(c.name, s.jane, "", c.body)
			if c.version != "" {
				r.URL.RawQuery = "api-version=" + c.version
			}
			w := serve(s.resource, r)
			if c.target == "" {
				require.Less(t, w.Code, 300, w.Body)
				return
			}
			requireBadField(t, w, c.target)
			assert.Equal(t, before, s.Threads())
		})
	}
	s := newScene(t)
	for _, name := range []string{"updateThread", "updateMessage", "removeParticipant", "sendReadReceipt"} {
		r := s.request(name, s.jane, "", "")
		r.Body = http.NoBody
		requireError(t, serve(s.resource, r), 400, "BadRequest")
	}
	r := s.request("sendTypingNotification", s.jane, "", "")
	r.Body = http.NoBody
	assert.Equal(t, 200, serve(s.resource, r).Code, "the body is optional")
}

func TestOperationsRefuseBadQueries(t *testing.T) {
	s := newScene(t)
	for _, c := range []struct{ names, query, target string }{
		{"listThreads listMessages listParticipants listReadReceipts", "&maxPageSize=0", "maxPageSize"},
		{"listThreads listMessages listParticipants listReadReceipts", "&maxPageSize=-1", "maxPageSize"},
		{"listThreads listMessages listParticipants listReadReceipts", "&maxPageSize=ten", "maxPageSize"},
		{"listThreads listMessages listParticipants listReadReceipts", "&maxPageSize=1.5", "maxPageSize"},
		{"listThreads listMessages listParticipants listReadReceipts", "&maxPageSize=", "maxPageSize"},
		{"listThreads listMessages listParticipants listReadReceipts", "&maxPageSize=2147483648", "maxPageSize"},
		{"listThreads listMessages listParticipants listReadReceipts", "&maxPageSize=1&maxPageSize=1", "maxPageSize"},
		{"listThreads listMessages listParticipants listReadReceipts", "&maxPageSize=201", ""},
		{"listThreads listMessages listParticipants listReadReceipts", "&syncState=", "syncState"},
		{"listThreads listMessages listParticipants listReadReceipts", "&syncState=abc", "syncState"},
		{"listThreads listMessages", "&startTime=yesterday", "startTime"},
		{"listThreads listMessages", "&startTime=2020-06-06T05:55:41+02:00", "startTime"}, // an unencoded plus is a space
		{"listThreads listMessages", "&startTime=2020-06-06T05:55:41%2B02:00", ""},
		{"listThreads listMessages", "&startTime=0000-01-01T00:00:00%2B02:00", "startTime"},
		{"listParticipants listReadReceipts", "&skip=-1", "skip"},
		{"listParticipants listReadReceipts", "&skip=x", "skip"},
		{"listParticipants listReadReceipts", "&skip=1000", ""},
	} {
		for _, name := range strings.Fields(c.names) {
			w := serve(s.resource, s.request(name, s.jane, c.query, ""))
			if c.target == "" {
				assert.Equal(t, 200, w.Code, name+c.query)
				continue
			}
			requireBadField(t, w, c.target)
		}
	}
}
