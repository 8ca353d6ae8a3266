//go:build !js

package chatcore_test

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"acschat/chatcore"
)

var maxPageSize = regexp.MustCompile(`maxPageSize=\d+`)

// serveExchange returns the service's answer to an exchange. It adds behaviour that the real service may have and the emulator
// has not: it may refuse writes to a deleted thread with 403, let users who have left list the participants, or return fewer
// participants in a page than requested.
func (w *world) serveExchange(x *exchange) (status int, header http.Header, body string) {
	request, tm := x.request, x.job.thread
	_, path, inThread := strings.Cut(request.URL, "thread.v2")
	path, _, _ = strings.Cut(path, "?")
	if !inThread {
		return w.serve(request)
	}
	reads := request.Method == "GET"
	if tm.deleted && w.conditions.deletedThreadAnswer != "404" && (path != "" || !reads) {
		return http.StatusForbidden, http.Header{}, `{"error":{"code":"Forbidden","message":"Not a participant."}}`
	}
	if tm.deleted && w.conditions.deletedThreadAnswer == "403, deletedOn" && reads {
		return http.StatusOK, http.Header{}, `{"id":"` + tm.id + `","topic":"T","createdOn":"2025-06-15T00:00:00Z","deletedOn":"2025-06-15T15:06:40Z",` +
			`"createdByCommunicationIdentifier":{"rawId":"` + w.other.ID + `"}}`
	}
	if reads && path == "/participants" {
		if n := w.conditions.maxParticipantsPage; n > 0 {
			request.URL = maxPageSize.ReplaceAllString(request.URL, "maxPageSize="+strconv.Itoa(n))
		}
		if _, left := tm.leftAt[w.me.ID]; left && !tm.members[w.me.ID] && w.conditions.leaversMayList {
			request.Header = []chatcore.HeaderField{{Name: "Authorization", Value: "Bearer " + w.other.Token}}
		}
	}
	return w.serve(request)
}
