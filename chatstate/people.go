package chatstate

import "acschat/chatcore"

// Participant is a participant of the thread.
type Participant struct {
	chatcore.ChatParticipant
	LastReadMessageID string // "" if that is unknown
}

// people is what a conversation knows besides the messages.
type people struct {
	topic        string
	topicID      string // of the message that set it
	participants []Participant
	membershipID string            // of the newest message that says whether the user is a participant
	isRemoved    bool              // according to that message
	read         map[string]string // by raw id, the id of the newest message that was read

	topicAt, listAt, receiptsAt         chatcore.Instant // when to ask for the topic, the participants and the receipts; 0: not
	isAsking, isListing, isListingReads bool
	startedAt                           chatcore.Instant
}

const (
	maxWithReceipts = 20     // most participants of a thread with read receipts
	receiptsMs      = 15_000 // between two lists of receipts
	peopleRetryMs   = 30_000
	peoplePageSize  = 200
	maxPeoplePages  = 10
)

// Topic returns the topic of the thread.
func (c *Conversation) Topic() string { return c.people.topic }

// Participants returns the participants of the thread. It is empty before they are known. The caller must not change it.
func (c *Conversation) Participants() []Participant { return c.people.participants }

func (c *Conversation) setTopic(topic string) {
	if topic != c.people.topic {
		c.people.topic = topic
		c.changed |= TopicChanged
	}
}

// askTopic asks for the topic, unless a message tells it first.
func (c *Conversation) askTopic() {
	p := &c.people
	p.topicAt, p.isAsking = 0, true
	c.begin(c.client.GetThread(c.threadID, c.callOptions()), func(now chatcore.Instant, result chatcore.Result, err error) {
		p.isAsking = false
		if e, ok := err.(*chatcore.Error); ok {
			p.topicAt = now + peopleRetryMs
			c.endsConversation(now, e)
		} else if p.topicID == "" {
			c.setTopic(result.(*chatcore.ChatThreadProperties).Topic)
		}
	})
}

// noteMembership handles a system message about added or removed participants.
func (c *Conversation) noteMembership(now chatcore.Instant, m *chatcore.ChatMessage) {
	if m.Content == nil {
		return
	}
	p := &c.people
	for i := range m.Content.Participants {
		if c.user != "" && rawID(&m.Content.Participants[i].CommunicationIdentifier) == c.user && chatcore.CompareIDs(m.ID, p.membershipID) > 0 {
			p.membershipID = m.ID
			wasRemoved := p.isRemoved
			p.isRemoved = m.Type == chatcore.ChatMessageTypeParticipantRemoved && !c.hasMessageAfter(m.ID)
			switch {
			case p.isRemoved:
				c.end(now, newError("watchMessages", chatcore.Forbidden, "the user was removed from the thread"))
			case wasRemoved:
				c.resume(now)
			}
		}
	}
	p.listAt = now
}

// hasMessageAfter tells whether the user has seen a newer message. If the user was removed before, that shows that the user was added
// again: one who is added without the history does not see the message about it.
func (c *Conversation) hasMessageAfter(id string) bool {
	return chatcore.CompareIDs(c.timeline.newest, id) > 0
}

// rawID returns the raw id of an identifier. Responses always have it.
func rawID(id *chatcore.CommunicationIdentifierModel) string { return id.RawID }

// peopleDeadline returns when something has to be listed, or 0.
func (c *Conversation) peopleDeadline() (earliest chatcore.Instant) {
	p := &c.people
	if c.status == Ended {
		return 0
	}
	if !p.isAsking {
		earliest = p.topicAt
	}
	if !p.isListing {
		earliest = earlier(earliest, p.listAt)
	}
	if !p.isListingReads {
		earliest = earlier(earliest, p.receiptsAt)
	}
	return earliest
}

// listPeople requests the topic, the participants and the receipts, whichever are due.
func (c *Conversation) listPeople(now chatcore.Instant) {
	p := &c.people
	if c.status == Ended {
		return
	}
	if isDue(now, p.topicAt) && !p.isAsking {
		c.askTopic()
	}
	if isDue(now, p.listAt) && !p.isListing {
		p.listAt, p.isListing = 0, true
		c.listParticipants(nil, "", 1)
	}
	if isDue(now, p.receiptsAt) && !p.isListingReads {
		p.receiptsAt, p.isListingReads = 0, true
		c.listReceipts("", 1)
	}
}

func (c *Conversation) listParticipants(found []Participant, nextLink string, page int) {
	o := chatcore.ListChatParticipantsOptions{MaxPageSize: peoplePageSize, NextLink: nextLink}
	c.begin(c.client.ListParticipants(c.threadID, o, c.callOptions()), func(now chatcore.Instant, result chatcore.Result, err error) {
		p := &c.people
		if err != nil {
			p.isListing = false
			p.listAt = now + peopleRetryMs
			return
		}
		r := result.(*chatcore.ChatParticipantsCollection)
		for _, participant := range r.Value {
			found = append(found, Participant{participant, p.read[rawID(&participant.CommunicationIdentifier)]})
		}
		if r.NextLink != "" && page < maxPeoplePages {
			c.listParticipants(found, r.NextLink, page+1)
			return
		}
		p.isListing = false
		p.participants = found
		c.showReceipts()
		c.changed |= ParticipantsChanged
		if len(found) <= maxWithReceipts && p.receiptsAt == 0 && !p.isListingReads {
			p.receiptsAt = now
		}
	})
}

func (c *Conversation) listReceipts(nextLink string, page int) {
	o := chatcore.ListChatReadReceiptsOptions{MaxPageSize: peoplePageSize, NextLink: nextLink}
	c.begin(c.client.ListReadReceipts(c.threadID, o, c.callOptions()), func(now chatcore.Instant, result chatcore.Result, err error) {
		p := &c.people
		if err == nil {
			r := result.(*chatcore.ChatMessageReadReceiptsCollection)
			for i := range r.Value {
				c.noteReceipt(&r.Value[i])
			}
			c.showReceipts()
			if r.NextLink != "" && page < maxPeoplePages {
				c.listReceipts(r.NextLink, page+1)
				return
			}
		}
		p.isListingReads = false
		if len(p.participants) <= maxWithReceipts {
			p.receiptsAt = now + receiptsMs
		}
	})
}

func (c *Conversation) noteReceipt(receipt *chatcore.ChatMessageReadReceipt) {
	p, reader := &c.people, rawID(&receipt.SenderCommunicationIdentifier)
	if p.read == nil {
		p.read = map[string]string{}
	}
	if chatcore.CompareIDs(receipt.ChatMessageID, p.read[reader]) <= 0 {
		return
	}
	p.read[reader] = receipt.ChatMessageID
	if c.user != "" && reader == c.user {
		c.raiseMark(receipt.ChatMessageID)
		if chatcore.CompareIDs(receipt.ChatMessageID, c.marks.receipt) > 0 {
			c.marks.receipt = receipt.ChatMessageID
		}
	}
}

// showReceipts copies what was read into the participants, if that changes anything. Callers may still use the old slice.
func (c *Conversation) showReceipts() {
	p := &c.people
	isCopied := false
	for i := range p.participants {
		read := p.read[rawID(&p.participants[i].CommunicationIdentifier)]
		if read == p.participants[i].LastReadMessageID {
			continue
		}
		if !isCopied {
			p.participants = append([]Participant(nil), p.participants...)
			isCopied = true
			c.changed |= ParticipantsChanged
		}
		p.participants[i].LastReadMessageID = read
	}
}
