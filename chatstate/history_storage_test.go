package chatstate_test

import (
	"errors"
	"sort"
	"strings"

	"acschat/chatstate"
)

// storage is the records of all queues.
type storage struct {
	queues   map[string]map[string]chatstate.Record
	sequence int64
	fails    bool
	problem  func(format string, args ...any)
}

var errStorage = errors.New("no more space")

func (s *storage) perform(e chatstate.Effect) (a chatstate.Answer) {
	if s.fails {
		return chatstate.Answer{Err: errStorage}
	}
	queue := s.queues[e.Queue]
	if queue == nil {
		queue = map[string]chatstate.Record{}
		s.queues[e.Queue] = queue
	}
	known := queue[e.Record.Key]
	if strings.HasPrefix(known.Text, newerVersion) && e.Kind != chatstate.ListRecords && known.Text == e.Expected {
		s.problem("a record of a newer version is changed: %q", e.Record.Text)
	}
	switch {
	case e.Kind == chatstate.ListRecords:
		for _, record := range queue {
			a.Records = append(a.Records, record)
		}
		sort.Slice(a.Records, func(i, j int) bool { return a.Records[i].Sequence < a.Records[j].Sequence })
	case known.Text != e.Expected:
		a.Differs = true
	case e.Kind == chatstate.PutRecord:
		record := e.Record
		if record.Sequence = known.Sequence; record.Sequence == 0 {
			s.sequence++
			record.Sequence = s.sequence
		}
		queue[record.Key] = record
		a.Sequence = record.Sequence
	default:
		delete(queue, e.Record.Key)
	}
	return a
}

// newerVersion begins the records of a newer version of the client.
const newerVersion = "2\n"

// names returns the names of the queues.
func (s *storage) names() (names []string) {
	for name := range s.queues {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// isMarked tells whether the record with a key says that an attempt has begun.
func (s *storage) isMarked(key string) bool {
	for _, queue := range s.queues {
		if record, ok := queue[key]; ok && key != "mark" {
			return strings.Split(record.Text, "\n")[2] != ""
		}
	}
	return false
}

func (s *storage) has(key string) bool {
	for _, queue := range s.queues {
		if _, ok := queue[key]; ok {
			return true
		}
	}
	return false
}

type lockRequest struct {
	tab     *tab
	granted func(waited bool)
	isHeld  bool
}

func (w *world) lock(t *tab, name string, granted func(waited bool)) (release func()) {
	r := &lockRequest{tab: t, granted: granted}
	w.locks[name] = append(w.locks[name], r)
	w.grant(name, false)
	return func() {
		for i, other := range w.locks[name] {
			if other == r {
				w.locks[name] = append(w.locks[name][:i:i], w.locks[name][i+1:]...)
				w.grant(name, true)
				return
			}
		}
	}
}

func (w *world) grant(name string, waited bool) {
	if requests := w.locks[name]; len(requests) > 0 && !requests[0].isHeld {
		requests[0].isHeld = true
		w.after(0, func() { requests[0].granted(waited || len(requests) > 1 && requests[1] == requests[0]) })
	}
}
