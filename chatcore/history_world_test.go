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
	diary    *strings.Builder // nil: nobody wants to read it
	problems []string

	now    int // milliseconds of nobody's clock
	queue  queue
	events int

	service *emulator.Emulator
	me      emulator.User
	other   emulator.User
	third   emulator.User
	room    *room // the thread that most is about

	machine  machine
	weather  weather
	locks    locks
	pages    []*window
	tabs     []*tab // the clients of all pages
	rooms    []*room
	watchers []*watcher
	jobs     []*job
	messages int // numbers contents

	happenings map[string]int // how often what happened
}

// epoch is when histories begin, in milliseconds since 1970. What was there before is ten minutes older, or two days.
const (
	epoch   = 1_750_000_000_000
	before  = -600_000
	ancient = -2 * 86_400_000
)

// machine has the clocks of the pages.
type machine struct {
	stops bool // the monotonic clock stands still while the machine sleeps
	slept int  // what it has missed
	wall  int  // how wrong the time of day is
	wrong int  // how wrong it was at the worst
	awake int  // when the machine wakes up, if it sleeps
}

func (w *world) instant() chatcore.Instant {
	return chatcore.Instant(1_000_000 + w.now - w.machine.slept)
}
func (w *world) unixMs() int { return epoch + w.now + w.machine.wall }

func (w *world) serviceTime() time.Time { return time.UnixMilli(int64(epoch + w.now + w.weather.skew)) }

// room is a thread, and what is known of it without asking the service.
type room struct {
	id      string
	old     string // a message of mine from before
	oldest  string // and one of somebody else
	ancient string // and one of mine from long before
	deleted bool
	never   bool                // I was never in it
	cut     bool                // I was removed, perhaps to come back
	back    bool                // I have come back
	flood   int                 // how many messages others have sent at once
	watched bool                // by a watcher
	mine    map[string]bool     // messages of mine that no job has sent
	left    map[string]int      // when somebody last left
	there   map[string]bool     // who is in it
	sent    map[string]*job     // by the id of the message
	lost    map[string]bool     // messages of mine that were changed and have no token, or none any more
	written map[string]*writing // the last change of a message
	landed  []landing           // what was changed, in its order
	changed int                 // when a message was last sent or changed
	hidden  map[string]int      // until when messages are not visible
}

// writing is a change of a message, by a job or somebody else.
type writing struct {
	job     *job
	content string // empty: deleted
}

// play lets a history happen, and returns what went wrong in it.
func play(seed uint64, diary *strings.Builder) *world {
	w := &world{random: rand.New(rand.NewPCG(seed, 20)), diary: diary, happenings: map[string]int{}}
	w.locks = locks{w: w, waiting: map[string][]*claim{}}
	w.weather = w.forecast()
	w.setUp()
	w.plan()
	for w.queue.Len() > 0 && w.events < 100_000 {
		next := heap.Pop(&w.queue).(event)
		w.now = next.at
		w.events++
		next.do()
	}
	w.check()
	return w
}

// setUp makes the users and their thread.
func (w *world) setUp() {
	w.now = ancient
	w.service = emulator.New(emulator.Options{Clock: w.serviceTime, EditsDropMetadata: w.weather.editsDropMetadata})
	users := []*emulator.User{&w.me, &w.other, &w.third}
	for _, user := range users {
		*user = w.service.NewUser()
	}
	w.room = w.newRoom(w.other, w.me, w.third)
	w.room.ancient = w.post(w.room, w.me, "ancient")
	w.now = before
	for _, user := range users {
		user.Token = w.tokenOf(user.Token, 86400, "chat")
	}
	w.room.oldest = w.post(w.room, w.other, "old")
	w.room.old = w.post(w.room, w.me, "old")
	w.now = 0
}

// newRoom has somebody make a thread with others in it.
func (w *world) newRoom(creator emulator.User, others ...emulator.User) *room {
	r := &room{left: map[string]int{}, there: map[string]bool{}, sent: map[string]*job{}, lost: map[string]bool{}, written: map[string]*writing{}, hidden: map[string]int{}, mine: map[string]bool{}}
	var members []string
	for _, user := range others {
		members = append(members, participant(user.ID, ""))
		r.there[user.ID] = true
	}
	r.there[creator.ID] = true
	r.never = !r.there[w.me.ID]
	_, header, _ := w.ask(creator, "POST", "", `{"topic":"T","participants":[`+strings.Join(members, ",")+`]}`)
	r.id = lastSegmentOf(header.Get("Location"))
	w.rooms = append(w.rooms, r)
	return r
}

func participant(id, shareHistoryTime string) string {
	if shareHistoryTime != "" {
		shareHistoryTime = `,"shareHistoryTime":"` + shareHistoryTime + `"`
	}
	return `{"communicationIdentifier":{"rawId":"` + id + `"}` + shareHistoryTime + `}`
}

// tell writes into the diary.
func (w *world) tell(format string, args ...any) {
	if w.diary != nil {
		fmt.Fprintf(w.diary, "%7d  %s\n", w.now, fmt.Sprintf(format, args...))
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
	w.events++
	heap.Push(&w.queue, event{w.now + max(ms, 0), w.events, do})
}

// here has something happen on the machine: not before it wakes up.
func (w *world) here(ms int, do func()) {
	w.after(ms, func() {
		if w.now < w.machine.awake {
			w.here(w.machine.awake-w.now, do)
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
