package chatstate

import "acschat/chatcore"

// EffectKind is what a driver does for a conversation or an inbox.
type EffectKind int

// The values of EffectKind. The driver begins effects in their order. It answers those on records in the same order, also when they come
// from several calls of Next.
const (
	StartCall    EffectKind = iota + 1 // start the Call and perform it, then Ended
	AbortCall                          // abort the Call; no answer
	RequestLock                        // acquire the lock Queue, then Answered
	ReleaseLock                        // release the lock Queue, or withdraw the request for it; no answer
	ListRecords                        // read the records of the Queue, then Answered
	PutRecord                          // store the Record in the Queue, if that has the text Expected, then Answered
	RemoveRecord                       // remove the record with that key, if it has the text Expected, then Answered
	Announce                           // tell the others with the Queue about the record Key, see Conversation.Announced and Inbox.Announced; no answer
	Settle                             // the message Key has left the queue: it was sent with ID, or it will not be, because of Err; no answer
)

// Effect is something that a conversation or an inbox needs its driver to do.
type Effect struct {
	Kind     EffectKind
	Number   int // identifies the answer
	Call     *chatcore.Call
	Queue    string
	Record   Record
	Expected string // "": there must be no record with that key
	Key, ID  string
	IsGone   bool // Announce: the message has left the queue
	Err      error
}

// Answer answers an effect.
type Answer struct {
	Records  []Record // ListRecords: in ascending order of their sequence
	Sequence int64    // PutRecord: of the record
	Differs  bool     // PutRecord, RemoveRecord: nothing was done, since the text was not the expected one
	Err      error    // the storage has failed
}

// Record is a message of a queue in the driver's storage, or how far the user has read in its thread.
type Record struct {
	Sequence int64 // given by the storage to a new record, in ascending order; a record keeps it when it is stored again
	Key      string
	Text     string
}
