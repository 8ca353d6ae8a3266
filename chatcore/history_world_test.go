//go:build !js

package chatcore_test

import (
	"cmp"
	"container/heap"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"acschat/chatcore"
	"acschat/emulator"
)

// world simulates one history: a service, a machine with one or more pages, a network between them, and other users. Events
// happen one after another in virtual time, and all of them follow from the seed.
type world struct {
	random   *rand.Rand
	log      *strings.Builder // nil: not kept
	problems []string

	now          int // virtual time in milliseconds
	queue        queue
	eventsQueued int

	service *emulator.Emulator
	me      emulator.User // the clients' user
	other   emulator.User
	third   emulator.User
	thread  *threadModel // the main thread

	machine      machine
	conditions   conditions
	locks        browserLocks
	pages        []*browserPage
	drivers      []*driver // of all pages
	threads      []*threadModel
	watchers     []*watcher
	jobs         []*job
	messageCount int // makes contents unique

	eventCounts map[string]int // by the event's name
}

// epoch is when histories begin, in milliseconds since 1970. Messages from before were sent at oldStart or ancientStart.
const (
	epoch        int64 = 1_750_000_000_000
	oldStart           = -600_000
	ancientStart       = -2 * 86_400_000
)

// machine has the clocks that its pages share.
type machine struct {
	clockStopsAsleep bool // the monotonic clock stands still while the machine sleeps
	missedMs         int  // time that the monotonic clock has missed
	wallErrorMs      int  // current error of the time of day
	maxWallErrorMs   int  // largest error so far
	wakesAt          int  // when the machine wakes up; in the past if it is awake
}

func (w *world) instant() chatcore.Instant {
	return chatcore.Instant(1_000_000 + w.now - w.machine.missedMs)
}
func (w *world) unixMs() int64 { return epoch + int64(w.now+w.machine.wallErrorMs) }

func (w *world) serviceTime() time.Time {
	return time.UnixMilli(epoch + int64(w.now+w.conditions.serviceSkewMs))
}

// threadModel is a thread, and its expected state.
type threadModel struct {
	id                string
	myMessage         string // an older message of w.me
	otherMessage      string // an older message of w.other
	myOldMessage      string // a much older message of w.me
	deleted           bool
	neverMember       bool                      // w.me was never in the thread
	wasRemoved        bool                      // w.me was removed, and perhaps added again
	wasReadded        bool                      // w.me was added again
	bulkMessages      int                       // how many messages another user has sent at once
	isWatched         bool                      // there is a watcher
	sentWithoutClient map[string]bool           // messages of w.me that no job has sent, by id
	leftAt            map[string]int            // when each user last left
	members           map[string]bool           // the participants
	sentBy            map[string]*job           // the job that has sent a message, by id
	tokenLost         map[string]bool           // changed messages of w.me without a token, by id
	lastChange        map[string]*messageChange // by message id
	changes           []change                  // all changes, in order
	lastMessageChange int                       // when a message was last sent or changed
	visibleFrom       map[string]int            // when each message becomes visible
}

// messageChange is a change of a message. job is nil if no job made it.
type messageChange struct {
	job     *job
	content string // empty: deleted
}

// play plays a history and checks it. Problems are in the returned world.
func play(seed uint64, log *strings.Builder) *world {
	w := &world{random: rand.New(rand.NewPCG(seed, 20)), log: log, eventCounts: map[string]int{}}
	w.locks = browserLocks{w: w, waiting: map[string][]*lockRequest{}}
	w.conditions = w.drawConditions()
	w.setUp()
	w.schedule()
	for w.queue.Len() > 0 && w.eventsQueued < 100_000 {
		next := heap.Pop(&w.queue).(event)
		w.now = next.at
		w.eventsQueued++
		next.do()
	}
	w.check()
	if len(w.problems) == 0 {
		w.playTrust(seed)
	}
	return w
}

// setUp creates the users and their thread.
func (w *world) setUp() {
	w.now = ancientStart
	w.service = emulator.New(emulator.Options{Clock: w.serviceTime, EditsDropMetadata: w.conditions.editsDropMetadata})
	users := []*emulator.User{&w.me, &w.other, &w.third}
	for _, user := range users {
		*user = w.service.NewUser()
	}
	w.thread = w.newThread(w.other, w.me, w.third)
	w.thread.myOldMessage = w.post(w.thread, w.me, "ancient")
	w.now = oldStart
	for _, user := range users {
		user.Token = w.accessTokenFor(user.Token, 86400, "chat")
	}
	w.thread.otherMessage = w.post(w.thread, w.other, "old")
	w.thread.myMessage = w.post(w.thread, w.me, "old")
	w.now = 0
}

// newThread creates a thread with participants.
func (w *world) newThread(creator emulator.User, others ...emulator.User) *threadModel {
	tm := &threadModel{leftAt: map[string]int{}, members: map[string]bool{}, sentBy: map[string]*job{}, tokenLost: map[string]bool{}, lastChange: map[string]*messageChange{}, visibleFrom: map[string]int{}, sentWithoutClient: map[string]bool{}}
	var members []string
	for _, user := range others {
		members = append(members, participant(user.ID, ""))
		tm.members[user.ID] = true
	}
	tm.members[creator.ID] = true
	tm.neverMember = !tm.members[w.me.ID]
	_, header, _ := w.requestAs(creator, "POST", "", `{"topic":"T","participants":[`+strings.Join(members, ",")+`]}`)
	tm.id = lastSegmentOf(header.Get("Location"))
	w.threads = append(w.threads, tm)
	return tm
}

func participant(id, shareHistoryTime string) string {
	if shareHistoryTime != "" {
		shareHistoryTime = `,"shareHistoryTime":"` + shareHistoryTime + `"`
	}
	return `{"communicationIdentifier":{"rawId":"` + id + `"}` + shareHistoryTime + `}`
}

// logf writes to the log, if there is one.
func (w *world) logf(format string, args ...any) {
	if w.log != nil {
		fmt.Fprintf(w.log, "%7d  %s\n", w.now, fmt.Sprintf(format, args...))
	}
}

func (w *world) problem(format string, args ...any) {
	w.problems = append(w.problems, fmt.Sprintf(format, args...))
}

func (w *world) chance(p float64) bool { return w.random.Float64() < p }

// between draws a number from low to high, both included.
func (w *world) between(low, high int) int { return low + w.random.IntN(high-low+1) }

func pick[T any](w *world, of ...T) T { return of[w.random.IntN(len(of))] }

// after runs do after so many milliseconds.
func (w *world) after(ms int, do func()) {
	w.eventsQueued++
	heap.Push(&w.queue, event{w.now + max(ms, 0), w.eventsQueued, do})
}

// afterWake is after for events on the machine: if it sleeps then, do runs when it wakes up.
func (w *world) afterWake(ms int, do func()) {
	w.after(ms, func() {
		if w.now < w.machine.wakesAt {
			w.afterWake(w.machine.wakesAt-w.now, do)
		} else {
			do()
		}
	})
}

type event struct {
	at, order int
	do        func()
}

// queue is a heap of events, the next one first.
type queue []event

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return cmp.Or(q[i].at-q[j].at, q[i].order-q[j].order) < 0 }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(e any)        { *q = append(*q, e.(event)) }
func (q *queue) Pop() any {
	last := len(*q) - 1
	e := (*q)[last]
	(*q)[last] = event{}
	*q = (*q)[:last]
	return e
}
