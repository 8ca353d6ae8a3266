package chatcore

import (
	"strconv"

	"acschat/chatcore/internal/json"
)

// operation is what is particular to one operation of the service.
type operation struct {
	name       string // the client method, as pages call it
	apiVersion string // unless the caller names another: that of the operation's document
	path       string // below the collection of threads, or below one thread
	inThread   bool
	success    int  // the one status that means success; the service is strict about it
	repeatable bool // the service has a header that makes repeating it safe
	delivers   bool // it has none, and repeating it could deliver something twice
	newRequest func() model
	newResult  func() Result
}

// Result is the result of an operation, a pointer to the type that the operation's Parse function returns.
type Result interface {
	model
	JSON() string // as pages see it, in the REST documentation's shape
}

var (
	createThread = &operation{
		name: "createThread", apiVersion: "2024-03-07", success: 201, repeatable: true,
		newRequest: func() model { return new(CreateChatThreadRequest) },
		newResult:  func() Result { return new(CreateChatThreadResult) },
	}
	addParticipants = &operation{
		name: "addParticipants", apiVersion: "2024-03-15-preview", inThread: true, path: "/participants/:add", success: 201,
		newRequest: func() model { return new(AddChatParticipantsRequest) },
		newResult:  func() Result { return new(AddChatParticipantsResult) },
	}
	sendMessage = &operation{
		name: "sendMessage", apiVersion: "2024-03-15-preview", inThread: true, path: "/messages", success: 201, delivers: true,
		newRequest: func() model { return new(SendChatMessageRequest) },
		newResult:  func() Result { return new(SendChatMessageResult) },
	}

	// createClient is none of the service's, but has arguments that can be wrong.
	createClient = &operation{name: "createClient"}
)

// build checks the parameters of a request and builds it. An id that would name another path, because it is empty or a
// dot segment that every URL parser removes, is refused.
func (op *operation) build(e Endpoint, in rules, chatThreadID, repeatabilityRequestID string, m model) (Request, error) {
	if e.origin == "" {
		return Request{}, op.invalid("endpoint", "is required")
	}
	path := "/chat/threads"
	if op.inThread {
		switch chatThreadID {
		case "":
			return Request{}, op.invalid("threadId", "is required")
		case ".", "..":
			return Request{}, op.invalid("threadId", "must not be a dot segment, which would change the path of the request")
		}
		path += "/" + escape(chatThreadID) + op.path
	}
	if in.apiVersion == "" {
		in.apiVersion = op.apiVersion
	}
	if fault := in.check(m); fault != nil {
		err := op.invalid(fault.path, fault.problem)
		if fault.hint != "" {
			err.Hint = fault.hint
		}
		return Request{}, err
	}
	if !isHeaderValue(repeatabilityRequestID) {
		return Request{}, op.invalid("options.idempotencyToken", "must be printable ASCII, by choice a version 4 UUID")
	}
	header := []HeaderField{{"Content-Type", "application/json"}}
	if op.repeatable && repeatabilityRequestID != "" {
		header = append(header, HeaderField{"repeatability-request-id", repeatabilityRequestID})
	}
	return Request{Method: "POST", URL: e.origin + path + "?api-version=" + escape(in.apiVersion), Header: header, Body: text(m)}, nil
}

// invalid reports an argument that breaks a rule; problem continues a sentence that starts with its path.
func (op *operation) invalid(path, problem string) *Error {
	return NewInvalidArgument(op.name, path, problem, nil)
}

// decode reads what a caller wrote as an argument into a model.
func (op *operation) decode(argument, text string, m model) error {
	r := json.NewStrictReader(text)
	readModel(r, m)
	err := r.End()
	switch {
	case err == nil:
		return nil
	case err.Syntax:
		return op.invalid(argument, "is not JSON: "+err.Problem+" at byte "+strconv.Itoa(err.Offset))
	case err.Path == "":
		return op.invalid(argument, err.Problem)
	}
	return op.invalid(err.Path, err.Problem)
}

// parse judges the status of an answer, and then reads its body into a model.
func (op *operation) parse(resp Response, m model) error {
	if resp.Status != op.success {
		return op.failure(resp)
	}
	r := json.NewReader(resp.Body)
	readModel(r, m)
	problem := ""
	if err := r.End(); err != nil {
		problem = err.Error()
	} else if m, ok := m.(checker); ok {
		problem = m.check()
	}
	if problem == "" {
		return nil
	}
	e := newError(op.name, ParseError, "HTTP "+strconv.Itoa(resp.Status)+" with a body that cannot be read: "+problem, nil)
	e.Status = resp.Status
	return e
}
