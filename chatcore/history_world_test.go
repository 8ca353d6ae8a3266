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

// world is what one history happens in: a service, a machine with a page or two in it, a network between them, and other
// people. All that happens does so in virtual time, one thing after another, and follows from the seed.
type world struct {
	random   *rand.Rand
	log      *strings.Builder // nil: nobody wants to read it
	problems []string

	now          int // milliseconds of nobody's clock
	queue        queue
	eventsQueued int

	service *emulator.Emulator
	me      emulator.User
	other   emulator.User
	third   emulator.User
	thread  *threadModel // the thread that most is about

	machine      machine
	conditions   conditions
	locks        browserLocks
	pages        []*browserPage
	drivers      []*driver // the clients of all pages
	threads      []*threadModel
	watchers     []*watcher
	jobs         []*job
	messageCount int // numbers contents

	eventCounts map[string]int // how often what happened
}

// epoch is when histories begin, in milliseconds since 1970. What was there before is ten minutes older, or two days.
const (
	epoch        = 1_750_000_000_000
	oldStart     = -600_000
	ancientStart = -2 * 86_400_000
)

// machine has the clocks of the pages.
type machine struct {
	clockStopsAsleep bool // the monotonic clock stands still while the machine sleeps
	missedMs         int  // what it has missed
	wallErrorMs      int  // how wrong the time of day is
	maxWallErrorMs   int  // how wrong it was at the worst
	wakesAt          int  // when the machine wakes up, if it sleeps
}

func (w *world) instant() chatcore.Instant {
	return chatcore.Instant(1_000_000 + w.now - w.machine.missedMs)
}
func (w *world) unixMs() int { return epoch + w.now + w.machine.wallErrorMs }

func (w *world) serviceTime() time.Time {
	return time.UnixMilli(int64(epoch + w.now + w.conditions.serviceSkewMs))
}

// room is a thread, and what is known of it without asking the service.
type threadModel struct {
	id                string
	myMessage         string // a message of mine from before
	otherMessage      string // and one of somebody else
	myOldMessage      string // and one of mine from long before
	deleted           bool
	neverMember       bool                      // I was never in it
	wasRemoved        bool                      // I was removed, perhaps to come back
	wasReadded        bool                      // I have come back
	bulkMessages      int                       // how many messages others have sent at once
	isWatched         bool                      // by a watcher
	sentWithoutClient map[string]bool           // messages of mine that no job has sent
	leftAt            map[string]int            // when somebody last left
	members           map[string]bool           // who is in it
	sentBy            map[string]*job           // by the id of the message
	tokenLost         map[string]bool           // messages of mine that were changed and have no token, or none any more
	lastChange        map[string]*messageChange // the last change of a message
	changes           []change                  // what was changed, in its order
	lastMessageChange int                       // when a message was last sent or changed
	visibleFrom       map[string]int            // until when messages are not visible
}

// writing is a change of a message, by a job or somebody else.
type messageChange struct {
	job     *job
	content string // empty: deleted
}

// play lets a history happen, and returns what went wrong in it.
func play(seed uint64, diary *strings.Builder) *world {
	w := &world{random: rand.New(rand.NewPCG(seed, 20)), log: diary, eventCounts: map[string]int{}}
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
	return w
}

// setUp makes the users and their thread.
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

// newRoom has somebody make a thread with others in it.
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

// tell writes into the diary.
func (w *world) logf(format string, args ...any) {
	if w.log != nil {
		fmt.Fprintf(w.log, "%7d  %s\n", w.now, fmt.Sprintf(format, args...))
	}
}

func (w *world) problem(format string, args ...any) {
	w.problems = append(w.problems, fmt.Sprintf(format, args...))
}

func (w *world) chance(p float64) bool { return w.random.Float64() < p }

// between draws a number from low to high.
func (w *world) between(low, high int) int { return low + w.random.IntN(high-low+1) }

func pick[T any](w *world, of ...T) T { return of[w.random.IntN(len(of))] }

// after has something happen so many milliseconds later.
func (w *world) after(ms int, do func()) {
	w.eventsQueued++
	heap.Push(&w.queue, event{w.now + max(ms, 0), w.eventsQueued, do})
}

// here has something happen on the machine: not before it wakes up.
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

// queue is a heap of events.
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
