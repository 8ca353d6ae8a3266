package chatstate_test

import (
	"strings"

	"acschat/chatcore"
	"acschat/chatstate"
)

// model is what a tab has been told: by the service, by the storage, and by the user. It says what the tab must show.
type model struct {
	known     map[string]chatcore.ChatMessage // the newest version of each message
	mark      int                             // id up to which the user has read
	hasFailed bool                            // the storage has failed
	told      int                             // highest id that another tab has announced for a pending message
	sequences map[string]int64                // by key, the place of a message in the queue
}

func newModel() model {
	return model{known: map[string]chatcore.ChatMessage{}, sequences: map[string]int64{}}
}

// noteResult takes a result that the conversation is given next.
func (m *model) noteResult(t *tab, result chatcore.Result) {
	switch r := result.(type) {
	case *chatcore.ChatMessagesCollection:
		for _, message := range r.Value {
			if known, ok := m.known[message.ID]; !ok || number(message.Version) > number(known.Version) {
				m.known[message.ID] = message
			}
		}
	case *chatcore.ChatMessageReadReceiptsCollection:
		for _, receipt := range r.Value {
			if receipt.SenderCommunicationIdentifier.RawID == t.w.jane.ID {
				m.mark = max(m.mark, number(receipt.ChatMessageID))
			}
		}
	}
}

// noteAnswer takes an answer of the storage that the conversation is given next.
func (m *model) noteAnswer(e chatstate.Effect, a chatstate.Answer) {
	m.hasFailed = m.hasFailed || a.Err != nil
	if e.Kind == chatstate.PutRecord && a.Sequence != 0 {
		m.sequences[e.Record.Key] = a.Sequence
	}
	for _, record := range a.Records {
		m.sequences[record.Key] = record.Sequence
		if version, id, ok := strings.Cut(record.Text, "\n"); ok && record.Key == "mark" && version == "1" && !m.hasFailed {
			m.mark = max(m.mark, number(id))
		}
	}
}

// newest returns the highest id that the tab has been told of.
func (t *tab) newest() int {
	newest := t.model.told
	for id := range t.model.known {
		newest = max(newest, number(id))
	}
	for id := range t.keys {
		newest = max(newest, number(id))
	}
	for _, s := range t.order {
		newest = max(newest, number(s.settledID))
	}
	return newest
}

// countsAsUnread is the rule for unread messages.
func (t *tab) countsAsUnread(m chatcore.ChatMessage) bool {
	sender := m.SenderCommunicationIdentifier
	return sender != nil && sender.RawID != t.w.jane.ID && m.DeletedOn == "" && (m.Type == "text" || m.Type == "html")
}

