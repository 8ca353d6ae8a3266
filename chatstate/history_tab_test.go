package chatstate_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"acschat/chatcore"
	"acschat/chatstate"
	"acschat/emulator"
)

// tab is a page with a client and a conversation, and their driver.
type tab struct {
	w            *world
	number       int
	client       *chatcore.Client
	memory       *chatcore.SendMemory
	conversation *chatstate.Conversation
	user         *emulator.User // whose token the callback gives
	isGone       bool
	isFrozen     bool
	timer        int
	steps        map[*chatcore.Call]int
	releases     map[*chatcore.Call]func()
	queueRelease func()
	mirror       []*chatstate.Message // made of the changes
	keys         map[string]string    // by id
	order        []*send
	answersAt    int
	otherSince   int
	goneAt       int
	sendingKey   string
	retries      int
	failPosts    int                      // requests that send messages, and get a 503
	slowPages    int                      // pages of messages that come late
	startedAt    map[*chatcore.Call]int64 // by the time of day
	force401     bool                     // the service refuses the next request's token
	isOtherUser  bool                     // the client has another user's token
	model        model
}

func (w *world) open() *tab {
	t := &tab{w: w, number: len(w.tabs) + 1, user: &w.jane, steps: map[*chatcore.Call]int{}, releases: map[*chatcore.Call]func(){}, keys: map[string]string{}, startedAt: map[*chatcore.Call]int64{}, model: newModel(), memory: chatcore.NewSendMemory()}
	client, err := chatcore.NewClient(chatcore.Options{
		Endpoint: origin, TokenCallback: true, Made: w.instant(), Memory: t.memory, UnixMs: t.unixMs,
		Random: func() uint32 { return w.random.Uint32() }, NewUUID: func() string { return t.uuid('4') }, NewIdempotencyToken: func() string { return t.uuid('7') },
	})
	if err != nil {
		panic(err)
	}
	t.client = client
	t.conversation = chatstate.Open(client, w.thread, chatstate.Options{
		SenderDisplayName: "Jane", PageSize: 10, Limit: 30, Durable: w.durable,
		NewToken: func() string { return t.newToken() }, UnixMs: func() int64 { return t.unixMs() },
	})
	w.tabs = append(w.tabs, t)
	w.note("tab %d opens", t.number)
	if w.offline {
		t.client.SetOnline(w.instant(), false)
		t.conversation.SetOnline(w.instant(), false)
	}
	t.conversation.Start(w.instant())
	t.pump()
	return t
}

func (t *tab) unixMs() int64 { return epoch + int64(t.w.now+t.w.wallError) }

func (t *tab) newToken() string {
	token := t.uuid('7')
	t.memory.Made(token, t.w.instant(), t.unixMs())
	return token
}

func (t *tab) uuid(version byte) string {
	text := fmt.Sprintf("%012x", max(0, t.unixMs()))
	return fmt.Sprintf("%s-%s-%c%03x-8%03x-%012x", text[:8], text[8:12], version, t.w.random.IntN(1<<12), t.w.random.IntN(1<<12), t.w.random.Int64N(1<<48))
}

// pump performs what the client and the conversation want, and checks what the conversation then shows.
func (t *tab) pump() {
	if t.isGone {
		return
	}
	w := t.w
	effects := 0
	for {
		if call := t.client.Next(); call != nil {
			t.perform(call)
			continue
		}
		e, ok := t.conversation.Next()
		if !ok {
			break
		}
		if !w.isCalm && w.chance(0.0007) { // a crash between two effects
			t.close()
			w.after(w.random.IntN(1000), func() { w.open() })
			return
		}
		t.effect(e)
		if effects++; effects > 1000 {
			t.w.problem("tab %d: effects without end: %+v", t.number, e)
			return
		}
	}
	t.check()
	t.timer++
	timer := t.timer
	if at := t.conversation.Deadline(); at != 0 {
		t.w.after(int(at-t.w.instant()), func() {
			if t.timer == timer && !t.isGone && !t.isFrozen {
				t.conversation.Elapsed(t.w.instant())
				t.pump()
			}
		})
	}
}

func (t *tab) effect(e chatstate.Effect) {
	w := t.w
	switch e.Kind {
	case chatstate.StartCall:
		e.Call.Driver = t
		t.startedAt[e.Call] = t.unixMs()
		e.Call.Start(w.instant())
	case chatstate.AbortCall:
		e.Call.Abort(w.instant(), errors.New("aborted"))
	case chatstate.RequestLock:
		t.queueRelease = w.lock(t, "queue "+e.Queue, func(bool) { t.answer(0, e, chatstate.Answer{}) })
	case chatstate.ReleaseLock:
		t.queueRelease()
	case chatstate.ListRecords, chatstate.PutRecord, chatstate.RemoveRecord:
		a := w.storage.perform(e)
		if e.Kind == chatstate.PutRecord && a.Err == nil {
			s := w.sendOf(e.Record.Key)
			s.wasPut = true
			if s.markedBy == nil && w.storage.isMarked(e.Record.Key) {
				s.markedBy = t
			}
		}
		if w.log != nil {
			w.note("tab %d: storage %d %s %q -> %+v", t.number, e.Kind, e.Record.Key, e.Record.Text, a)
		}
		t.answersAt = max(t.answersAt, w.now+w.random.IntN(20)) // they keep their order
		t.answer(t.answersAt-w.now, e, a)
	case chatstate.Announce:
		w.announce(t, e)
	case chatstate.Settle:
		w.note("tab %d: %s is settled: %s %v", t.number, e.Key, e.ID, e.Err)
		for _, s := range w.sends {
			if s.key == e.Key && s.tab == t {
				if s.settledID != "" || s.settled != nil {
					w.problem("%s is settled twice", s.content)
				}
				s.settledID, s.settled = e.ID, e.Err
			}
		}
	}
}

