package chatstate

import "acschat/chatcore"

// Codes of errors that only conversations have.
const (
	Cancelled    chatcore.Code = "Cancelled"    // the message was cancelled or discarded
	Expired      chatcore.Code = "Expired"      // the message has waited for more than 24 hours; Retry sends it
	StorageError chatcore.Code = "StorageError" // the storage of pending messages cannot be used
)

func newError(operation string, code chatcore.Code, message string) *chatcore.Error {
	return chatcore.NewError(operation, code, message)
}