// check holds what the conversation shows against the model. It runs after each task.
func (t *tab) check() {
	w := t.w
	shown := t.mirrorChanges()
	if shown == nil || w.isOpaque { // then nothing is Jane's
		return
	}
	keys, contents, pending, last, sending, place := map[string]bool{}, map[string]bool{}, false, 0, 0, int64(0)
	var head *chatstate.Message
	for i, m := range shown {
		if m != t.mirror[i] {
			w.problem("tab %d: the changes do not lead to message %d", t.number, i)
		}
		if keys[m.Key] {
			w.problem("tab %d: two messages have the key %s", t.number, m.Key)
		}
		keys[m.Key] = true
		if m.Content != nil && m.Content.Message != "" && m.DeletedOn == "" {
			if contents[m.Content.Message] {
				w.problem("tab %d: %s is shown twice", t.number, m.Content.Message)
			}
			contents[m.Content.Message] = true
		}
		if m.State != chatstate.Sent {
			pending = true
			if m.State == chatstate.Sending {
				sending++
			}
			if head == nil {
				head = m
			} else if m.State == chatstate.Sending && head.State == chatstate.Failed {
				w.problem("tab %d sends %s, and %s before it has failed", t.number, m.Key, head.Key)
			}
			if sequence := t.model.sequences[m.Key]; sequence != 0 {
				if sequence < place && !t.model.hasFailed {
					w.problem("tab %d: %s is shown after a message that was stored later", t.number, m.Key)
				}
				place = sequence
			}
			if m.State == chatstate.Failed && m.Error == nil {
				w.problem("tab %d: %s has failed, and the error is missing", t.number, m.Key)
			}
			continue
		}
		if pending {
			w.problem("tab %d: a sent message is after a pending one", t.number)
		}
		if number(m.ID) <= last {
			w.problem("tab %d: message %s is out of order", t.number, m.ID)
		}
		last = number(m.ID)
		if known, ok := t.model.known[m.ID]; ok && known.Version != m.Version {
			w.problem("tab %d shows version %q of %s, and knows %s", t.number, m.Version, m.ID, known.Version)
		} else if !ok && !m.Mine {
			w.problem("tab %d shows %s, which nobody has told it", t.number, m.ID)
		}
		isJanes := m.SenderCommunicationIdentifier != nil && m.SenderCommunicationIdentifier.RawID == w.jane.ID
		if m.Mine != isJanes {
			w.problem("tab %d: mine of %s is %v", t.number, m.ID, m.Mine)
		}
		if key := t.keys[m.ID]; key != "" && key != m.Key {
			w.problem("tab %d: the key of %s changes from %s to %s", t.number, m.ID, key, m.Key)
		}
		t.keys[m.ID] = m.Key
	}
	if sending > 1 {
		w.problem("tab %d sends %d messages at once", t.number, sending)
	}
	t.checkWindow(shown, last)
	t.checkUnread(shown)
	t.checkQueue(shown, keys)
}

// mirrorChanges applies the changes to the mirror. It returns what the conversation shows, or nil if the number of messages is wrong.
func (t *tab) mirrorChanges() []*chatstate.Message {
	changes, _ := t.conversation.Changed()
	for _, c := range changes {
		switch c.Kind {
		case chatstate.Insert:
			t.mirror = append(t.mirror, nil)
			copy(t.mirror[c.Index+1:], t.mirror[c.Index:])
			t.mirror[c.Index] = c.Message
		case chatstate.Replace:
			t.mirror[c.Index] = c.Message
		case chatstate.Remove:
			t.mirror = append(t.mirror[:c.Index], t.mirror[c.Index+1:]...)
		}
	}
	shown := t.conversation.Messages()
	if len(shown) != len(t.mirror) {
		t.w.problem("tab %d: the changes make %d messages of %d", t.number, len(t.mirror), len(shown))
		return nil
	}
	return append([]*chatstate.Message{}, shown...)
}

// sentRange returns the first id that is shown, or 0, and the ids that are.
func sentRange(shown []*chatstate.Message) (first int, ids map[string]*chatstate.Message) {
	ids = map[string]*chatstate.Message{}
	for _, m := range shown {
		if m.State == chatstate.Sent {
			if first == 0 {
				first = number(m.ID)
			}
			ids[m.ID] = m
		}
	}
	return first, ids
}

// checkWindow checks that the window has no gaps and stays bounded.
func (t *tab) checkWindow(shown []*chatstate.Message, last int) {
	first, ids := sentRange(shown)
	c := t.conversation
	if first == 0 {
		return
	}
	for id := range t.model.known {
		if n := number(id); n > first && (n < last || !c.HasNewer()) && ids[id] == nil {
			t.w.problem("tab %d knows %s and does not show it", t.number, id)
			return
		}
	}
	if len(ids) > 30+200 {
		t.w.problem("tab %d has %d messages loaded", t.number, len(ids))
	}
}

