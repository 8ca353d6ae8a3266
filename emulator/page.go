package emulator

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
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
	em        *Emulator
	call      *call
	link      string // the list's own URL, without its query
	size      int
	continued bool // it is not the first
	syncState
}

// syncState is what a nextLink carries from page to page. That is all there is to a listing under way: the emulator
// remembers none. It is signed, and good only for the list and the user that it was made for.
type syncState struct {
	Operation string    `json:"operation"`
	ThreadID  string    `json:"thread,omitempty"`
	User      string    `json:"user"`
	StartTime time.Time `json:"start,omitzero"`
	Bound     int64     `json:"bound,omitempty"` // the version that was the latest when the listing began
	Last      int64     `json:"last"`            // what ended the page before: a version or a number, as the list is ordered
}

type collection[T any] struct {
	Value    []T    `json:"value"`
	NextLink string `json:"nextLink,omitempty"`
}

// readPage reads maxPageSize and syncState. More than maxPageSize is as much as that.
func (em *Emulator) readPage(c *call, q *query) page {
	p := page{
		em:        em,
		call:      c,
		link:      origin(c.request) + strings.ReplaceAll(c.route.path, "{chatThreadId}", c.parameters["chatThreadId"]),
		size:      min(q.integer("maxPageSize", 1, defaultPageSize), maxPageSize),
		syncState: syncState{Operation: c.route.name, ThreadID: c.parameters["chatThreadId"], User: c.user},
	}
	text, ok := q.string("syncState")
	if !ok {
		return p
	}
	state, ok := em.readSyncState(text)
	if !ok || state.Operation != p.Operation || state.ThreadID != p.ThreadID || state.User != p.User {
		q.refuse("syncState", "must be that of a nextLink, of this list and for this caller, unchanged")
		return p
	}
	p.syncState, p.continued = state, true
	return p
}

// readPageSince is readPage of a list that has a startTime, too.
func (em *Emulator) readPageSince(c *call) (page, *communicationError) {
	q := c.readQuery()
	p := em.readPage(c, q)
	if startTime := q.time("startTime"); !p.continued {
		p.StartTime = startTime
	}
	return p, q.problem
}

// readPageAfter is readPage of a list whose first items can be left out, and how many are to be.
func (em *Emulator) readPageAfter(c *call) (p page, count int, failure *communicationError) {
	q := c.readQuery()
	p, count = em.readPage(c, q), q.integer("skip", 0, 0)
	return p, count, q.problem
}

// skip leaves out the first of the items, where the list begins.
func skip[Item any](p page, count int, items []Item) []Item {
	if p.continued {
		return items
	}
	return items[min(count, len(items)):]
}

// writeSyncState puts the signature at the end, where its size tells it from the rest.
func (em *Emulator) writeSyncState(state syncState) string {
	text, _ := json.Marshal(state) // never fails
	return base64.RawURLEncoding.EncodeToString(append(text, em.mac(syncStateContext+string(text))...))
}

func (em *Emulator) readSyncState(text string) (state syncState, ok bool) {
	signed, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(signed) < sha256.Size {
		return state, false
	}
	content, signature := signed[:len(signed)-sha256.Size], signed[len(signed)-sha256.Size:]
	if !hmac.Equal(signature, em.mac(syncStateContext+string(content))) {
		return state, false
	}
	return state, json.Unmarshal(content, &state) == nil && state.Bound >= 0 && state.Last >= 0
}

// syncStateContext keeps these signatures apart from those of tokens, which are of the same key.
const syncStateContext = "syncState:"

// answerPage answers with as many of the items as the page may hold, and a nextLink if some are left. Of the items one
// more than that is enough. position is an item's place in the list's order, show its form in the answer.
func answerPage[Item, Shown any](p page, items []Item, position func(Item) int64, show func(Item) Shown) response {
	body := collection[Shown]{Value: []Shown{}}
	for _, item := range items[:min(len(items), p.size)] {
		body.Value = append(body.Value, show(item))
	}
	if len(items) > p.size {
		p.Last = position(items[p.size-1])
		body.NextLink = p.nextLink()
	}
	return response{status: http.StatusOK, body: body}
}

// nextLink leaves the thread's id as it is, as the service does.
func (p page) nextLink() string {
	return p.link + "?syncState=" + p.em.writeSyncState(p.syncState) +
		"&api-version=" + url.QueryEscape(p.call.version.name) + "&maxPageSize=" + strconv.Itoa(p.size)
}
