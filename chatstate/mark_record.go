package chatstate

import "acschat/chatcore"

// markKey is the key of the record that keeps the mark. Keys of messages are longer.
const markKey = "mark"

// markRecord is the record of a queue that keeps how far the user has read. Conversations and inboxes of all programs share it. Its text
// is the version of the form, and the id of the newest message that was read.
type markRecord struct {
	wanted    string // id that MarkRead wants stored; "" once it is
	text      string // once all effects are performed
	writes    int    // effects on the record that are not answered
	isForeign bool   // a newer version of the client has written it: it stays as it is
}

func (k *markRecord) mustSave() bool { return k.wanted != "" && !k.isForeign }

// put returns the effect that stores the wanted id.
func (k *markRecord) put() Effect {
	expected := k.text
	k.text = recordVersion + "\n" + k.wanted
	k.writes++
	return Effect{Kind: PutRecord, Record: Record{Key: markKey, Text: k.text}, Expected: expected}
}

// remove returns the effect that removes the record.
func (k *markRecord) remove() Effect {
	expected := k.text
	k.text = ""
	return Effect{Kind: RemoveRecord, Record: Record{Key: markKey}, Expected: expected}
}

// answered takes the answer to put. It returns false if another program has changed the record: then it must be read.
func (k *markRecord) answered(id string, a Answer) (isStored bool) {
	k.writes--
	if !a.Differs && k.wanted == id {
		k.wanted = ""
	}
	return !a.Differs
}

// merge takes the text that the storage has, which is "" if there is none. It returns the id in it, or "".
func (k *markRecord) merge(text string) (id string) {
	n := len(recordVersion) + 1
	k.isForeign = text != "" && (len(text) <= n || text[:n] != recordVersion+"\n")
	if k.isForeign {
		return ""
	}
	if text != "" {
		id = text[n:]
	}
	if _, ok := parseNumber(id); !ok {
		id = ""
	}
	if k.writes == 0 { // otherwise the storage has changed since it was read
		k.text = text
		if chatcore.CompareIDs(id, k.wanted) >= 0 {
			k.wanted = ""
		}
	}
	return id
}
