package chatstate_test

import (
	"fmt"
	"slices"
	"strings"

	"acschat/chatcore"
	"acschat/chatstate"
)

// checkEnd holds the end of a history against the service.
func (w *world) checkEnd() {
	stored := w.stored()
	w.checkSends(stored)
	for _, t := range w.tabs {
		if !t.isGone {
			t.checkEnd(stored)
		}
	}
	newer := 0
	for _, queue := range w.storage.queues {
		for key, record := range queue {
			if strings.HasPrefix(key, "of-a-newer-version") && record.Text == newerVersion+newerText {
				newer++
			}
		}
	}
	if newer != w.newer {
		w.problem("of %d records of a newer version, %d are left", w.newer, newer)
	}
}

// checkSends checks that each message was sent once, in order, as it was edited last, unless it was cancelled.
func (w *world) checkSends(stored []chatcore.ChatMessage) {
	at := map[string]int{}
	for i, m := range stored {
		if token := m.Metadata[chatcore.IdempotencyTokenName]; token != "" {
			if _, twice := at[token]; twice {
				w.problem("%s is stored twice", w.sendOf(token).content)
			}
			at[token] = i
		}
	}
	last := map[*tab]int{}
	for _, s := range w.sends {
		i, isStored := at[s.key]
		isRejected := s.settled != nil && !isClosed(s.settled)
		switch {
		case w.isDeleted:
			continue
		case s.cancelled && isStored && !s.tab.model.hasFailed:
			w.problem("%s was cancelled, and is stored", s.content)
		case s.settledID != "" && !isStored:
			w.problem("%s was settled as sent, and is not stored", s.content)
		case s.settledID != "" && stored[i].ID != s.settledID:
			w.problem("%s was settled as %s, and is %s", s.content, s.settledID, stored[i].ID)
		case isStored && !s.mayHave(stored[i].Content.Message):
			w.problem("%s is stored as %s", s.content, stored[i].Content.Message)
		case isRejected && !s.cancelAsked && !s.discarded && !s.isTaken && !w.isDeleted && !w.isRemoved:
			w.problem("%s was rejected: %v", s.content, s.settled)
		case !isStored && s.forgotten && !s.isTaken && w.storage.has(s.key) && !s.tab.model.hasFailed && !s.tab.isGone:
			w.problem("%s is in the storage after forget", s.content)
		case isStored && w.storage.has(s.key) && !s.isTaken && w.hasDisk():
			w.problem("%s was sent, and is still in the storage", s.content)
		case isStored || w.storage.has(s.key) || w.isDeleted || w.isRemoved: // the next page has it
		case !s.cancelAsked && !s.discarded && !s.isLost && !s.isTaken:
			w.problem("%s is lost: tab %d", s.content, s.tab.number)
		}
		if isStored && !s.discarded { // one that is discarded in flight may arrive late
			if i < last[s.tab] && !s.isTaken {
				w.problem("%s is out of order", s.content)
			}
			last[s.tab] = i
		}
	}
}

// mayHave tells whether the service may have a message with this content.
func (s *send) mayHave(content string) bool {
	return content == s.content || content == s.edited || s.tab.model.hasFailed && slices.Contains(s.former, content)
}

// hasDisk tells whether there is a tab that uses the storage.
func (w *world) hasDisk() bool {
	for _, t := range w.tabs {
		if !t.isGone && t.conversation.Durability() == chatstate.Disk {
			return true
		}
	}
	return false
}

func isClosed(err error) bool {
	e, ok := err.(*chatcore.Error)
	return ok && e.Code == chatcore.Closed
}

// checkEnd checks that a tab shows what the service has.
func (t *tab) checkEnd(stored []chatcore.ChatMessage) {
	w, c := t.w, t.conversation
	status, err := c.Status()
	if w.isDeleted || w.isRemoved {
		if status != chatstate.Ended {
			w.problem("tab %d is %s, and its thread is gone: %v", t.number, status, err)
		}
		return
	}
	if status != chatstate.Live {
		w.problem("tab %d is %s: %v", t.number, status, err)
		return
	}
	if t.w.durable && !t.model.hasFailed && c.Durability() != chatstate.Disk || t.model.hasFailed && c.Durability() != chatstate.Memory {
		w.problem("tab %d: durability is %s", t.number, c.Durability())
	}
	if c.Topic() != w.topic {
		w.problem("tab %d has the topic %q, not %q", t.number, c.Topic(), w.topic)
	}
	if problem := t.participantsProblem(); problem != "" {
		w.problem("tab %d: %s", t.number, problem)
	}
	shown := c.Messages()
	if len(shown) == 0 {
		w.problem("tab %d shows nothing", t.number)
		return
	}
	byID := map[string]int{}
	for i, m := range stored {
		byID[m.ID] = i
	}
	first := byID[shown[0].ID]
	for i, m := range shown {
		if m.State != chatstate.Sent {
			w.problem("tab %d still has the pending %s %s: %v", t.number, m.State, m.Content.Message, m.Error)
			break
		}
		if first+i >= len(stored) || stored[first+i].ID != m.ID {
			w.problem("tab %d shows %s where the service has %+v", t.number, m.ID, stored[min(first+i, len(stored)-1)])
			break
		}
		if s := stored[first+i]; s.Version != m.Version || s.Content != nil && s.Content.Message != m.Content.Message {
			w.problem("tab %d shows version %s of %s, the service has %s", t.number, m.Version, m.ID, s.Version)
		}
	}
	if !c.HasNewer() && stored[len(stored)-1].ID != shown[len(shown)-1].ID {
		w.problem("tab %d does not show the newest message", t.number)
	}
	if !c.HasOlder() && first != 0 {
		w.problem("tab %d does not show the oldest message", t.number)
	}
	if len(shown) > 30 {
		w.problem("tab %d has %d messages loaded", t.number, len(shown))
	}
	unread := 0
	for _, m := range stored {
		if number(m.ID) > t.model.mark && t.countsAsUnread(m) {
			unread++
		}
	}
	if n, isCapped := c.Unread(); !isCapped && n != unread || n > unread {
		w.problem("tab %d has %d unread messages, the thread has %d", t.number, n, unread)
	}
}

// participantsProblem compares participants and what they have read with the service.
func (t *tab) participantsProblem() string {
	w := t.w
	_, body := w.ask(w.alex, "GET", w.threadPath()+"/readReceipts", "")
	receipts, err := chatcore.ParseListReadReceipts(chatcore.Response{Status: 200, Body: body})
	if err != nil {
		panic(err)
	}
	read := map[string]string{}
	for _, r := range receipts.Value {
		read[r.SenderCommunicationIdentifier.RawID] = r.ChatMessageID
	}
	participants := t.conversation.Participants()
	if len(participants) != 2 {
		return fmt.Sprintf("%d participants", len(participants))
	}
	for _, p := range participants {
		if id := p.CommunicationIdentifier.RawID; p.LastReadMessageID != read[id] {
			return fmt.Sprintf("%s has read %q, not %q", id, p.LastReadMessageID, read[id])
		}
	}
	return ""
}
