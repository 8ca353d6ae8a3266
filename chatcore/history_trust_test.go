//go:build !js

package chatcore_test

import (
	"encoding/base64"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"acschat/chatcore"
)

// trustModel is a second, smaller world: a watch, hints, and a service that answers at once and never fails. So it can follow the rules on
// hints literally, and say when each poll must be: with hints that are true, false, late, early, doubled or missing, and with own
// messages, system messages and those of others.
type trustModel struct {
	w      *world // for its log and its problems
	random *rand.Rand
	client *chatcore.Client
	watch  *chatcore.Call
	now    chatcore.Instant

	version int      // of the last change
	changes []string // that no poll has found
	counted []int    // versions of those that count for the trust

	seen        int // the last version that a poll has found
	lastPoll    chatcore.Instant
	idle, trust int
	asks        map[int]*ask // by version
	noVersionAt chatcore.Instant
	isWoken     bool
}

// ask is a hinted version that the watch has not found.
type ask struct {
	at    chatcore.Instant // when the watch polls for it; 0: not any more
	asked int
}

const (
	trustUser  = "8:acs:me"
	otherUser  = "8:acs:other"
	trustStart = chatcore.Instant(1_000_000)
)

// playTrust plays a history of the model.
func (w *world) playTrust(seed uint64) {
	token := "e30." + base64.RawURLEncoding.EncodeToString([]byte(`{"skypeid":"`+strings.TrimPrefix(trustUser, "8:")+`"}`)) + ".sig"
	client, err := chatcore.NewClient(chatcore.Options{Endpoint: historyOrigin, Token: token})
	if err != nil {
		panic(err)
	}
	m := &trustModel{w: w, random: rand.New(rand.NewPCG(seed, 16)), client: client, now: trustStart, version: 10, seen: 10, lastPoll: trustStart, idle: 1, asks: map[int]*ask{}}
	m.follow(chatcore.WatchMessagesOptions{SinceVersion: "10"})
	m.answer(`{"value":[]}`)
	m.answer(`{"value":[{"communicationIdentifier":{"rawId":"a"}},{"communicationIdentifier":{"rawId":"b"}}]}`)
	for range 40 {
		m.act()
		if len(w.problems) > 0 {
			return
		}
	}
}

func (m *trustModel) logf(format string, args ...any) {
	m.w.logf("trust model at %d: %s", m.now-trustStart, fmt.Sprintf(format, args...))
}

func (m *trustModel) follow(o chatcore.WatchMessagesOptions) {
	m.watch = m.client.WatchMessages("19:t@thread.v2", o, chatcore.CallOptions{})
	m.watch.Start(m.now)
}

// answer answers the request of the watch.
func (m *trustModel) answer(body string) {
	if m.watch.Step().Kind != chatcore.Send {
		m.w.problem("the watch does not poll at %d, with trust %d", m.now-trustStart, m.trust)
		return
	}
	m.watch.Response(m.now, m.watch.Step().Number, chatcore.Response{Status: 200, Body: body, Header: func(string) string { return "" }})
}

// act lets some time pass, and then makes something happen.
func (m *trustModel) act() {
	until := m.now + chatcore.Instant(1000+m.random.IntN(8000))
	for due := m.dueAt(); due <= max(until, m.now) && len(m.w.problems) == 0; due = m.dueAt() {
		m.now = max(m.now, due)
		if step := m.watch.Step(); step.Kind == chatcore.Wait && step.Deadline != due {
			m.w.problem("the watch polls at %d instead of %d, with trust %d", step.Deadline-trustStart, due-trustStart, m.trust)
		}
		m.watch.Elapsed(m.now)
		m.poll()
	}
	m.now = max(m.now, until)
	m.happen()
	due := max(m.dueAt(), m.now)
	switch step := m.watch.Step(); {
	case step.Kind == chatcore.Send && due > m.now:
		m.w.problem("the watch polls at %d, before %d", m.now-trustStart, due-trustStart)
	case step.Kind == chatcore.Wait && step.Deadline != due:
		m.w.problem("the watch will poll at %d instead of %d, with trust %d", step.Deadline-trustStart, due-trustStart, m.trust)
	}
}

