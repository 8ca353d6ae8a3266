package chatcore

import (
	"strconv"

	"acschat/chatcore/internal/json"
)

// Code says what kind of failure an [*Error] is. There are no other codes than these.
type Code string

const (
	// The service refused the request. The HTTP status determines the code.
	BadRequest         Code = "BadRequest"         // 400
	Unauthorized       Code = "Unauthorized"       // 401
	Forbidden          Code = "Forbidden"          // 403
	NotFound           Code = "NotFound"           // 404
	TooManyRequests    Code = "TooManyRequests"    // 429
	ServiceUnavailable Code = "ServiceUnavailable" // 503
	HTTPError          Code = "HttpError"          // any other status that does not mean success

	// All other failures.
	InvalidArgument Code = "InvalidArgument" // an argument or option is wrong, and nothing was sent; Target is its path
	TokenError      Code = "TokenError"      // the token callback failed, or returned something that is not a token
	NetworkError    Code = "NetworkError"    // no answer arrived, or only a part of it
	Timeout         Code = "Timeout"         // no answer or no token arrived in time
	ParseError      Code = "ParseError"      // the answer reports success, but the client cannot read it
	DeliveryUnknown Code = "DeliveryUnknown" // the message may or may not have been sent; Cause says why that is unknown
	LoadError       Code = "LoadError"       // the module could not be loaded
	NotInitialized  Code = "NotInitialized"  // the module is not loaded yet
	Closed          Code = "Closed"          // the client was closed
	InternalError   Code = "InternalError"   // a bug of this client
)

// Error is the failure of an operation.
type Error struct {
	Operation        string // the client method, such as sendMessage
	Code             Code
	Message          string // for people: operation, status and the service's message. Its text may change
	Hint             string // likely causes, and what to do next
	Reason           Reason // which hint the driver must add to Hint
	Status           int    // the HTTP status; 0 if there was no answer
	ServiceCode      string // the service's own code, unchanged
	Target           string // InvalidArgument: the path of the field; other codes: what the service names
	Details          []CommunicationError
	InnerError       *CommunicationError
	RetryAfterMs     int    // how long the service asks to wait, in milliseconds; 0 if it did not say, or the browser hides it
	Attempts         int    // how many requests were sent
	IdempotencyToken string // DeliveryUnknown: the message's token. Send again with it to find out
	Cause            error  // the error that led to this one, or nil
}

// newError returns an error with the hint of its code.
func newError(operation string, code Code, message string, cause error) *Error {
	e := &Error{Operation: operation, Code: code, Message: operation + ": " + message, Cause: cause}
	e.setHint(0)
	return e
}

// NewInvalidArgument returns the error for a wrong argument. path names the argument, and problem says what is wrong with it, as in
// "must be from 1 to 200".
func NewInvalidArgument(operation, path, problem string, cause error) *Error {
	e := newError(operation, InvalidArgument, path+" "+problem, cause)
	e.Target = path
	return e
}

// NewDeliveryUnknown returns the error of a sendMessage that failed with cause after the message may have been sent. token is the
// message's idempotency token, or "".
func NewDeliveryUnknown(cause *Error, token string) *Error {
	e := newError(sendMessage.name, DeliveryUnknown, "the message may or may not have been delivered ("+cause.Message+")", cause)
	e.Status, e.ServiceCode, e.RetryAfterMs, e.Attempts = cause.Status, cause.ServiceCode, cause.RetryAfterMs, cause.Attempts
	e.setIdempotencyToken(token)
	return e
}

// setIdempotencyToken adds the message's idempotency token to the error. The hint then says to send again with it. Without a token it
// does nothing.
func (e *Error) setIdempotencyToken(token string) {
	if token != "" {
		e.IdempotencyToken, e.Reason, e.Hint = token, UnknownWithToken, ""
	}
}

// NewError returns an error of a package that is built on this one.
func NewError(operation string, code Code, message string) *Error {
	return newError(operation, code, message, nil)
}

// NewClosed returns the error of a call whose client was closed.
func NewClosed(operation string) *Error {
	return newError(operation, Closed, "the client was closed", nil)
}

// NewInternalError returns the error for a bug that the driver has noticed, such as a panic.
func NewInternalError(message string, cause error) *Error {
	return newError("internal error", InternalError, message, cause)
}

func (e *Error) Error() string { return e.Message }

func (e *Error) Unwrap() error { return e.Cause }

// JSON returns the error's fields for a page, except Message and Cause.
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

// CommunicationError is an error as the service describes it: of a request, or of one participant in it.
//
// REST: CommunicationError.
type CommunicationError struct {
	Code       string // of a participant: an HTTP status, such as "403"
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

// parseError returns the error for an answer that does not report success. The status determines the code. The body adds the
// service's own code and message, as far as it can be read.
func (op *operation) parseError(resp Response) *Error {
	body := parseErrorBody(resp)
	message := "HTTP " + strconv.Itoa(resp.Status)
	if body.Code != "" {
		message += " " + body.Code
	}
	if body.Message != "" {
		message += ": " + body.Message
	}
	e := newError(op.name, codeForStatus(resp.Status), message, nil)
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

// codesByStatus lists the statuses that have a code of their own. All others are an HTTPError.
var codesByStatus = []struct {
	status int
	code   Code
}{
	{400, BadRequest}, {401, Unauthorized}, {403, Forbidden}, {404, NotFound}, {429, TooManyRequests}, {503, ServiceUnavailable},
}

func codeForStatus(status int) Code {
	for _, c := range codesByStatus {
		if c.status == status {
			return c.code
		}
	}
	return HTTPError
}

// retryAfterMs converts a Retry-After header from seconds to milliseconds. It returns 0 for a date, and for more than 6 digits.
func retryAfterMs(seconds string) int {
	if len(seconds) > 6 {
		return 0
	}
	return int(parseNumber(seconds)) * 1000
}

// errorBody is the body of an error answer. The documentation puts the error into the member "error". The service also uses
// "communicationError", other cases of the names, or no wrapper.
type errorBody struct{ err, communicationError, unwrapped CommunicationError }

func (b *errorBody) fields(to []field) []field {
	return appendFields(b.unwrapped.fields(to),
		field{name: "error", nested: onlyOf[CommunicationError, *CommunicationError]{&b.err}},
		field{name: "communicationError", nested: onlyOf[CommunicationError, *CommunicationError]{&b.communicationError}})
}

// parseErrorBody returns the error in the body of an error answer. It accepts incomplete and incorrect JSON. If the body is something
// else, Message is its beginning. The token is redacted before the text is cut, so that no part of it remains.
func parseErrorBody(resp Response) CommunicationError {
	var b errorBody
	r := json.NewReader(resp.Body)
	readModel(r, &b)
	for _, e := range []CommunicationError{b.err, b.communicationError, b.unwrapped} {
		if e.Code != "" || e.Message != "" {
			return e
		}
	}
	if r.End() != nil {
		return CommunicationError{Message: shorten(redact(resp.Body, resp.token))}
	}
	return b.unwrapped
}

// shorten cuts a text after about 200 bytes, between two characters.
func shorten(text string) string {
	const maxLength = 200
	for i := range text {
		if i >= maxLength {
			return text[:i] + "…"
		}
	}
	return text
}
