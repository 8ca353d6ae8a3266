package chatstate_test

import (
	"errors"
	"fmt"
	"strings"

	"acschat/chatcore"
	"acschat/chatstate"
)

// inboxPage is a page of Jane's with a client, an inbox and conversations, and their driver.
type inboxPage struct {
	w             *inboxWorld
	number        int
	client        *chatcore.Client
	memory        *chatcore.SendMemory
	inbox         *chatstate.Inbox
	conversations map[string]*chatstate.Conversation
	isGone        bool
	isFrozen      bool
	hasFailed     bool // the storage has failed, and the inbox knows it
	timer         int
	answersAt     int
	steps         map[*chatcore.Call]int
	looks         map[*chatcore.Call]string // ids of the threads that calls of the inbox under way read
	lists         map[*chatcore.Call]int    // other calls of the inbox, and when they started
	liveSince     map[string]int            // when conversations were first seen live
	queueReleases map[string]func()
	releases      []func()

	mirror []*chatstate.Thread // made of the changes
	told   map[string]*toldThread

	missedAt    map[string]int // on which page of all lists threads were missed
	listedPages int
	failLooks   int // looks that get a 503

	counts   map[string]int // requests by what they read
	requests []inboxRequest
}

// inboxRequest is a request of a page.
type inboxRequest struct {
	at           int
	kind, thread string
}

// toldThread is what a page was told of a thread.
type toldThread struct {
	known           map[string]chatcore.ChatMessage // by looks
	mark            int
	hadConversation bool
	marked          int    // by MarkRead, and must be in the storage
	isMarkTold      bool   // by the storage
	isMarkUnclear   bool   // MarkRead was called when the last message was not shown
	last            string // id of the last message that was shown
}

func (w *inboxWorld) open() *inboxPage {
	p := &inboxPage{
		w: w, number: len(w.pages) + 1, conversations: map[string]*chatstate.Conversation{}, steps: map[*chatcore.Call]int{}, looks: map[*chatcore.Call]string{},
		lists: map[*chatcore.Call]int{}, liveSince: map[string]int{}, queueReleases: map[string]func(){}, told: map[string]*toldThread{}, memory: chatcore.NewSendMemory(), counts: map[string]int{}, missedAt: map[string]int{},
	}
	client, err := chatcore.NewClient(chatcore.Options{
		Endpoint: origin, TokenCallback: true, Made: w.instant(), Memory: p.memory, UnixMs: p.unixMs,
		Random: func() uint32 { return w.random.Uint32() }, NewUUID: p.newToken, NewIdempotencyToken: p.newToken,
	})
	if err != nil {
		panic(err)
	}
	p.client = client
	p.inbox = chatstate.OpenInbox(client, chatstate.InboxOptions{PageSize: w.perList, Durable: w.durable})
	w.pages = append(w.pages, p)
	w.note("page %d opens", p.number)
	if w.offline {
		p.client.SetOnline(w.instant(), false)
		p.inbox.SetOnline(w.instant(), false)
	}
	p.inbox.Start(w.instant())
	p.pump()
	return p
}

func (p *inboxPage) unixMs() int64 { return epoch + int64(p.w.now) }

func (p *inboxPage) newToken() string {
	text := fmt.Sprintf("%012x", p.unixMs())
	token := fmt.Sprintf("%s-%s-7%03x-8%03x-%012x", text[:8], text[8:12], p.w.random.IntN(1<<12), p.w.random.IntN(1<<12), p.w.random.Int64N(1<<48))
	p.memory.Made(token, p.w.instant(), p.unixMs())
	return token
}

// each calls f for each conversation, in a fixed order.
func (p *inboxPage) each(f func(c *chatstate.Conversation)) {
	for _, id := range p.w.sortedIDs(p.conversations) {
		f(p.conversations[id])
	}
}

// pump performs what the client, the inbox and the conversations want, and checks what the inbox then shows.
func (p *inboxPage) pump() {
	if p.isGone {
		return
	}
	w := p.w
	for isBusy, rounds := true, 0; isBusy; rounds++ {
		if rounds > 1000 {
			w.problem("page %d: effects without end", p.number)
			return
		}
		isBusy = false
		for call := p.client.Next(); call != nil; call = p.client.Next() {
			isBusy = true
			p.perform(call)
		}
		p.each(func(c *chatstate.Conversation) {
			for e, ok := c.Next(); ok; e, ok = c.Next() {
				isBusy = true
				p.effect(e, c.Answered, false)
			}
			if changes, fields := c.Changed(); len(changes) > 0 || fields != 0 {
				p.inbox.Noted(w.instant(), c)
			}
		})
		for e, ok := p.inbox.Next(); ok; e, ok = p.inbox.Next() {
			isBusy = true
			p.effect(e, p.inbox.Answered, true)
		}
	}
	p.check()
	p.timer++
	timer := p.timer
	at := p.inbox.Deadline()
	p.each(func(c *chatstate.Conversation) {
		if due := c.Deadline(); due != 0 && (at == 0 || due < at) {
			at = due
		}
	})
	if at != 0 {
		w.after(int(at-w.instant()), func() {
			if p.timer == timer && !p.isGone && !p.isFrozen {
				p.inbox.Elapsed(w.instant())
				p.each(func(c *chatstate.Conversation) { c.Elapsed(w.instant()) })
				p.pump()
			}
		})
	}
}