// happen changes the thread, or sends hints.
func (m *trustModel) happen() {
	switch m.random.IntN(6) {
	case 0, 1, 2:
		m.change(otherUser)
		if m.random.IntN(6) > 0 {
			m.hint(m.version)
		}
	case 3:
		m.hint(max(m.version-m.random.IntN(3)*10, 1)) // late
	case 4:
		m.hint([]int{0, m.version + 10, 2_000_000_000}[m.random.IntN(3)]) // no version, early or false
	case 5:
		m.send()
	}
	if m.random.IntN(5) == 0 {
		m.hint(m.version)
	}
}

// change adds a change of a user, or of the service.
func (m *trustModel) change(sender string) {
	m.version += 10
	kind := "text"
	if m.random.IntN(6) == 0 {
		kind = "topicUpdated"
	} else if sender != trustUser {
		m.counted = append(m.counted, m.version)
	}
	m.logf("%s of %s, version %d", kind, sender, m.version)
	m.changes = append(m.changes, fmt.Sprintf(`{"id":"%d","version":"%[1]d","type":"%s","senderCommunicationIdentifier":{"rawId":"%s"}}`, m.version, kind, sender))
}

// send makes the client send a message. Its outcome may be unknown. The service may show the message later.
func (m *trustModel) send() {
	m.logf("the client sends")
	call := m.client.SendMessage("19:t@thread.v2", chatcore.SendChatMessageRequest{Content: "Hi"}, chatcore.CallOptions{})
	call.Start(m.now)
	if m.random.IntN(2) == 0 {
		m.change(trustUser)
	}
	status := []int{201, 201, 500}[m.random.IntN(3)]
	call.Response(m.now, call.Step().Number, chatcore.Response{Status: status, Body: `{"id":"5"}`, Header: func(string) string { return "" }})
	m.isWoken = true
}

func (m *trustModel) hint(version int) {
	m.logf("hint %d", version)
	text := ""
	if version != 0 {
		text = strconv.Itoa(version)
	}
	m.client.Wake(m.now, "19:t@thread.v2", chatcore.WakeOptions{Version: text})
	switch known := m.asks[version]; {
	case version == 0:
		m.noVersionAt, m.isWoken = m.now, true
	case version <= m.seen:
	case known == nil:
		m.asks[version] = &ask{at: m.now}
	case known.at == 0:
		*known = ask{at: m.now}
	}
}

// dueAt returns when the watch must poll.
func (m *trustModel) dueAt() chatcore.Instant {
	wait := chatcore.Instant(min(2000+500*m.idle, 10_000))
	for range m.trust {
		wait = min(2*wait, 60_000)
	}
	due := m.lastPoll + wait
	for _, a := range m.asks {
		if a.at != 0 {
			due = min(due, a.at)
		}
	}
	if m.isWoken {
		due = min(due, m.now)
	}
	return due
}

// poll answers the poll of the watch, sometimes after something has happened meanwhile. Then it starts the watch's next call.
func (m *trustModel) poll() {
	started, changes, counted, found := m.now, m.changes, m.counted, m.version
	isAnnounced := m.noVersionAt != 0 && started-m.noVersionAt < 5000
	m.lastPoll, m.isWoken, m.changes, m.counted = m.now, false, nil, nil
	if m.random.IntN(4) == 0 {
		m.now += 100
		m.happen()
		m.now += 100
	}
	reversed := slices.Clone(changes)
	slices.Reverse(reversed)
	m.answer(`{"value":[` + strings.Join(reversed, ",") + `]}`)
	m.logf("poll since %d finds %d changes", started-trustStart, len(changes))
	for _, version := range counted {
		if isAnnounced || m.asks[version] != nil {
			m.trust++
		} else {
			m.trust = 0
		}
	}
	m.seen = found
	maps.DeleteFunc(m.asks, func(version int, _ *ask) bool { return version <= found })
	for _, a := range m.asks {
		if a.at == 0 || a.at > started {
			continue
		}
		if a.asked == 3 {
			a.at = 0
			continue
		}
		a.at = m.now + []chatcore.Instant{500, 1000, 2000}[a.asked]
		a.asked++
	}
	m.idle++
	if len(changes) == 0 {
		return
	}
	m.idle = 0
	step := m.watch.Step()
	page, isBatch := step.Result.(*chatcore.ChatMessagesCollection)
	if !isBatch || len(page.Value) != len(changes) {
		m.w.problem("the watch does not return the %d changes of the poll at %d", len(changes), started-trustStart)
		return
	}
	m.follow(chatcore.WatchMessagesOptions{NextLink: page.NextLink})
}
