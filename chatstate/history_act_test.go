package chatstate_test

import (
	"fmt"
	"net/url"
	"strings"

	"acschat/chatcore"
	"acschat/chatstate"
	"acschat/emulator"
)

// act returns something that happens.
func (w *world) act() func() {
	do := w.random.IntN(1000)
	return func() {
		switch {
		case do < 110:
			w.alexWrites()
			return
		case do < 190:
			w.alexEdits()
			return
		case do < 205:
			w.alexChangesTopic()
			return
		case do < 225:
			w.alexRemovesJane()
			return
		case do < 228:
			w.alexDeletesThread()
			return
		case do < 240:
			w.alexReads()
			return
		case do < 250:
			w.newerVersionComes()
			return
		case do < 262:
			w.wallError += []int{-25, -1, 1, 25}[w.random.IntN(4)] * 3_600_000
			w.note("the clock is wrong by %d ms", w.wallError)
			return
		case do < 310:
			w.goOffline(!w.offline)
			return
		}
		var t *tab
		for _, other := range w.tabs {
			if !other.isGone && (t == nil || w.chance(0.5)) {
				t = other
			}
		}
		switch {
		case t == nil:
			w.open()
		case t.isFrozen:
			w.wake(t)
		default:
			t.act(do)
		}
	}
}

// act is something that a user does with a tab, or that happens to it.
func (t *tab) act(do int) {
	w, c := t.w, t.conversation
	key := ""
	for _, m := range c.Messages() {
		if m.State != chatstate.Sent && (key == "" || w.chance(0.5)) {
			key = m.Key
		}
	}
	switch {
	case do < 600 || key == "" && do < 720:
		t.sendMessage()
	case do < 640:
		t.cancel(key)
		if w.chance(0.2) && t.message(key) != nil { // the user clicks twice
			t.cancel(key)
		} else if w.chance(0.1) && t.message(key) != nil {
			t.discard(key)
		}
	case do < 680:
		t.edit(key)
	case do < 700:
		t.retry(key)
	case do < 720:
		t.discard(key)
	case do < 735:
		t.loadStale()
	case do < 770:
		c.LoadOlder(w.instant(), nil)
	case do < 810:
		c.LoadNewer(w.instant(), nil)
	case do < 825:
		c.JumpToNewest(w.instant(), nil)
	case do < 850:
		t.markRead()
	case do < 915:
		t.close()
		w.storage.fails = w.storage.fails && w.chance(0.5)
		w.after(w.random.IntN(1000), func() { w.open() })
		return
	case do < 950:
		w.note("tab %d freezes", t.number)
		c.Freeze(w.instant())
		t.pump()
		t.isFrozen = true
		return
	case do < 960:
		w.note("the storage fails")
		w.storage.fails = true
	case do < 975:
		if len(t.model.known) > 0 { // the conversation belongs to Jane
			t.changeUser(&w.alex)
		}
	case do < 990:
		t.changeUser(&w.jane)
	case do < 996:
		w.forget()
	}
	t.pump()
}

// loadStale loads a page whose answer comes after the watch has shown changes of its messages.
func (t *tab) loadStale() {
	w, c := t.w, t.conversation
	t.slowPages = 1
	if c.HasNewer() {
		c.LoadNewer(w.instant(), nil)
	} else {
		c.LoadOlder(w.instant(), nil)
	}
	var ids []string
	for _, m := range c.Messages() {
		if m.State == chatstate.Sent && !m.Mine {
			ids = append(ids, m.ID)
		}
	}
	n := min(len(ids), 8)
	if c.HasNewer() {
		ids = ids[len(ids)-n:]
	} else {
		ids = ids[:n]
	}
	w.after(500, func() { w.alexEditsOneOf(ids) })
	w.after(900, func() { w.alexEditsOneOf(ids) })
}

func (w *world) wake(t *tab) {
	if t.isFrozen {
		w.note("tab %d wakes up", t.number)
		t.isFrozen = false
		t.memory.Resumed(w.instant())
		t.client.Resumed(w.instant())
		t.conversation.Resume(w.instant())
		t.pump()
	}
}

func (w *world) goOffline(offline bool) {
	w.offline = offline
	w.note("offline: %v", offline)
	for _, t := range w.tabs {
		if !t.isGone {
			t.client.SetOnline(w.instant(), !offline)
			t.conversation.SetOnline(w.instant(), !offline)
			t.pump()
		}
	}
}

// changeUser makes the page's token that of a user. The client gets it after another call of the page was refused.
func (t *tab) changeUser(user *emulator.User) {
	t.w.note("tab %d: the user is %s", t.number, user.ID)
	t.user, t.force401 = user, true
	call := t.client.ListThreads(chatcore.ListChatThreadsOptions{}, chatcore.CallOptions{})
	call.Driver = t
	call.Start(t.w.instant())
	t.pump()
}