func (p *inboxPage) effect(e chatstate.Effect, answered func(chatcore.Instant, int, chatstate.Answer), isInbox bool) {
	w := p.w
	switch e.Kind {
	case chatstate.StartCall:
		if isInbox {
			p.lists[e.Call] = w.now
		}
		e.Call.Start(w.instant())
		p.noteLook(e.Call)
	case chatstate.AbortCall:
		e.Call.Abort(w.instant(), errors.New("aborted"))
	case chatstate.RequestLock:
		p.queueReleases[e.Queue] = w.lockQueue(p, "queue "+e.Queue, func() { p.answer(0, e, chatstate.Answer{}, answered, isInbox) })
	case chatstate.ReleaseLock:
		p.queueReleases[e.Queue]()
	case chatstate.ListRecords, chatstate.PutRecord, chatstate.RemoveRecord:
		a := w.storage.perform(e)
		p.answersAt = max(p.answersAt, w.now+w.random.IntN(20)) // they keep their order
		p.answer(p.answersAt-w.now, e, a, answered, isInbox)
	case chatstate.Announce:
		for _, other := range w.pages {
			if other != p {
				w.after(w.random.IntN(50), func() { other.announced(e) })
			}
		}
	}
}

// noteLook notes the thread that a call of the inbox reads, and checks that it does not read what a conversation reads anyway.
func (p *inboxPage) noteLook(call *chatcore.Call) {
	step := call.Step()
	id := threadOf(step.Request.URL)
	startedAt, isInbox := p.lists[call]
	if !isInbox || step.Kind != chatcore.Send || id == "" || step.Request.Method != "GET" {
		return
	}
	delete(p.lists, call)
	p.looks[call] = id
	if c := p.conversations[id]; c != nil && strings.Contains(step.Request.URL, "/messages") && !strings.Contains(step.Request.URL, "syncState") {
		if since := p.liveSince[id]; since != 0 && since < startedAt && !c.HasNewer() {
			p.w.problem("page %d looks at %s, whose conversation is open", p.number, p.w.short(id))
		}
	}
	busy := map[string]bool{}
	for _, id := range p.looks {
		busy[id] = true
	}
	if len(busy) > 4 || len(p.looks) > len(busy) {
		p.w.problem("page %d has %d requests for %d threads in flight", p.number, len(p.looks), len(busy))
	}
}

// threadOf returns the id of the thread in a URL, or "".
func threadOf(address string) string {
	_, rest, ok := strings.Cut(address, "/chat/threads/")
	if !ok {
		return ""
	}
	id, _, _ := strings.Cut(rest, "/")
	id, _, _ = strings.Cut(id, "?")
	return strings.NewReplacer("%3A", ":", "%40", "@").Replace(id)
}

func (p *inboxPage) announced(e chatstate.Effect) {
	if p.isGone || p.isFrozen {
		return
	}
	p.inbox.Announced(e.Queue, e.Key)
	for id, c := range p.conversations {
		if strings.HasSuffix(e.Queue, id) {
			c.Announced(p.w.instant(), e.Key, e.ID, e.IsGone)
		}
	}
	p.pump()
}

// answer gives the answer to an effect, if the page is still there.
func (p *inboxPage) answer(ms int, e chatstate.Effect, a chatstate.Answer, answered func(chatcore.Instant, int, chatstate.Answer), isInbox bool) {
	p.w.after(ms, func() {
		switch {
		case p.isGone:
		case p.isFrozen:
			p.answer(100, e, a, answered, isInbox)
		default:
			p.hasFailed = p.hasFailed || isInbox && a.Err != nil
			if e.Kind == chatstate.ListRecords {
				p.toldOf(e.Queue[strings.LastIndex(e.Queue, " ")+1:]).isMarkTold = true
			}
			for _, record := range a.Records {
				if id := e.Queue[strings.LastIndex(e.Queue, " ")+1:]; record.Key == "mark" && !p.hasFailed {
					p.raise(id, number(strings.TrimPrefix(record.Text, "1\n")))
				}
			}
			answered(p.w.instant(), e.Number, a)
			p.pump()
		}
	})
}

func (p *inboxPage) toldOf(id string) *toldThread {
	if p.told[id] == nil {
		p.told[id] = &toldThread{known: map[string]chatcore.ChatMessage{}}
	}
	return p.told[id]
}

func (p *inboxPage) raise(id string, mark int) {
	told := p.toldOf(id)
	told.mark = max(told.mark, mark)
}