// checkUnread counts the unread messages.
func (t *tab) checkUnread(shown []*chatstate.Message) {
	first, _ := sentRange(shown)
	if first == 0 {
		return
	}
	want, all := 0, 0
	for id, m := range t.model.known {
		if n := number(id); n > t.model.mark && t.countsAsUnread(m) {
			all++
			if n >= first {
				want++
			}
		}
	}
	count, isCapped := t.conversation.Unread()
	if count != want {
		t.w.problem("tab %d has %d unread messages, not %d", t.number, count, want)
	}
	if !isCapped && count != all {
		t.w.problem("tab %d has %d unread messages in the window, and knows %d", t.number, count, all)
	}
	if isCapped && (!t.conversation.HasOlder() || t.model.mark >= first) {
		t.w.problem("tab %d caps the unread messages without a reason", t.number)
	}
}

// checkQueue checks what holds for pending messages.
func (t *tab) checkQueue(shown []*chatstate.Message, keys map[string]bool) {
	w, c := t.w, t.conversation
	status, statusErr := c.Status()
	if w.offline && status == chatstate.Live {
		w.problem("tab %d is live without a network", t.number)
	}
	if (status == chatstate.Ended) && statusErr == nil {
		w.problem("tab %d has ended without a reason", t.number)
	}
	if c.Durability() == chatstate.Disk && !w.durable {
		w.problem("tab %d claims a storage that it has not", t.number)
	}
	var head *chatstate.Message
	for _, m := range shown {
		if m.State == chatstate.Sent {
			continue
		}
		if head == nil {
			head = m
		}
		if (m.State == chatstate.Failed || m.State == chatstate.Queued) && w.accepted[m.Key] && w.isAlone(t) && !t.model.hasFailed && !w.sendOf(m.Key).tab.model.hasFailed {
			w.problem("tab %d: %s is %s (%v), and the service has it", t.number, m.Key, m.State, m.Error)
		}
		if status == chatstate.Ended && m.State == chatstate.Queued && w.sendOf(m.Key).tab == t && w.isAlone(t) {
			w.problem("tab %d: %s is queued in a conversation that has ended", t.number, m.Key)
		}
	}
	isBlocked := head == nil || head.State == chatstate.Failed || head.State == chatstate.Unknown || status == chatstate.Ended
	switch paused := c.Paused(); {
	case paused == chatstate.OfflinePause && !w.offline:
		w.problem("tab %d pauses as offline with a network", t.number)
	case paused != chatstate.NotPaused && (head == nil || status == chatstate.Ended):
		w.problem("tab %d pauses as %s with nothing to send", t.number, paused)
	case w.offline && !isBlocked && paused != chatstate.OfflinePause:
		w.problem("tab %d does not say that it is offline: %q", t.number, paused)
	case !w.offline && !isBlocked && paused != chatstate.TokenPause && t.isOtherUser && w.now > t.otherSince+40_000 && !t.isFrozen:
		w.problem("tab %d does not say that the token is another user's: %q", t.number, paused)
	}
	sendingKey := ""
	for _, m := range shown {
		if m.State == chatstate.Sending {
			sendingKey = m.Key
		}
	}
	if sendingKey != "" && sendingKey != t.sendingKey && w.offline {
		w.problem("tab %d begins an attempt while it is offline", t.number)
	}
	t.sendingKey = sendingKey
	first, ids := sentRange(shown)
	for _, s := range t.order {
		switch {
		case s.settledID == "" && s.settled == nil && !keys[s.key]:
			w.problem("tab %d: %s is not shown and not settled", t.number, s.content)
		case s.settledID != "" && !c.HasNewer() && first != 0 && number(s.settledID) >= first && (ids[s.settledID] == nil || ids[s.settledID].Key != s.key):
			w.problem("tab %d: %s was sent as %s, and is not shown with its key", t.number, s.content, s.settledID)
		}
	}
}

// isAlone tells whether there are no other tabs, which could be sending.
func (w *world) isAlone(t *tab) bool {
	for _, other := range w.tabs {
		if other != t && (!other.isGone || other.goneAt > w.now-5000) {
			return false
		}
	}
	return true
}