func (t *tab) sendMessage() {
	w := t.w
	w.number++
	s := &send{tab: t, content: fmt.Sprintf("m%d", w.number), queuedAt: t.unixMs()}
	key, err := t.conversation.Send(w.instant(), chatcore.SendChatMessageRequest{Content: s.content})
	if err != nil {
		w.problem("send: %v", err)
	}
	s.key = key
	w.sends = append(w.sends, s)
	t.order = append(t.order, s)
	w.note("tab %d: send %s %s", t.number, s.content, key)
	if !w.isCalm && w.chance(0.1) { // another tab is asked to change it when this one may begin to send it
		w.after(w.random.IntN(80), func() {
			for _, other := range w.tabs {
				if other != t && !other.isGone && !other.isFrozen {
					if w.chance(0.5) {
						other.cancel(key)
					} else {
						other.edit(key)
					}
					other.pump()
					return
				}
			}
		})
	}
	if messages := t.conversation.Messages(); len(messages) == 0 || messages[len(messages)-1].Key != key {
		w.problem("%s is not in the list when Send returns", s.content)
	}
}

func (w *world) sendOf(key string) *send {
	for _, s := range w.sends {
		if s.key == key {
			return s
		}
	}
	return &send{}
}

func (t *tab) cancel(key string) {
	w, s := t.w, t.w.sendOf(key)
	w.note("tab %d: cancel %s", t.number, s.content)
	s.cancelAsked = true
	t.conversation.Cancel(w.instant(), key, func(done bool) {
		w.note("tab %d: cancelled %s: %v", t.number, s.content, done)
		s.cancelled = s.cancelled || done
		t.checkTooLate(s, done)
	})
}

// checkTooLate checks that an edit or cancellation is refused only if the service may have the message.
func (t *tab) checkTooLate(s *send, done bool) {
	if !done && !s.isPosted && (s.markedBy == nil || s.markedBy == t) && t.w.isAlone(t) && !t.model.hasFailed && !s.isTaken {
		t.w.problem("tab %d: it is too late for %s, which was never posted", t.number, s.content)
	}
}

func (t *tab) edit(key string) {
	w, s := t.w, t.w.sendOf(key)
	w.number++
	content := fmt.Sprintf("m%d", w.number)
	w.note("tab %d: edit %s to %s", t.number, s.content, content)
	s.edited = content
	err := t.conversation.Edit(w.instant(), key, chatcore.SendChatMessageRequest{Content: content}, func(done bool) {
		w.note("tab %d: edited %s: %v", t.number, s.content, done)
		if !s.cancelAsked {
			t.checkTooLate(s, done)
		}
		if done {
			s.former, s.content = append(s.former, s.content), content
		}
		if s.edited == content {
			s.edited = ""
		}
	})
	if err != nil {
		w.problem("edit: %v", err)
	}
}

func (t *tab) retry(key string) {
	s := t.w.sendOf(key)
	isBlocked := false
	for _, m := range t.conversation.Messages() {
		isBlocked = isBlocked || m.Key == key && m.Error != nil
	}
	done := t.conversation.Retry(t.w.instant(), key)
	t.w.note("tab %d: retry %s: %v", t.number, s.content, done)
	if done && isBlocked {
		s.queuedAt = max(s.queuedAt, t.unixMs())
	}
}

func (t *tab) discard(key string) bool {
	s := t.w.sendOf(key)
	isSending := false
	for _, m := range t.conversation.Messages() {
		isSending = isSending || m.Key == key && m.State == chatstate.Sending
	}
	done := t.conversation.Discard(t.w.instant(), key)
	t.w.note("tab %d: discard %s: %v", t.number, s.content, done)
	if done == isSending {
		t.w.problem("discard of %s gives %v", s.content, done)
	}
	s.discarded = s.discarded || done
	return done
}

func (t *tab) markRead() {
	w := t.w
	id := ""
	if messages := t.conversation.Messages(); len(messages) > 0 && w.chance(0.7) {
		id = messages[w.random.IntN(len(messages))].ID
	}
	w.note("tab %d: mark %q as read", t.number, id)
	mark := t.newest()
	if id != "" {
		mark = min(mark, number(id))
	}
	t.model.mark = max(t.model.mark, mark)
	t.conversation.MarkRead(w.instant(), id, func(error) {})
}

// forget is what client.forget does: all tabs discard all messages, and the storage of the user is erased.
func (w *world) forget() {
	w.note("forget")
	if w.storage.fails {
		return
	}
	for _, s := range w.sends {
		s.discarded, s.forgotten = true, true
	}
	for _, t := range w.tabs {
		if !t.isGone && !t.isFrozen {
			t.conversation.Forget(w.instant())
			t.pump()
			if !t.isGone && len(t.conversation.Messages()) > 0 && t.conversation.Messages()[len(t.conversation.Messages())-1].State != chatstate.Sent {
				w.problem("tab %d has pending messages after forget", t.number)
			}
		}
	}
}

