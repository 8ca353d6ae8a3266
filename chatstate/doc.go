// Package chatstate holds what a page renders: of a chat thread its messages with the ones that are being sent, the participants, the
// topic and the number of unread messages; and the list of the user's threads.
//
// A [Conversation] and an [Inbox] are state machines without I/O, like chatcore's Call. They make calls on a chatcore.Client, and their
// driver tells them what these led to. They report what has changed, so that a driver updates what it shows and never copies the whole list.
package chatstate