// perform performs the step of a call.
func (p *inboxPage) perform(call *chatcore.Call) {
	w, step := p.w, *call.Step()
	p.steps[call] = step.Number
	switch step.Kind {
	case chatcore.NeedToken:
		w.after(w.random.IntN(100), func() {
			if !p.isGone {
				p.client.Token(w.instant(), step.Flight, w.jane.Token)
				p.pump()
			}
		})
	case chatcore.NeedLock:
		call.Locked(w.instant(), step.Number, false)
	case chatcore.Send:
		p.noteLook(call)
		p.send(call, step)
	case chatcore.Done, chatcore.Failed:
		id, isLook := p.looks[call]
		delete(p.steps, call)
		delete(p.looks, call)
		delete(p.lists, call)
		if step.Err != nil {
			w.note("page %d: call %d failed: %v", p.number, call.ID(), step.Err)
		} else if isLook {
			p.noteResult(id, step.Result)
		}
		p.inbox.Ended(w.instant(), call)
		p.each(func(c *chatstate.Conversation) { c.Ended(w.instant(), call) })
		return
	}
	p.arm(call, step.Number, step.Deadline)
}

// noteResult takes what a look is given next.
func (p *inboxPage) noteResult(id string, result chatcore.Result) {
	told := p.toldOf(id)
	switch r := result.(type) {
	case *chatcore.ChatMessagesCollection:
		for _, m := range r.Value {
			if known, ok := told.known[m.ID]; !ok || number(m.Version) > number(known.Version) {
				told.known[m.ID] = m
			}
		}
	case *chatcore.ChatMessageReadReceiptsCollection:
		for _, receipt := range r.Value {
			if receipt.SenderCommunicationIdentifier.RawID == p.w.jane.ID {
				p.raise(id, number(receipt.ChatMessageID))
			}
		}
	}
}

func (p *inboxPage) arm(call *chatcore.Call, number int, deadline chatcore.Instant) {
	p.w.after(int(deadline-p.w.instant()), func() {
		switch {
		case p.isGone || p.steps[call] != number:
		case p.isFrozen:
			p.w.after(50, func() { p.arm(call, number, deadline) })
		default:
			call.Elapsed(p.w.instant())
			if step := call.Step(); step.Number == number {
				p.arm(call, number, step.Deadline)
			}
			p.pump()
		}
	})
}

// send gives a request to the service over a network with faults.
func (p *inboxPage) send(call *chatcore.Call, step chatcore.Step) {
	w := p.w
	var answer func(ms int, do func())
	answer = func(ms int, do func()) {
		w.after(ms, func() {
			switch {
			case p.isGone || p.steps[call] != step.Number:
			case p.isFrozen: // the connection is gone when the page goes on
				answer(50, func() { call.NetworkFailed(w.instant(), step.Number, errors.New("connection lost")) })
			default:
				do()
				p.pump()
			}
		})
	}
	p.counts[kindOf(step.Request)]++
	p.requests = append(p.requests, inboxRequest{w.now, kindOf(step.Request), threadOf(step.Request.URL)})
	fails := func(chance float64) bool { return !w.isCalm && w.chance(chance) }
	if w.offline || fails(0.05) {
		answer(w.random.IntN(300), func() { call.NetworkFailed(w.instant(), step.Number, errors.New("connection lost")) })
		return
	}
	if _, isLook := p.looks[call]; isLook && p.failLooks > 0 {
		p.failLooks--
		answer(10, func() { call.Response(w.instant(), step.Number, chatcore.Response{Status: 503, Body: "<html>"}) })
		return
	}
	if fails(0.05) {
		status := []int{503, 500, 429}[w.random.IntN(3)]
		answer(w.random.IntN(300), func() { call.Response(w.instant(), step.Number, chatcore.Response{Status: status, Body: "<html>"}) })
		return
	}
	w.after(1+w.random.IntN(150), func() {
		status, header, body := w.serve(step.Request)
		if w.log != nil {
			w.note("page %d: %s %s: %d", p.number, kindOf(step.Request), w.short(threadOf(step.Request.URL)), status)
		}
		if status == 200 && kindOf(step.Request) == "GET threads" {
			body = p.listed(body)
		}
		back := 1 + w.random.IntN(150)
		if fails(0.05) {
			answer(back, func() { call.NetworkFailed(w.instant(), step.Number, errors.New("connection lost")) })
			return
		}
		if fails(0.04) {
			back += w.random.IntN(8000)
		}
		answer(back, func() {
			call.Response(w.instant(), step.Number, chatcore.Response{Status: status, Header: header.Get, Body: body})
		})
	})
}

// kindOf returns what a request reads or writes: its method and the last part of its path.
func kindOf(r chatcore.Request) string {
	path, _, _ := strings.Cut(r.URL, "?")
	return r.Method + " " + path[strings.LastIndex(path, "/")+1:]
}

// close closes the page: at once, as a reload does.
func (p *inboxPage) close() {
	p.w.note("page %d goes", p.number)
	p.isGone = true
	for _, release := range p.releases { // the browser releases the locks
		release()
	}
}