// announce tells the other tabs, except for frozen ones.
func (w *world) announce(from *tab, e chatstate.Effect) {
	for _, other := range w.tabs {
		if other != from {
			w.after(w.random.IntN(50), func() {
				if !other.isGone && !other.isFrozen {
					if m := other.message(e.Key); m != nil && m.State != chatstate.Sent && m.State != chatstate.Sending {
						other.model.told = max(other.model.told, number(e.ID))
					}
					other.conversation.Announced(w.instant(), e.Key, e.ID, e.IsGone)
					other.pump()
				}
			})
		}
	}
}

// answer gives the answer to an effect, if the tab is still there.
func (t *tab) answer(ms int, e chatstate.Effect, a chatstate.Answer) {
	t.w.after(ms, func() {
		switch {
		case t.isGone:
		case t.isFrozen:
			t.answer(100, e, a)
		default:
			t.model.noteAnswer(e, a)
			t.conversation.Answered(t.w.instant(), e.Number, a)
			t.pump()
		}
	})
}

// perform performs the step of a call.
func (t *tab) perform(call *chatcore.Call) {
	w := t.w
	step := *call.Step()
	t.steps[call] = step.Number
	switch step.Kind {
	case chatcore.NeedToken:
		w.after(w.random.IntN(100), func() { t.giveToken(step.Flight) })
	case chatcore.NeedLock:
		t.releases[call] = w.lock(t, "send "+step.Lock, func(waited bool) {
			if !t.isGone {
				call.Locked(w.instant(), step.Number, waited)
				t.pump()
			}
		})
	case chatcore.Send:
		t.send(call, step)
	case chatcore.Done, chatcore.Failed:
		if release := t.releases[call]; release != nil {
			w.after(max(0, int(step.LockUntil-w.instant())), release)
			delete(t.releases, call)
		}
		delete(t.steps, call)
		if step.Err != nil {
			w.note("tab %d: call %d failed: %v", t.number, call.ID(), step.Err)
		} else if t.conversation.WaitsFor(call) {
			t.model.noteResult(t, step.Result)
		}
		t.conversation.Ended(w.instant(), call)
		return
	}
	t.arm(call, step.Number, step.Deadline)
}

func (t *tab) arm(call *chatcore.Call, number int, deadline chatcore.Instant) {
	t.w.after(int(deadline-t.w.instant()), func() {
		switch {
		case t.isGone || t.steps[call] != number:
		case t.isFrozen:
			t.w.after(50, func() { t.arm(call, number, deadline) })
		default:
			call.Elapsed(t.w.instant())
			if step := call.Step(); step.Number == number {
				t.arm(call, number, step.Deadline)
			}
			t.pump()
		}
	})
}

func (t *tab) giveToken(flight int) {
	if t.isGone {
		return
	}
	if !t.w.isCalm && t.w.chance(0.1) {
		t.client.TokenFailed(t.w.instant(), flight, errors.New("no session"))
	} else {
		if isOther := t.user == &t.w.alex; isOther != t.isOtherUser {
			t.isOtherUser, t.otherSince = isOther, t.w.now
		}
		token := t.user.Token
		if t.w.isOpaque {
			token = "opaque"
		}
		t.client.Token(t.w.instant(), flight, token)
	}
	t.pump()
}