// retryBlocked does for a tab what its user does: it retries what has failed, and discards what nothing else helps. It tells whether
// there is nothing pending.
func (t *tab) retryBlocked() bool {
	isDone := true
	status, _ := t.conversation.Status()
	isOver := t.w.isRemoved || t.w.isDeleted
	for _, m := range append([]*chatstate.Message{}, t.conversation.Messages()...) {
		if m.State == chatstate.Sent {
			continue
		}
		isDone = false
		if m.Error != nil && !isOver {
			t.retries++
			if t.retries > 60 && m.State == chatstate.Unknown {
				t.discard(m.Key)
			} else if status != chatstate.Ended {
				t.retry(m.Key)
			}
		}
		if isOver && status == chatstate.Ended && m.State != chatstate.Sending { // the answer decides about that one
			if m.State != chatstate.Failed && m.State != chatstate.Unknown {
				t.w.problem("tab %d has ended with the message %s %s", t.number, m.Key, m.State)
			}
			t.discard(m.Key)
		}
	}
	t.pump()
	return isDone && (status == chatstate.Live || isOver && status == chatstate.Ended)
}

func (w *world) threadPath() string { return "/" + url.PathEscape(w.thread) }

func (w *world) alexWrites() {
	w.number++
	w.ask(w.alex, "POST", w.threadPath()+"/messages", fmt.Sprintf(`{"content":"m%d"}`, w.number))
}

func (w *world) alexEdits() {
	var ids []string
	for _, m := range w.stored() {
		if m.SenderCommunicationIdentifier != nil && m.SenderCommunicationIdentifier.RawID == w.alex.ID && m.DeletedOn == "" {
			ids = append(ids, m.ID)
		}
	}
	w.alexEditsOneOf(ids)
}

func (w *world) alexEditsOneOf(ids []string) {
	if len(ids) == 0 {
		return
	}
	id := ids[w.random.IntN(len(ids))]
	w.number++
	path := w.threadPath() + "/messages/" + id
	if w.chance(0.3) {
		w.note("alex deletes %s", id)
		w.ask(w.alex, "DELETE", path, "")
		return
	}
	w.note("alex edits %s", id)
	w.ask(w.alex, "PATCH", path, fmt.Sprintf(`{"content":"m%d"}`, w.number))
}

func (w *world) alexChangesTopic() {
	w.number++
	topic := fmt.Sprintf("T%d", w.number)
	w.note("alex sets the topic %s", topic)
	w.topics[topic] = true
	w.ask(w.alex, "PATCH", w.threadPath(), fmt.Sprintf(`{"topic":%q}`, topic))
	w.topic = topic
}

func (w *world) alexRemovesJane() {
	identifier := fmt.Sprintf(`{"rawId":%q}`, w.jane.ID)
	path, body := "/participants/:remove", identifier
	if w.isRemoved {
		path, body = "/participants/:add", `{"participants":[{"communicationIdentifier":`+identifier+`}]}`
	}
	status, _ := w.ask(w.alex, "POST", w.threadPath()+path, body)
	if status < 300 {
		w.isRemoved = !w.isRemoved
	}
	w.note("jane is removed: %v (%d)", w.isRemoved, status)
}

func (w *world) alexDeletesThread() {
	w.note("alex deletes the thread")
	w.ask(w.alex, "DELETE", w.threadPath(), "")
	w.isDeleted = true
}

func (w *world) alexReads() {
	if stored := w.stored(); len(stored) > 0 {
		id := stored[w.random.IntN(len(stored))].ID
		w.ask(w.alex, "POST", w.threadPath()+"/readReceipts", fmt.Sprintf(`{"chatMessageId":%q}`, id))
	}
}

// newerText is the rest of a record that a newer version has stored. The versions of the form differ in what it means.
const newerText = "1750000000000\n\n\n{\"content\":\"newer\"}"

// newerVersionComes makes a newer version of the client take over a message that is not being sent, or store one of its own.
func (w *world) newerVersionComes() {
	for _, requests := range w.locks {
		if len(requests) > 0 {
			return
		}
	}
	for _, t := range w.tabs {
		if w.storage.fails || !t.isGone && t.model.hasFailed {
			return
		}
	}
	for _, name := range w.storage.names() {
		queue := w.storage.queues[name]
		for _, s := range w.sends {
			record, ok := queue[s.key]
			if ok && strings.Split(record.Text, "\n")[2] == "" && w.chance(0.5) {
				w.note("a newer version takes over %s", s.content)
				s.isTaken = true
				record.Text = newerVersion + strings.TrimPrefix(record.Text, "1\n")
				queue[s.key] = record
				w.announce(nil, chatstate.Effect{Key: s.key})
				return
			}
		}
		w.storage.sequence++
		key := fmt.Sprintf("of-a-newer-version-%d", w.storage.sequence)
		queue[key] = chatstate.Record{Sequence: w.storage.sequence, Key: key, Text: newerVersion + newerText}
		w.newer++
	}
}
