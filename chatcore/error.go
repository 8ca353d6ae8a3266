package chatcore

import (
	"strconv"

	"acschat/chatcore/internal/json"
)

// Code says what kind of failure an [*Error] is. The list is closed.
type Code string

const (
	// By the status of an answer.
	BadRequest         Code = "BadRequest"         // 400
	Unauthorized       Code = "Unauthorized"       // 401
	Forbidden          Code = "Forbidden"          // 403
	NotFound           Code = "NotFound"           // 404
	TooManyRequests    Code = "TooManyRequests"    // 429
	ServiceUnavailable Code = "ServiceUnavailable" // 503
	HTTPError          Code = "HttpError"          // any other that is not the operation's success

	// Without one.
	InvalidArgument Code = "InvalidArgument" // refused before the network; Target is the path of the field
	TokenError      Code = "TokenError"      // the token callback failed, or returned something that is not a token
	NetworkError    Code = "NetworkError"    // no answer
	Timeout         Code = "Timeout"         // no answer in time
	ParseError      Code = "ParseError"      // an answer that cannot be read
	DeliveryUnknown Code = "DeliveryUnknown" // a send that may have arrived; Cause says why that is not known
	LoadError       Code = "LoadError"       // the module could not be loaded
	NotInitialized  Code = "NotInitialized"  // the module is not loaded yet
	Closed          Code = "Closed"          // the client was closed
	InternalError   Code = "InternalError"   // a bug of this client
)

// Error is the failure of an operation.
type Error struct {
	Operation        string // the client method, as in sendMessage
	Code             Code
	Message          string // operation, status and the service's words; for people, and free to change
	Hint             string // likely causes and the next step, in words that fit every language
	Reason           Reason // what the driver's own words are to add to Hint
	Status           int    // HTTP status, 0 without an answer
	ServiceCode      string // the code in the body, as it stood there
	Target           string // InvalidArgument: the path of the field; else the service's word
	Details          []CommunicationError
	InnerError       *CommunicationError
	RetryAfterMs     int    // milliseconds, 0 where the service did not say or the browser hides it
	Attempts         int    // requests that were sent
	IdempotencyToken string // DeliveryUnknown: that of the message, to find out with
	Cause            error  // what led to it, or nil
}

// newError returns an error with the hint of its code.
func newError(operation string, code Code, message string, cause error) *Error {
	e := &Error{Operation: operation, Code: code, Message: operation + ": " + message, Cause: cause}
	e.setHint(0)
	return e
}

// NewInvalidArgument returns the error of an argument that breaks a rule; problem continues a sentence that starts with
// its path.
func NewInvalidArgument(operation, path, problem string, cause error) *Error {
	e := newError(operation, InvalidArgument, path+" "+problem, cause)
	e.Target = path
	return e
}

// NewDeliveryUnknown returns the error of a sendMessage that cause has ended, though the message may have been sent. token is the
// message's idempotency token, or "".
func NewDeliveryUnknown(cause *Error, token string) *Error {
	e := newError(sendMessage.name, DeliveryUnknown, "the message may or may not have been delivered ("+cause.Message+")", cause)
	e.Status, e.ServiceCode, e.RetryAfterMs, e.Attempts = cause.Status, cause.ServiceCode, cause.RetryAfterMs, cause.Attempts
	e.nameToken(token)
	return e
}

// nameToken gives the error of a send the message's idempotency token, if it has one.
func (e *Error) nameToken(token string) {
	if token != "" {
		e.IdempotencyToken, e.Reason, e.Hint = token, UnknownWithToken, ""
	}
}

// NewClosed returns the error of an operation whose client was closed.
func NewClosed(operation string) *Error {
	return newError(operation, Closed, "the client was closed", nil)
}

// NewInternalError returns the error of a bug that a driver ran into.
func NewInternalError(message string, cause error) *Error {
	return newError("internal error", InternalError, message, cause)
}

func (e *Error) Error() string { return e.Message }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// JSON returns what a page sees of the error, but for its message and cause.
func (e *Error) JSON() string { return encode(e) }

