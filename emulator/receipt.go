package emulator

import (
	"slices"
	"time"
)

// maxParticipantsToNotify is the largest number of participants for which a thread has read receipts and typing
// notifications.
const maxParticipantsToNotify = 20

// ReadReceipt is the REST ChatMessageReadReceipt.
type ReadReceipt struct {
	Sender    string // raw id
	MessageID string
	ReadOn    time.Time // UTC, whole seconds
}

type chatMessageReadReceipt struct {
	SenderCommunicationIdentifier identifier `json:"senderCommunicationIdentifier"`
	ChatMessageID                 string     `json:"chatMessageId"`
	ReadOn                        string     `json:"readOn"`
}

// isLarge reports whether the thread is too large for read receipts and typing notifications.
func (t *thread) isLarge() bool { return t.memberCount() > maxParticipantsToNotify }

// sendChatReadReceipt is the REST operation Send Chat Read Receipt. A user has one receipt per thread. A receipt for an
// earlier message than the current one changes nothing. In a large thread, the service is reported to accept receipts and to
// list none.
func (em *Emulator) sendChatReadReceipt(c *call) (response, *communicationError) {
	body := c.readBody()
	messageID := body.requiredString("chatMessageId")
	if failure := body.problem(); failure != nil {
		return response{}, failure
	}
	return em.write(func() (response, *communicationError) {
		thread, failure := em.findThread(c)
		if failure != nil {
			return response{}, failure
		}
		if _, failure = thread.findMessage(messageID, thread.members[c.user]); failure != nil {
			return response{}, failure
		}
		if !thread.isLarge() {
			em.setReceipt(thread, ReadReceipt{c.user, messageID, em.currentSecond()})
		}
		return response{status: statusOK}, nil
	})
}

// setReceipt sets a user's receipt, unless the current one is for the same or a later message. em.mu is held.
func (em *Emulator) setReceipt(t *thread, receipt ReadReceipt) {
	i := slices.IndexFunc(t.receipts, func(r ReadReceipt) bool { return r.Sender == receipt.Sender })
	undo := func() { t.receipts = t.receipts[:len(t.receipts)-1] }
	if i < 0 {
		i = len(t.receipts)
		t.receipts = append(t.receipts, receipt)
	} else {
		before := t.receipts[i]
		if receipt.MessageID <= before.MessageID { // all ids have 13 digits
			return
		}
		t.receipts[i] = receipt
		undo = func() { t.receipts[i] = before }
	}
	id := t.properties.ID
	em.stage("receipt/"+id+"/"+receipt.Sender, &record{Receipt: &receiptRecord{id, i, receipt}}, undo)
}

// listChatReadReceipts is the REST operation List Chat Read Receipts. The list includes the caller's own receipt. It is
// sorted by the time of each user's first receipt. It is empty while the thread is large.
func (em *Emulator) listChatReadReceipts(c *call) (response, *communicationError) {
	p, failure := em.readSkipPage(c)
	if failure != nil {
		return response{}, failure
	}

	em.mu.Lock()
	defer em.mu.Unlock()
	thread, failure := em.findThread(c)
	if failure != nil {
		return response{}, failure
	}
	receipts := thread.receipts
	if thread.isLarge() {
		receipts = nil
	}
	return answerSkipPage(p, receipts, ReadReceipt.toREST), nil
}

func (r ReadReceipt) toREST() chatMessageReadReceipt {
	return chatMessageReadReceipt{newIdentifier(r.Sender), r.MessageID, formatTime(r.ReadOn)}
}
