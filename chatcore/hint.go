package chatcore

// An error's hint says what to do next. This file has the hints that fit every language. Hints that name options or functions are
// different in JavaScript and Go, so the drivers have them: Error.Reason tells the driver which one to add.

// Reason says which hint the driver must add to an error. 0 means none.
type Reason uint8

const (
	BadArgument          Reason = iota + 1 // InvalidArgument, for all other reasons
	BadIdempotencyToken                    // InvalidArgument
	LimitExceeded                          // InvalidArgument: a value is larger than a documented limit, which CheckLimits turns off
	TokenMissing                           // InvalidArgument: the client has neither a token nor a token callback
	FixedTokenRefused                      // Unauthorized, without a token callback
	TokenCallbackFailed                    // TokenError: Cause is the callback's error
	TokenCallbackTimeout                   // Timeout of the token callback
	NoAnswer                               // NetworkError
	NoLocalAnswer                          // NetworkError, from an endpoint on this machine
	NoAnswerInTime                         // Timeout
	PageTooLong                            // ParseError: the page of a list is longer than MaxResponseBytes
	UnknownWithToken                       // DeliveryUnknown of a message with an idempotency token
	ClientClosed                           // Closed
)

// subject is what an operation works on. The hint of a 403 or a 404 depends on it.
type subject uint8

const (
	threadSubject subject = iota + 1
	messageSubject
	ownMessageSubject  // a message, which only its sender may change
	smallThreadSubject // a thread, which must be small for this operation
)

func (op *operation) subject() subject {
	switch {
	case op.smallThreads:
		return smallThreadSubject
	case op.idCount == 2 && op.httpMethod != "GET":
		return ownMessageSubject
	}
	return subject(op.idCount)
}

const (
	checkEndpoint = "Check that the endpoint is that of your Communication Services resource."
	checkProxies  = "Check that no proxy changes the service's answers."
	tokenHint     = "Pass only the token: without \"Bearer \", and not the JSON answer that contains it."
	forbidden     = "the token is from another resource than the endpoint, or its scope does not allow this."
	notInThread   = "you are not a participant of the thread, " + forbidden
	noThread      = "The thread does not exist, or you are not a participant. Check the thread id and the endpoint."
	noMessage     = "The thread or the message does not exist, or you are not a participant. Check both ids and the endpoint."
)

// hints are the hints of new errors. The first row counts that has the error's code and the operation's subject, or no subject.
var hints = []struct {
	code    Code
	subject subject
	reason  Reason
	hint    string
}{
	{BadRequest, 0, 0, "Compare the request with the REST documentation. The service's message may name the field."},
	{Unauthorized, 0, 0, "The token has expired, was revoked, or is not a user access token. Check the server that issued it."},
	{Forbidden, threadSubject, 0, "Possible causes: " + notInThread},
	{Forbidden, messageSubject, 0, "Possible causes: " + notInThread},
	{Forbidden, ownMessageSubject, 0, "Only the sender may edit or delete a message. Other causes: " + notInThread},
	{Forbidden, smallThreadSubject, 0, "Threads with more than 20 participants have no read receipts and typing notifications. Other causes: " + notInThread},
	{Forbidden, 0, 0, "Possible causes: " + forbidden},
	{NotFound, threadSubject, 0, noThread},
	{NotFound, smallThreadSubject, 0, noThread},
	{NotFound, messageSubject, 0, noMessage},
	{NotFound, ownMessageSubject, 0, noMessage},
	{NotFound, 0, 0, checkEndpoint},
	{TooManyRequests, 0, 0, "The service limits requests per user and per thread. Wait before you try again: refused requests count too."},
	{ServiceUnavailable, 0, 0, "The service is busy or down. Try again later."},
	{HTTPError, 0, 0, checkEndpoint + " If it is, try again later."},
	{ParseError, 0, 0, "The operation has most likely taken effect. " + checkEndpoint + " " + checkProxies},
	{TokenError, 0, 0, tokenHint},
	{DeliveryUnknown, 0, 0, "The message may have arrived. Look at the thread before you send it again."},
	{InternalError, 0, 0, "This is a bug in the client or in something that it called. Please report the message."},
	{InvalidArgument, 0, BadArgument, ""},
	{NetworkError, 0, NoAnswer, ""},
	{Timeout, 0, NoAnswerInTime, ""},
	{Closed, 0, ClientClosed, ""},
}

// setHint sets the hint of a new error, according to its code and the operation's subject.
func (e *Error) setHint(of subject) {
	for i := range hints {
		if h := &hints[i]; h.code == e.Code && (h.subject == of || h.subject == 0) {
			e.Reason, e.Hint = h.reason, h.hint
			return
		}
	}
}
