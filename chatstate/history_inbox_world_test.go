package chatstate_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"sort"
	"strings"
	"time"

	"acschat/chatcore"
	"acschat/chatstate"
	"acschat/emulator"
)

// inboxWorld is a service with several threads, and pages of Jane's that each have an inbox and may have conversations, in virtual time.
type inboxWorld struct {
	*world
	threads []*inboxThread
	pages   []*inboxPage
	perList int // threads per request; 0: the default

	listsLeft     bool // the list has threads that Jane was removed from
	missesThreads bool // the list misses a thread now and then
	queues        map[string][]*queueRequest

	jumped, jumpedTo int // by which the clock has jumped in the present run, and to where
}

// inboxThread is a thread of the service.
type inboxThread struct {
	id, topic string
	isLarge   bool // it has no read receipts
	isRemoved bool // Jane is not a participant
	isDeleted bool
	everLeft  bool
	isHidden  bool // Jane does not see all messages
}

type queueRequest struct{ granted func() }

func newInboxWorld(seed uint64, log *strings.Builder) *inboxWorld {
	w := &world{random: rand.New(rand.NewPCG(seed, 16)), log: log, answers: map[string]served{}}
	w.storage = &storage{queues: map[string]map[string]chatstate.Record{}, problem: w.problem}
	w.service = emulator.New(emulator.Options{Clock: func() time.Time { return time.UnixMilli(epoch + int64(w.now)) }})
	w.jane, w.alex = w.service.NewUser(), w.service.NewUser()
	w.durable = w.chance(0.6)
	return &inboxWorld{world: w, perList: 3, listsLeft: w.chance(0.2), missesThreads: true, queues: map[string][]*queueRequest{}}
}

// createThread creates a thread of Alex and Jane. A large one has further participants.
func (w *inboxWorld) createThread(isLarge bool) *inboxThread {
	w.number++
	t := &inboxThread{topic: fmt.Sprintf("T%d", w.number), isLarge: isLarge}
	members := fmt.Sprintf(`{"communicationIdentifier":{"rawId":%q}}`, w.jane.ID)
	for range 22 {
		if isLarge {
			members += fmt.Sprintf(`,{"communicationIdentifier":{"rawId":%q}}`, w.service.NewUser().ID)
		}
	}
	_, body := w.ask(w.alex, "POST", "", fmt.Sprintf(`{"topic":%q,"participants":[%s]}`, t.topic, members))
	var created struct {
		ChatThread struct{ ID string } `json:"chatThread"`
	}
	if err := json.Unmarshal([]byte(body), &created); err != nil {
		panic(err)
	}
	t.id = created.ChatThread.ID
	w.note("thread %d is %s, large: %v", len(w.threads), t.id, isLarge)
	w.threads = append(w.threads, t)
	return t
}

func (t *inboxThread) path() string { return "/" + url.PathEscape(t.id) }

func (w *inboxWorld) thread(id string) *inboxThread {
	for _, t := range w.threads {
		if t.id == id {
			return t
		}
	}
	return nil
}

// storedIn returns the messages of a thread, by id, as Alex sees them.
func (w *inboxWorld) storedIn(t *inboxThread) []chatcore.ChatMessage {
	w.world.thread = t.id
	return w.stored()
}

func (w *inboxWorld) writes(user emulator.User, t *inboxThread) {
	w.number++
	status, _ := w.ask(user, "POST", t.path()+"/messages", fmt.Sprintf(`{"content":"m%d"}`, w.number))
	w.note("%s writes m%d to %s: %d", user.ID[len(user.ID)-4:], w.number, w.short(t.id), status)
	if w.chance(0.3) {
		w.hint(t)
	}
}

// hint gives the pages a hint about a thread: a true, late, early or false one.
func (w *inboxWorld) hint(t *inboxThread) {
	version := ""
	if w.chance(0.8) {
		version = fmt.Sprint(epoch + int64(w.now) + int64(w.random.IntN(4000)) - 2000)
	}
	if stored := w.storedIn(t); len(stored) > 0 && w.chance(0.6) {
		version = stored[len(stored)-1].Version
	}
	w.after(w.random.IntN(4000), func() {
		for _, p := range w.pages {
			if !p.isGone && !p.isFrozen {
				w.note("page %d gets a hint about %s: %q", p.number, w.short(t.id), version)
				p.client.Wake(w.instant(), t.id, chatcore.WakeOptions{Version: version})
				p.inbox.Wake(w.instant(), t.id, version)
				p.pump()
			}
		}
	})
}

func (w *inboxWorld) short(id string) string {
	for i, t := range w.threads {
		if t.id == id {
			return fmt.Sprintf("thread %d", i)
		}
	}
	return id
}

// alexChanges edits or deletes a message of Alex's.
func (w *inboxWorld) alexChanges(t *inboxThread) {
	var ids []string
	for _, m := range w.storedIn(t) {
		if m.SenderCommunicationIdentifier != nil && m.SenderCommunicationIdentifier.RawID == w.alex.ID && m.DeletedOn == "" {
			ids = append(ids, m.ID)
		}
	}
	if len(ids) == 0 {
		return
	}
	id := ids[w.random.IntN(len(ids))]
	if w.chance(0.4) {
		id = ids[len(ids)-1]
	}
	method, body := "PATCH", `{"content":"edited"}`
	if w.chance(0.5) {
		method, body = "DELETE", ""
	}
	w.note("alex: %s %s in %s", method, id, w.short(t.id))
	w.ask(w.alex, method, t.path()+"/messages/"+id, body)
}

