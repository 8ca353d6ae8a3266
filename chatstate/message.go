package chatstate

import "acschat/chatcore"

// State says how far a message is on its way to the service.
type State string

// The values of State.
const (
	Queued  State = "queued"  // waits for earlier messages, for the network, for a token or for the next attempt
	Sending State = "sending" // a call is under way
	Sent    State = "sent"    // the service has it
	Failed  State = "failed"  // it was not sent; it blocks the queue until it is retried or discarded
	Unknown State = "unknown" // an attempt may have succeeded. The next one finds out; after an error that is none of the network, only a retry
)

// Message is a message of a conversation. A Message does not change: a changed message is another Message with the same key.
type Message struct {
	chatcore.ChatMessage
	Key   string // stays the same when a sent message gets its id
	Mine  bool   // sent by the token's user
	State State
	Error *chatcore.Error // why the message failed, or the last attempt did

	request *chatcore.SendChatMessageRequest // that a pending message shows
}

// JSON returns the message as pages get it, without its error.
func (m *Message) JSON() string {
	mine := "false"
	if m.Mine {
		mine = "true"
	}
	json := m.ChatMessage.JSON()
	comma := ","
	if json == "{}" {
		comma = ""
	}
	return `{"key":"` + escapeQuotes(m.Key) + `","mine":` + mine + `,"state":"` + string(m.State) + `"` + comma + json[1:]
}

// escapeQuotes escapes a key for JSON. A key is visible ASCII: a token or an id.
func escapeQuotes(key string) string {
	for i := range len(key) {
		if key[i] == '"' || key[i] == '\\' {
			return key[:i] + `\` + key[i:i+1] + escapeQuotes(key[i+1:])
		}
	}
	return key
}

// countsAsUnread tells whether the message counts as unread until it is read: it is from another user, and has content.
func (m *Message) countsAsUnread() bool {
	return !m.Mine && m.DeletedOn == "" && (m.Type == chatcore.ChatMessageTypeText || m.Type == chatcore.ChatMessageTypeHTML)
}

// parseNumber reads a whole number of up to 18 digits.
func parseNumber(text string) (n int64, ok bool) {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' || i == 18 {
			return 0, false
		}
		n = n*10 + int64(text[i]-'0')
	}
	return n, text != ""
}
