package emulator

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// The size of pages, of all lists. For messages it is what the service has been seen to do and documents as the most;
// for the other lists nothing is known.
const (
	defaultPageSize = 10
	maxPageSize     = 200
)

// page is what a list operation is asked for.
type page struct {
	em   *Emulator
	call *call
	link string // the list's own URL, without its query
	size int
}

// snapshotPage is a page of a list that stays over all its pages as it was when the first was asked for.
type snapshotPage struct {
	page
	continued bool // it is not the first
	syncState
}

// skippingPage is a page of a list that has no snapshot. If a participant of an earlier page is removed, the others move
// up, and the first of the next page is in neither.
type skippingPage struct {
	page
	skip int
}

// syncState is what a nextLink carries from page to page. That is all there is to a listing under way: the emulator
// remembers none. It is signed, and good only for the list and the user that it was made for.
type syncState struct {
	Operation string    `json:"operation"`
	ThreadID  string    `json:"thread,omitempty"`
	User      string    `json:"user"`
	StartTime time.Time `json:"start,omitzero"`
	Bound     int64     `json:"bound"` // the version that was the latest when the listing began
	Last      int64     `json:"last"`  // the version that ended the page before
}

type collection[T any] struct {
	Value    []T    `json:"value"`
	NextLink string `json:"nextLink,omitempty"`
}

// readPage reads maxPageSize. More than maxPageSize is as much as that.
func (em *Emulator) readPage(c *call, q *query) page {
	return page{
		em:   em,
		call: c,
		link: origin(c.request) + strings.ReplaceAll(c.route.path, "{chatThreadId}", c.parameters["chatThreadId"]),
		size: min(q.integer("maxPageSize", 1, defaultPageSize), maxPageSize),
	}
}

// readSnapshotPage is readPage with startTime and syncState. With a syncState, startTime is what the link has.
func (em *Emulator) readSnapshotPage(c *call) (snapshotPage, *communicationError) {
	q := c.readQuery()
	p := snapshotPage{
		page:      em.readPage(c, q),
		syncState: syncState{Operation: c.route.name, ThreadID: c.parameters["chatThreadId"], User: c.user},
	}
	text, ok := q.string("syncState")
	if !ok {
		p.StartTime = q.time("startTime")
		return p, q.problem
	}
	state, ok := em.readSyncState(p.Operation, text)
	if !ok || state.Operation != p.Operation || state.ThreadID != p.ThreadID || state.User != p.User {
		q.refuse("syncState", "must be that of a nextLink, of this list and for this caller, unchanged")
	}
	p.syncState, p.continued = state, true
	if startTime, _ := q.string("startTime"); startTime != p.startTimeInLink() {
		q.time("startTime")
	}
	return p, q.problem
}

// readSkippingPage is readPage with skip.
func (em *Emulator) readSkippingPage(c *call) (skippingPage, *communicationError) {
	q := c.readQuery()
	p := skippingPage{em.readPage(c, q), q.integer("skip", 0, 0)}
	if q.values.Has("syncState") {
		q.refuse("syncState", "is not for this list, whose nextLinks have skip")
	}
	return p, q.problem
}

// writeSyncState puts the signature at the end, where its size tells it from the rest.
func (em *Emulator) writeSyncState(state syncState) string {
	text, _ := json.Marshal(state) // never fails
	signed := append(text, em.mac(syncStateContext+string(text))...)
	if isOfMessages(state.Operation) {
		return hex.EncodeToString(signed)
	}
	return base64.RawURLEncoding.EncodeToString(signed)
}

func (em *Emulator) readSyncState(operation, text string) (state syncState, ok bool) {
	decode := base64.RawURLEncoding.Strict().DecodeString
	if isOfMessages(operation) {
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
	return state, json.Unmarshal(content, &state) == nil && state.Bound >= 0 && state.Last >= 0
}

// isOfMessages tells the list of messages from that of threads. The links of messages were seen, and their syncState is hex;
// those of threads are known from the documentation, where it is base64.
func isOfMessages(operation string) bool { return operation == "listMessages" }

// syncStateContext keeps these signatures apart from those of tokens, which are of the same key.
const syncStateContext = "syncState:"

// answerPage answers with as many of the items as the page may hold, and the nextLink if some are left. It needs no more
// items than one beyond the page. show is an item's form in the answer.
func answerPage[Item, Shown any](p page, items []Item, show func(Item) Shown, nextLink func(last Item) string) response {
	body := collection[Shown]{Value: []Shown{}}
	for _, item := range items[:min(len(items), p.size)] {
		body.Value = append(body.Value, show(item))
	}
	if len(items) > p.size {
		body.NextLink = nextLink(items[p.size-1])
	}
	return response{status: http.StatusOK, body: body}
}

// answerSnapshotPage is answerPage of the items that come after the page before. version is an item's place in the list's
// order.
func answerSnapshotPage[Item, Shown any](p snapshotPage, items []Item, version func(Item) int64, show func(Item) Shown) response {
	return answerPage(p.page, items, show, func(last Item) string {
		p.Last = version(last)
		return p.nextLink()
	})
}

// answerSkippingPage is answerPage of a whole list.
func answerSkippingPage[Item, Shown any](p skippingPage, items []Item, show func(Item) Shown) response {
	return answerPage(p.page, items[min(p.skip, len(items)):], show, func(Item) string { return p.nextLink() })
}

// nextLink has the forms that the service has been seen to give messages, the thread's id unencoded, and that its
// documentation gives threads.
func (p snapshotPage) nextLink() string {
	link := p.link + "?syncState=" + p.em.writeSyncState(p.syncState)
	version, size := "&api-version="+url.QueryEscape(p.call.version.name), "&maxPageSize="+strconv.Itoa(p.size)
	if !isOfMessages(p.Operation) {
		return link + version + size
	}
	startTime := strings.ReplaceAll(url.QueryEscape(p.startTimeInLink()), "+", "%20")
	return link + "&startTime=" + startTime + size + version
}

// startTimeInLink is not RFC 3339, and loses fractions of seconds. What the listing goes by is in its syncState.
func (s syncState) startTimeInLink() string {
	startTime := s.StartTime
	if startTime.IsZero() {
		startTime = allHistory
	}
	return startTime.Format("1/2/2006 3:04:05 PM -07:00")
}

// nextLink has the form that the service has been seen to give participants. That of read receipts, which have skip too,
// has not been seen.
func (p skippingPage) nextLink() string {
	return p.link + "?skip=" + strconv.Itoa(p.skip+p.size) + "&maxPageSize=" + strconv.Itoa(p.size) + "&api-version=" + url.QueryEscape(p.call.version.name)
}
