// Package chatstate holds what a page renders of a chat thread: its messages with the ones that are being sent, the participants,
// the topic and the number of unread messages.
//
// A [Conversation] is a state machine without I/O, like chatcore's Call. It makes calls on a chatcore.Client, and its driver tells it what
// they led to. It reports what has changed, so that a driver updates what it shows and never copies the whole list.
package chatstate
