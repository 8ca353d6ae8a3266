package chatstate

import "acschat/chatcore"

// timeline is the sent messages of the list.
//
// The service lists messages by their last change: an old message that was edited comes on the first page. Its version is then higher
// than its id, and never lower. So when all versions from V on have been read, all messages with ids from V on are known. The timeline
// shows such a complete range of ids, its window. It holds other messages back until the window reaches them.
type timeline struct {
	list
	isMine func(*chatcore.ChatMessage) bool

	low    string // the window is complete from this id on; "" before the first page, "0" at the beginning of the thread
	high   string // up to this id; "" up to the newest
	newest string // the highest id that was seen

	// outside are messages beyond the window that paging would not find again in the place of their id, since they were edited or
	// deleted. While keepNew is true, they are all messages that arrive beyond the window.
	outside map[string]chatcore.ChatMessage
	keepNew bool

	// Own messages keep their idempotency token as the key, even if an edit removes it from the metadata.
	keys map[string]string // by id
	ids  map[string]string // by key
}

// maxKeys bounds the keys that are kept of messages beyond the window. A key that was dropped follows from the metadata.
const maxKeys = 2000

func newTimeline(isMine func(*chatcore.ChatMessage) bool) timeline {
	return timeline{isMine: isMine, outside: map[string]chatcore.ChatMessage{}, keys: map[string]string{}, ids: map[string]string{}}
}

func (t *timeline) isLoaded() bool { return t.low != "" }

// contains tells whether an id is in the window.
func (t *timeline) contains(id string) bool {
	return t.isLoaded() && chatcore.CompareIDs(id, t.low) >= 0 && !t.isBeyond(id)
}

// isBeyond tells whether an id is newer than the window.
func (t *timeline) isBeyond(id string) bool {
	return t.high != "" && chatcore.CompareIDs(id, t.high) > 0
}

// apply takes a message that the service has shown. An older version than the known one changes nothing.
func (t *timeline) apply(message chatcore.ChatMessage) {
	t.noteID(message.ID)
	if !t.contains(message.ID) {
		t.holdBack(message)
		return
	}
	i, found := t.search(message.ID)
	if found && chatcore.CompareIDs(message.Version, t.items[i].Version) <= 0 {
		return
	}
	m := &Message{ChatMessage: message, Mine: t.isMine(&message), State: Sent}
	if found {
		m.Key = t.items[i].Key
		t.replace(i, m)
		return
	}
	m.Key = t.keyOf(&message)
	t.insert(i, m)
	t.sent++
}

func (t *timeline) noteID(id string) {
	if chatcore.CompareIDs(id, t.newest) > 0 {
		t.newest = id
	}
}

// keyOf returns the key of a message: its token if the user has sent it with one, otherwise its id.
func (t *timeline) keyOf(m *chatcore.ChatMessage) string {
	if key := t.keys[m.ID]; key != "" {
		return key
	}
	token := m.Metadata[chatcore.IdempotencyTokenName]
	if token == "" || !t.isMine(m) || t.ids[token] != "" {
		return m.ID
	}
	t.noteKey(m.ID, token)
	return token
}

// noteKey keeps the key of an own message.
func (t *timeline) noteKey(id, key string) {
	t.keys[id], t.ids[key] = key, id
	if len(t.keys) > maxKeys {
		for id, key := range t.keys {
			if _, isShown := t.search(id); !isShown {
				delete(t.keys, id)
				delete(t.ids, key)
			}
		}
	}
}

// hasKey tells whether a message with this key was sent.
func (t *timeline) hasKey(key string) bool { return t.ids[key] != "" }

func (t *timeline) holdBack(message chatcore.ChatMessage) {
	known, ok := t.outside[message.ID]
	if (t.keepNew || isChanged(&message)) && (!ok || chatcore.CompareIDs(message.Version, known.Version) > 0) {
		t.outside[message.ID] = message
	}
}

func isChanged(message *chatcore.ChatMessage) bool {
	return message.EditedOn != "" || message.DeletedOn != ""
}

// widen makes the window reach from low to high, and shows what was held back there.
func (t *timeline) widen(low, high string) {
	t.low, t.high = low, high
	for id, message := range t.outside {
		if t.contains(id) {
			delete(t.outside, id)
			t.apply(message)
		}
	}
}

// dropNewest removes sent messages from the end of the window until limit are left. It returns those.
func (t *timeline) dropNewest(limit int) (dropped []*Message) {
	for t.sent > limit {
		t.sent--
		dropped = append(dropped, t.items[t.sent])
		t.drop(t.sent)
		t.high = t.items[t.sent-1].ID
	}
	return dropped
}

// dropOldest removes messages from the beginning of the window until limit are left.
func (t *timeline) dropOldest(limit int) {
	for t.sent > limit {
		t.sent--
		t.drop(0)
		t.low = t.items[0].ID
	}
}

func (t *timeline) drop(i int) {
	t.holdBack(t.items[i].ChatMessage)
	t.remove(i)
}

// reset makes the window reach from low to the newest message. Messages that are not in it go.
func (t *timeline) reset(low string) {
	for t.sent > 0 && chatcore.CompareIDs(t.items[0].ID, low) < 0 {
		t.sent--
		t.drop(0)
	}
	t.widen(low, "")
}

// dropUnchanged drops what was held back only because keepNew was set.
func (t *timeline) dropUnchanged() {
	for id, message := range t.outside {
		if !isChanged(&message) {
			delete(t.outside, id)
		}
	}
}