func (w *inboxWorld) alexNames(t *inboxThread) {
	w.number++
	topic := fmt.Sprintf("T%d", w.number)
	if status, _ := w.ask(w.alex, "PATCH", t.path(), fmt.Sprintf(`{"topic":%q}`, topic)); status < 300 {
		t.topic = topic
		w.note("%s is called %s", w.short(t.id), topic)
	}
}

func (w *inboxWorld) alexRemoves(t *inboxThread) {
	if t.isDeleted {
		return
	}
	identifier := fmt.Sprintf(`{"rawId":%q}`, w.jane.ID)
	path, body := "/participants/:remove", identifier
	if t.isRemoved {
		since := ""
		if !w.listsLeft && w.chance(0.3) { // she does not see the message that says so
			since = fmt.Sprintf(`,"shareHistoryTime":%q`, time.UnixMilli(epoch+int64(w.now)+2000).UTC().Format(time.RFC3339))
			t.isHidden = true
			if w.chance(0.5) {
				w.after(4000, func() { w.writes(w.alex, t) })
			}
		}
		path, body = "/participants/:add", `{"participants":[{"communicationIdentifier":`+identifier+since+`}]}`
	}
	if status, _ := w.ask(w.alex, "POST", t.path()+path, body); status < 300 {
		t.isRemoved, t.everLeft = !t.isRemoved, true
	}
	w.note("jane is removed from %s: %v", w.short(t.id), t.isRemoved)
}

func (w *inboxWorld) alexDeletes(t *inboxThread) {
	w.note("alex deletes %s", w.short(t.id))
	w.ask(w.alex, "DELETE", t.path(), "")
	t.isDeleted, t.everLeft = true, true
}

// listed returns the body of a page of the list with what the real service may do: it has threads that Jane was removed from, and misses
// a thread that has moved while the list was read.
func (p *inboxPage) listed(body string) string {
	w := p.w
	p.listedPages++
	var page struct {
		Value    []map[string]string `json:"value"`
		NextLink string              `json:"nextLink,omitempty"`
	}
	if err := json.Unmarshal([]byte(body), &page); err != nil {
		panic(err)
	}
	for _, t := range w.threads {
		if w.listsLeft && page.NextLink == "" && t.isRemoved && !t.isDeleted {
			page.Value = append(page.Value, map[string]string{"id": t.id, "topic": t.topic, "lastMessageReceivedOn": "2025-06-15T15:06:39Z"})
		}
	}
	if i := w.random.IntN(100); w.missesThreads && i < len(page.Value) {
		id := page.Value[i]["id"]
		if last, ok := p.missedAt[id]; !w.thread(id).isRemoved && (!ok || last < p.listedPages-40) { // not in two listings in a row
			p.missedAt[id] = p.listedPages
			page.Value = append(page.Value[:i], page.Value[i+1:]...)
			w.note("page %d: the list misses %s", p.number, w.short(id))
		}
	}
	changed, err := json.Marshal(page)
	if err != nil {
		panic(err)
	}
	return string(changed)
}

// otherDeviceReads sends a receipt of Jane's from another device.
func (w *inboxWorld) otherDeviceReads(t *inboxThread) {
	stored := w.storedIn(t)
	if len(stored) == 0 {
		return
	}
	id := stored[w.random.IntN(len(stored))].ID
	status, _ := w.ask(w.jane, "POST", t.path()+"/readReceipts", fmt.Sprintf(`{"chatMessageId":%q}`, id))
	w.note("jane reads %s in %s on another device: %d", id, w.short(t.id), status)
}

// markInStorage returns how far Jane has read, as far as the storage tells.
func (w *inboxWorld) markInStorage(t *inboxThread) int {
	record := w.storage.queues[chatstate.QueuePrefix(origin, w.jane.ID)+t.id]["mark"]
	return number(strings.TrimPrefix(record.Text, "1\n"))
}

// receiptOf returns how far Jane has read, as far as the service tells.
func (w *inboxWorld) receiptOf(t *inboxThread) (mark int) {
	_, body := w.ask(w.alex, "GET", t.path()+"/readReceipts", "")
	var receipts struct {
		Value []struct {
			ChatMessageID                 string
			SenderCommunicationIdentifier struct{ RawID string }
		}
	}
	if err := json.Unmarshal([]byte(body), &receipts); err != nil {
		panic(err)
	}
	for _, receipt := range receipts.Value {
		if receipt.SenderCommunicationIdentifier.RawID == w.jane.ID {
			mark = number(receipt.ChatMessageID)
		}
	}
	return mark
}

// lockQueue waits for the lock of a queue, which a page that has gone gives back.
func (w *inboxWorld) lockQueue(p *inboxPage, name string, granted func()) (release func()) {
	r := &queueRequest{granted: granted}
	w.queues[name] = append(w.queues[name], r)
	grant := func() {
		if requests := w.queues[name]; len(requests) > 0 && requests[0].granted != nil {
			granted := requests[0].granted
			requests[0].granted = nil
			w.after(0, granted)
		}
	}
	release = func() {
		for i, other := range w.queues[name] {
			if other == r {
				w.queues[name] = append(w.queues[name][:i:i], w.queues[name][i+1:]...)
				grant()
				return
			}
		}
	}
	p.releases = append(p.releases, release)
	grant()
	return release
}

// sortedIDs returns the keys of a map of threads in the order of their creation.
func (w *inboxWorld) sortedIDs(threads map[string]*chatstate.Conversation) (ids []string) {
	for id := range threads {
		ids = append(ids, id)
	}
	sort.Slice(ids, func(i, j int) bool { return w.short(ids[i]) < w.short(ids[j]) })
	return ids
}
