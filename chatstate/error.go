package chatstate

import "acschat/chatcore"

// Codes of errors that only conversations have.
const (
	Cancelled    chatcore.Code = "Cancelled"    // the message was cancelled or discarded
	Expired      chatcore.Code = "Expired"      // the message has waited for more than 24 hours; Retry sends it
	StorageError chatcore.Code = "StorageError" // the storage of pending messages cannot be used
)

// NewClosed returns the error of a call of a conversation or, for openInbox, of an inbox that was closed.
func NewClosed(operation string) *chatcore.Error {
	closed := "conversation"
	if operation == "openInbox" {
		closed = "inbox"
	}
	e := chatcore.NewError(operation, chatcore.Closed, "the "+closed+" was closed")
	e.Reason, e.Hint = 0, "Open the "+closed+" again." // the hint for the reason is about a closed client
	return e
}

func newError(operation string, code chatcore.Code, message string) *chatcore.Error {
	e := chatcore.NewError(operation, code, message)
	switch code {
	case Cancelled:
		e.Hint = "The client does not send it any more. An earlier attempt may have reached the service."
	case Expired:
		e.Hint = "Retry the message to send it all the same, or discard it."
	case StorageError:
		e.Hint = "Update this program, or reload this page: the storage was last used by a newer version."
	}
	return e
}