// send sends a request over a network that delays, loses and doubts.
func (t *tab) send(call *chatcore.Call, step chatcore.Step) {
	w := t.w
	lost := errors.New("connection lost")
	var answer func(ms int, do func())
	answer = func(ms int, do func()) {
		w.after(ms, func() {
			switch {
			case t.isGone || t.steps[call] != step.Number:
			case t.isFrozen: // the connection is gone when the page goes on
				answer(50, func() { call.NetworkFailed(w.instant(), step.Number, lost) })
			default:
				do()
				t.pump()
			}
		})
	}
	fails := func(p float64) bool { return !w.isCalm && w.chance(p) }
	respond := func(status int, body string) {
		answer(w.random.IntN(300), func() { call.Response(w.instant(), step.Number, chatcore.Response{Status: status, Body: body}) })
	}
	isPost := step.Request.Method == "POST" && strings.HasSuffix(strings.SplitN(step.Request.URL, "?", 2)[0], "/messages")
	if isPost {
		t.checkPost(call, step.Request)
	}
	switch {
	case w.offline || fails(0.05):
		answer(w.random.IntN(300), func() { call.NetworkFailed(w.instant(), step.Number, lost) })
		return
	case t.force401:
		t.force401 = false
		respond(401, "")
		return
	case isPost && t.failPosts > 0:
		t.failPosts--
		respond(503, "<html>")
		return
	case fails(0.04):
		respond([]int{503, 500, 502, 408, 429}[w.random.IntN(5)], "<html>")
		return
	case isPost && fails(0.03):
		respond([]int{403, 404, 413, 400}[w.random.IntN(4)], "")
		return
	}
	way := 1 + w.random.IntN(200)
	isCrash := isPost && fails(0.05)
	if isCrash { // before the answer
		w.after(w.random.IntN(20), func() {
			if !t.isGone {
				t.close()
				w.after(w.random.IntN(1000), func() { w.open() })
			}
		})
	}
	if fails(0.05) || isCrash && fails(0.5) {
		way += w.random.IntN(4000) // it is stored late, within the settle time
	}
	w.after(way, func() {
		status, header, body := w.serve(step.Request)
		if isPost && status == 201 {
			w.accepted[chatcore.TokenOf(step.Request.Body)] = true
		}
		if w.log != nil && strings.Contains(step.Request.URL, "/messages") && step.Request.Method == "GET" {
			page, _ := chatcore.ParseListChatMessages(chatcore.Response{Status: status, Body: body})
			text := ""
			for _, m := range page.Value {
				text += " " + m.ID[8:] + "/" + m.Version[8:]
			}
			w.note("tab %d: %d page%s, more: %v", t.number, status, text, page.NextLink != "")
		}
		if status >= 400 {
			w.note("tab %d: %s %s: %d %s", t.number, step.Request.Method, step.Request.URL, status, body)
		}
		if fails(0.1) {
			answer(w.random.IntN(300), func() { call.NetworkFailed(w.instant(), step.Number, lost) })
			return
		}
		back := 1 + w.random.IntN(200)
		switch {
		case t.slowPages > 0 && strings.Contains(step.Request.URL, "/messages") && strings.Contains(step.Request.URL, "maxPageSize=10&"), t.slowPages > 0 && strings.HasSuffix(step.Request.URL, "maxPageSize=10"):
			t.slowPages--
			back += 6000
		case fails(0.03):
			back += 40_000
		case fails(0.05):
			back += 4000
		}
		answer(back, func() {
			call.Response(w.instant(), step.Number, chatcore.Response{Status: status, Header: header.Get, Body: body})
		})
	})
}

// checkPost holds a request that sends a message against the rules of the outbox.
func (t *tab) checkPost(call *chatcore.Call, request chatcore.Request) {
	w := t.w
	for _, h := range request.Header {
		if h.Name == "Authorization" && !w.isOpaque && h.Value != "Bearer "+w.jane.Token {
			w.problem("tab %d sends Jane's message with another user's token", t.number)
		}
	}
	token := chatcore.TokenOf(request.Body)
	for _, s := range w.sends {
		if s.key != token {
			continue
		}
		w.note("tab %d: posts %s", t.number, s.content)
		s.isPosted = true
		if s.isTaken && !t.model.hasFailed {
			w.problem("tab %d sends %s, which a newer version of the client has taken over", t.number, s.content)
		}
		if s.cancelled && !t.model.hasFailed { // such a tab does not see that another one has cancelled it
			w.problem("tab %d sends %s, which was cancelled", t.number, s.content)
		}
		if age := t.startedAt[call] - s.queuedAt; age > 24*3600_000 {
			w.problem("tab %d sends %s, which was %d ms old", t.number, s.content, age)
		}
	}
	if t.conversation.Durability() == chatstate.Disk {
		if !w.storage.isMarked(token) && w.storage.has(token) {
			w.problem("tab %d sends %s, and the record does not say so", t.number, token)
		}
		isHeld := false
		for name, requests := range w.locks {
			isHeld = isHeld || strings.HasPrefix(name, "queue ") && len(requests) > 0 && requests[0].tab == t && requests[0].isHeld
		}
		if !isHeld {
			w.problem("tab %d sends without the lock of the queue", t.number)
		}
	}
}

// close closes the page: at once, as a reload or a crash does.
func (t *tab) close() {
	t.w.note("tab %d goes", t.number)
	t.isGone, t.goneAt = true, t.w.now
	for _, s := range t.order {
		if s.settledID == "" && s.settled == nil && (t.conversation.Durability() == chatstate.Memory || !s.wasPut) {
			s.isLost = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(t.w.locks)) { // the browser releases them
		requests := t.w.locks[name]
		for i := len(requests) - 1; i >= 0; i-- {
			if requests[i].tab == t {
				requests = append(requests[:i:i], requests[i+1:]...)
			}
		}
		t.w.locks[name] = requests
		t.w.grant(name, true)
	}
}

// message returns what the tab shows under a key, or nil.
func (t *tab) message(key string) *chatstate.Message {
	for _, m := range t.conversation.Messages() {
		if m.Key == key {
			return m
		}
	}
	return nil
}
