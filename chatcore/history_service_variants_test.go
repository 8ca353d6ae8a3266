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

// serveIn has the service answer the request of an exchange, with the ways that a real service may have and the emulator has
// not: it refuses writes to a deleted thread as if to a stranger, lets those read the participants who have left, or gives
// fewer of them in a page than it is asked for.
func (w *world) serveIn(x *exchange) (status int, header http.Header, body string) {
	request, r := x.request, x.job.room
	_, path, inThread := strings.Cut(request.URL, "thread.v2")
	path, _, _ = strings.Cut(path, "?")
	if !inThread {
		return w.serve(request)
	}
	reads := request.Method == "GET"
	if r.deleted && w.weather.gone != "404" && (path != "" || !reads) {
		return http.StatusForbidden, http.Header{}, `{"error":{"code":"Forbidden","message":"Not a participant."}}`
	}
	if r.deleted && w.weather.gone == "403, deletedOn" && reads {
		return http.StatusOK, http.Header{}, `{"id":"` + r.id + `","topic":"T","createdOn":"2025-06-15T00:00:00Z","deletedOn":"2025-06-15T15:06:40Z",` +
			`"createdByCommunicationIdentifier":{"rawId":"` + w.other.ID + `"}}`
	}
	if reads && path == "/participants" {
		if n := w.weather.smallPages; n > 0 {
			request.URL = maxPageSize.ReplaceAllString(request.URL, "maxPageSize="+strconv.Itoa(n))
		}
		if _, left := r.left[w.me.ID]; left && !r.there[w.me.ID] && w.weather.leaversRead {
			request.Header = []chatcore.HeaderField{{Name: "Authorization", Value: "Bearer " + w.other.Token}}
		}
	}
	return w.serve(request)
}