func (e *Error) fields(to []field) []field {
	return appendFields(to, []field{
		{name: "operation", value: &e.Operation},
		{name: "code", value: (*string)(&e.Code)},
		{name: "hint", value: &e.Hint},
		{name: "status", value: &e.Status},
		{name: "serviceCode", value: &e.ServiceCode},
		{name: "target", value: &e.Target},
		{name: "details", nested: communicationErrors{&e.Details}},
		{name: "innererror", nested: innerError{&e.InnerError}},
		{name: "retryAfterMs", value: &e.RetryAfterMs},
		{name: "attempts", value: &e.Attempts, rule: alwaysWritten},
		{name: "idempotencyToken", value: &e.IdempotencyToken},
	}...)
}

// CommunicationError is the service's account of a failure, of a whole request or of one participant.
//
// REST: CommunicationError.
type CommunicationError struct {
	Code       string // of a participant: an HTTP status as text, as in "403"
	Message    string
	Target     string // of a participant: the raw id
	Details    []CommunicationError
	InnerError *CommunicationError
}

func (e *CommunicationError) fields(to []field) []field {
	return appendFields(to, []field{
		{name: "code", value: &e.Code},
		{name: "message", value: &e.Message},
		{name: "target", value: &e.Target},
		{name: "details", nested: communicationErrors{&e.Details}},
		{name: "innererror", nested: innerError{&e.InnerError}},
	}...)
}

type (
	communicationErrors = listOf[CommunicationError, *CommunicationError]
	innerError          = optionalOf[CommunicationError, *CommunicationError]
)

// parseError turns an answer that is not the operation's success into an error: the status decides, and the body, in
// whatever state it is, adds the service's words.
func (op *operation) parseError(resp Response) *Error {
	body := parseErrorBody(resp)
	message := "HTTP " + strconv.Itoa(resp.Status)
	if body.Code != "" {
		message += " " + body.Code
	}
	if body.Message != "" {
		message += ": " + body.Message
	}
	e := newError(op.name, codeOf(resp.Status), message, nil)
	e.Status = resp.Status
	e.setHint(op.subject())
	if resp.Status < 400 {
		e.Hint = "The operation may have taken effect. " + checkProxies
	}
	e.ServiceCode, e.Target, e.Details, e.InnerError = body.Code, body.Target, body.Details, body.InnerError
	if resp.Status == 429 || resp.Status == 503 {
		e.RetryAfterMs = retryAfterMs(resp.header("Retry-After"))
	}
	return e
}

// codes are the statuses that have a code of their own.
var codes = []struct {
	status int
	code   Code
}{
	{400, BadRequest}, {401, Unauthorized}, {403, Forbidden}, {404, NotFound}, {429, TooManyRequests}, {503, ServiceUnavailable},
}

func codeOf(status int) Code {
	for _, c := range codes {
		if c.status == status {
			return c.code
		}
	}
	return HTTPError
}

// retryAfterMs reads a Retry-After header that counts seconds, 0 for any other.
func retryAfterMs(seconds string) int {
	if len(seconds) > 6 {
		return 0
	}
	return int(parseNumber(seconds)) * 1000
}

// errorBody is the body of a failure: the documented wrapper, those that the service has been seen to use, which
// differ in their names' case too, or none at all.
type errorBody struct{ err, communicationError, bare CommunicationError }

func (b *errorBody) fields(to []field) []field {
	return appendFields(b.bare.fields(to),
		field{name: "error", nested: onlyOf[CommunicationError, *CommunicationError]{&b.err}},
		field{name: "communicationError", nested: onlyOf[CommunicationError, *CommunicationError]{&b.communicationError}})
}

// parseErrorBody finds the service's words in the body of a failure, also in one that breaks off or is not quite as it
// should be. Of any other text it keeps the beginning, which does not end within the token.
func parseErrorBody(resp Response) CommunicationError {
	var b errorBody
	r := json.NewReader(resp.Body)
	readModel(r, &b)
	for _, e := range []CommunicationError{b.err, b.communicationError, b.bare} {
		if e.Code != "" || e.Message != "" {
			return e
		}
	}
	if r.End() != nil {
		return CommunicationError{Message: firstLine(redact(resp.Body, resp.token))}
	}
	return b.bare
}

// firstLine returns the first line's worth of a text, cut between characters.
func firstLine(text string) string {
	const most = 200
	for i := range text {
		if i >= most {
			return text[:i] + "…"
		}
	}
	return text
}
