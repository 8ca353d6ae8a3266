package emulator

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Page sizes of all lists. For messages the default was observed at the service, and the maximum is documented. For the
// other lists nothing is known.
const (
	defaultPageSize = 10
	maxPageSize     = 200
)

// pageRequest is the request for a page of a list.
type pageRequest struct {
	em   *Emulator
	call *call
	link string // the list's own URL, without its query
	size int
}

// snapshotPageRequest is the request for a page of a list with a snapshot: all its pages show the list as it was when the first
// page was requested.
type snapshotPageRequest struct {
	pageRequest
	continued bool // this is not the first page
	syncState
}

// skipPageRequest is the request for a page of a list without a snapshot. If a participant on an earlier page is removed, the
// following ones move up by one, and the first one of the next page appears on no page.
type skipPageRequest struct {
	pageRequest
	skip int
}

// syncState is the position in a list, which the nextLink carries. The emulator itself stores no positions. A syncState is
// signed, and valid only for the list and the user that it was made for.
type syncState struct {
	Operation       string    `json:"operation"`
	ThreadID        string    `json:"thread,omitempty"`
	User            string    `json:"user"`
	StartTime       time.Time `json:"start,omitzero"`
	SnapshotVersion int64     `json:"bound"` // the emulator's latest version when the list began
	LastVersion     int64     `json:"last"`  // the version of the last item of the previous page
}

type collection[T any] struct {
	Value    []T    `json:"value"`
	NextLink string `json:"nextLink,omitempty"`
}

// readPage reads the query parameter maxPageSize. Larger values count as maxPageSize.
func (em *Emulator) readPage(c *call, q *query) pageRequest {
	return pageRequest{
		em:   em,
		call: c,
		link: c.request.origin() + strings.ReplaceAll(c.route.path, "{chatThreadId}", c.parameters["chatThreadId"]),
		size: min(q.integer("maxPageSize", 1, defaultPageSize), maxPageSize),
	}
}

// readSnapshotPage does the same as readPage, and reads startTime and syncState. If there is a syncState, its start time
// applies, and the startTime of a nextLink, which has another form, is allowed.
func (em *Emulator) readSnapshotPage(c *call) (snapshotPageRequest, *communicationError) {
	q := c.readQuery()
	p := snapshotPageRequest{
		pageRequest: em.readPage(c, q),
		syncState:   syncState{Operation: c.route.name, ThreadID: c.parameters["chatThreadId"], User: c.user},
	}
	text, ok := q.string("syncState")
	if !ok {
		p.StartTime = q.time("startTime")
		return p, q.problem
	}
	state, ok := em.readSyncState(p.Operation, text)
	if !ok || state.Operation != p.Operation || state.ThreadID != p.ThreadID || state.User != p.User {
		q.refuse("syncState", "must come unchanged from a nextLink of this list that was made for this caller")
	}
	p.syncState, p.continued = state, true
	if startTime, _ := q.string("startTime"); startTime != p.startTimeInLink() {
		q.time("startTime")
	}
	return p, q.problem
}

// readSkipPage does the same as readPage, and reads skip.
func (em *Emulator) readSkipPage(c *call) (skipPageRequest, *communicationError) {
	q := c.readQuery()
	p := skipPageRequest{em.readPage(c, q), q.integer("skip", 0, 0)}
	if q.values.Has("syncState") {
		q.refuse("syncState", "is not supported by this list: its nextLinks use skip")
	}
	return p, q.problem
}

// writeSyncState encodes and signs a syncState. The signature is at the end and has a fixed size.
func (em *Emulator) writeSyncState(state syncState) string {
	text, _ := json.Marshal(state) // never fails
	signed := append(text, em.mac(syncStateContext+string(text))...)
	if listsMessages(state.Operation) {
		return hex.EncodeToString(signed)
	}
	return base64.RawURLEncoding.EncodeToString(signed)
}

func (em *Emulator) readSyncState(operation, text string) (state syncState, ok bool) {
	decode := base64.RawURLEncoding.Strict().DecodeString
	if listsMessages(operation) {
		decode = hex.DecodeString
	}
	signed, err := decode(text)
	if err != nil || len(signed) < sha256.Size {
		return state, false
	}
	content, signature := signed[:len(signed)-sha256.Size], signed[len(signed)-sha256.Size:]
	if !hmac.Equal(signature, em.mac(syncStateContext+string(content))) {
		return state, false
	}
	return state, json.Unmarshal(content, &state) == nil && state.SnapshotVersion >= 0 && state.LastVersion >= 0
}

// listsMessages reports whether an operation lists messages rather than threads. Their syncStates differ: in the nextLinks of
// messages that were observed it is hexadecimal, and in the documented ones of threads it is base64.
func listsMessages(operation string) bool { return operation == "listMessages" }

// syncStateContext is signed together with a syncState. So its signature cannot be one of a token, which has the same key.
const syncStateContext = "syncState:"

// answerPage returns the response with the first items, up to the page's size, and a nextLink if there are more. So items
// needs only one item more than the page has. toREST converts an item to its form in the response.
func answerPage[Item, RESTItem any](p pageRequest, items []Item, toREST func(Item) RESTItem, nextLink func(last Item) string) response {
	body := collection[RESTItem]{Value: []RESTItem{}}
	for _, item := range items[:min(len(items), p.size)] {
		body.Value = append(body.Value, toREST(item))
	}
	if len(items) > p.size {
		body.NextLink = nextLink(items[p.size-1])
	}
	return response{status: statusOK, body: body}
}

// answerSnapshotPage returns a page of a list with a snapshot. items are those after the previous page. version returns an
// item's version, by which the list is sorted.
func answerSnapshotPage[Item, RESTItem any](p snapshotPageRequest, items []Item, version func(Item) int64, toREST func(Item) RESTItem) response {
	return answerPage(p.pageRequest, items, toREST, func(last Item) string {
		p.LastVersion = version(last)
		return p.nextLink()
	})
}

// answerSkipPage returns a page of a list without a snapshot. items is the whole list.
func answerSkipPage[Item, RESTItem any](p skipPageRequest, items []Item, toREST func(Item) RESTItem) response {
	return answerPage(p.pageRequest, items[min(p.skip, len(items)):], toREST, func(Item) string { return p.nextLink() })
}

// nextLink returns the URL of the next page. For messages it has the form observed at the service, where the thread's id is
// not percent-encoded; for threads it has the documented form.
func (p snapshotPageRequest) nextLink() string {
	link := p.link + "?syncState=" + p.em.writeSyncState(p.syncState)
	version, size := "&api-version="+url.QueryEscape(p.call.version.name), "&maxPageSize="+strconv.Itoa(p.size)
	if !listsMessages(p.Operation) {
		return link + version + size
	}
	startTime := strings.ReplaceAll(url.QueryEscape(p.startTimeInLink()), "+", "%20")
	return link + "&startTime=" + startTime + size + version
}

// startTimeInLink returns startTime in the form that nextLinks have. The form is not RFC 3339 and has no fractions of seconds,
// but the exact time is in the syncState.
func (s syncState) startTimeInLink() string {
	startTime := s.StartTime
	if startTime.IsZero() {
		startTime = allHistory
	}
	return startTime.Format("1/2/2006 3:04:05 PM -07:00")
}

// nextLink returns the URL of the next page. The form was observed at the service for participants. For read receipts, which
// also use skip, it is assumed.
func (p skipPageRequest) nextLink() string {
	return p.link + "?skip=" + strconv.Itoa(p.skip+p.size) + "&maxPageSize=" + strconv.Itoa(p.size) + "&api-version=" + url.QueryEscape(p.call.version.name)
}
