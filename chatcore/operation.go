package chatcore

import (
	"strconv"

	"acschat/chatcore/internal/ascii"
	"acschat/chatcore/internal/json"
)

// operation is what is particular to one operation of the service.
type operation struct {
	name                 string      // the client method, as pages call it
	method               string      // of HTTP
	apiVersion           string      // unless the caller names another
	idCount              int         // of those in its path: that of a thread, and that of a message
	path                 string      // below the collection of threads, or below one thread, up to the id of a message
	success              int         // the one status that means success; the service is strict about it
	takesRepeatabilityID bool        // the service has a header that makes repeating it safe
	mayDuplicate         bool        // it has none, and repeating it could deliver something twice
	notFoundIsDone       bool        // once it is done, repeating it is answered with 404
	neverRetried         bool        // it is not worth repeating
	writeTarget          writeTarget // of a write that must not be overtaken by an older one
	throttleGroup        string      // of operations that the service counts together, in each thread
	throttledPerUser     bool        // or, of each user

	// requestName is what pages call the request: request, identifier, or options where its fields are among the options.
	// It is a body, and in a GET the query.
	requestName     string
	requestOptional bool // there may be no argument
	newRequest      func() model
	newResult       func() Result // nil: success has no content
}

// Result is the result of an operation, a pointer to the type that the operation's Parse function returns.
type Result interface {
	model
	JSON() string // as pages see it, in the REST documentation's shape
}

// stableVersion is the api-version of every operation that has no document of its own among those the client was made from.
const stableVersion = "2025-03-15"

var (
	createThread = &operation{
		name: "createThread", method: "POST", throttleGroup: "createThread", throttledPerUser: true, apiVersion: "2024-03-07", success: 201, takesRepeatabilityID: true, requestName: "request",
		newRequest: func() model { return new(CreateChatThreadRequest) },
		newResult:  func() Result { return new(CreateChatThreadResult) },
	}
	listThreads = &operation{
		name: "listThreads", method: "GET", throttleGroup: "threads", throttledPerUser: true, apiVersion: stableVersion, success: 200, requestName: "options",
		newRequest: func() model { return new(ListChatThreadsOptions) },
		newResult:  func() Result { return new(ChatThreadsItemCollection) },
	}
	getThread = &operation{
		name: "getThread", method: "GET", throttleGroup: "threads", throttledPerUser: true, apiVersion: stableVersion, idCount: 1, success: 200,
		newResult: func() Result { return new(ChatThreadProperties) },
	}
	updateThread = &operation{
		name: "updateThread", writeTarget: threadTarget, method: "PATCH", throttleGroup: "updateThread", apiVersion: stableVersion, idCount: 1, success: 204, requestName: "request",
		newRequest: func() model { return new(UpdateChatThreadRequest) },
	}
	deleteThread = &operation{
		name: "deleteThread", writeTarget: threadTarget, notFoundIsDone: true, method: "DELETE", throttleGroup: "deleteThread", throttledPerUser: true, apiVersion: stableVersion, idCount: 1, success: 204,
	}

	sendMessage = &operation{
		name: "sendMessage", method: "POST", throttleGroup: "messages", apiVersion: "2024-03-15-preview", idCount: 1, path: "/messages", success: 201, mayDuplicate: true, requestName: "request",
		newRequest: func() model { return new(SendChatMessageRequest) },
		newResult:  func() Result { return new(SendChatMessageResult) },
	}
	listMessages = &operation{
		name: "listMessages", method: "GET", throttleGroup: "listMessages", apiVersion: stableVersion, idCount: 1, path: "/messages", success: 200, requestName: "options",
		newRequest: func() model { return new(ListChatMessagesOptions) },
		newResult:  func() Result { return new(ChatMessagesCollection) },
	}
	getMessage = &operation{
		name: "getMessage", method: "GET", throttleGroup: "getMessage", apiVersion: stableVersion, idCount: 2, path: "/messages", success: 200,
		newResult: func() Result { return new(ChatMessage) },
	}
	updateMessage = &operation{
		name: "updateMessage", writeTarget: messageTarget, method: "PATCH", throttleGroup: "messages", apiVersion: stableVersion, idCount: 2, path: "/messages", success: 204, requestName: "request",
		newRequest: func() model { return new(UpdateChatMessageRequest) },
	}
	deleteMessage = &operation{
		name: "deleteMessage", writeTarget: messageTarget, notFoundIsDone: true, method: "DELETE", throttleGroup: "messages", apiVersion: stableVersion, idCount: 2, path: "/messages", success: 204,
	}

	addParticipants = &operation{
		name: "addParticipants", writeTarget: participantsTarget, method: "POST", throttleGroup: "participants", apiVersion: "2024-03-15-preview", idCount: 1, path: "/participants/:add", success: 201, requestName: "request",
		newRequest: func() model { return new(AddChatParticipantsRequest) },
		newResult:  func() Result { return new(AddChatParticipantsResult) },
	}
	listParticipants = &operation{
		name: "listParticipants", method: "GET", throttleGroup: "listParticipants", apiVersion: stableVersion, idCount: 1, path: "/participants", success: 200, requestName: "options",
		newRequest: func() model { return new(ListChatParticipantsOptions) },
		newResult:  func() Result { return new(ChatParticipantsCollection) },
	}
	removeParticipant = &operation{
		name: "removeParticipant", writeTarget: participantsTarget, notFoundIsDone: true, method: "POST", throttleGroup: "participants", apiVersion: stableVersion, idCount: 1, path: "/participants/:remove", success: 204, requestName: "identifier",
		newRequest: func() model { return new(CommunicationIdentifierModel) },
	}

	sendTypingNotification = &operation{
		name: "sendTypingNotification", method: "POST", throttleGroup: "typing", neverRetried: true, apiVersion: stableVersion, idCount: 1, path: "/typing", success: 200, requestName: "request", requestOptional: true,
		newRequest: func() model { return new(SendTypingNotificationRequest) },
	}
	sendReadReceipt = &operation{
		name: "sendReadReceipt", writeTarget: receiptTarget, method: "POST", throttleGroup: "receipts", apiVersion: stableVersion, idCount: 1, path: "/readReceipts", success: 200, requestName: "request",
		newRequest: func() model { return new(SendReadReceiptRequest) },
	}
	listReadReceipts = &operation{
		name: "listReadReceipts", method: "GET", throttleGroup: "listReceipts", apiVersion: stableVersion, idCount: 1, path: "/readReceipts", success: 200, requestName: "options",
		newRequest: func() model { return new(ListChatReadReceiptsOptions) },
		newResult:  func() Result { return new(ChatMessageReadReceiptsCollection) },
	}

	// createClient is none of the service's, but has arguments that can be wrong.
	createClient = &operation{name: "createClient"}
)

// pathIDs are those in the path of a request: a thread's and a message's.
type pathIDs [2]string

// pathIDNames are what pages call them.
var pathIDNames = [2]string{"threadId", "messageId"}

// build checks the parameters of a request and builds it; m is nil where it has none but ids. An id that would name
// another path, because it is empty or a dot segment that every URL parser removes, is refused.
func (op *operation) build(e Endpoint, in requestRules, at pathIDs, repeatabilityRequestID string, m model) (Request, error) {
	if e.origin == "" {
		return Request{}, op.invalid("endpoint", "is required")
	}
	url := make([]byte, 0, 256) // more than nearly all need
	url = append(append(url, e.origin...), "/chat/threads"...)
	for i := range op.idCount {
		switch at[i] {
		case "":
			return Request{}, op.invalid(pathIDNames[i], "is required")
		case ".", "..":
			return Request{}, op.invalid(pathIDNames[i], "must not be a dot segment, which would change the path of the request")
		}
		url = ascii.AppendEscaped(append(url, '/'), at[i])
		if i == 0 {
			url = append(url, op.path...)
		}
	}
	in.apiVersion = firstOf(in.apiVersion, op.apiVersion)
	url = ascii.AppendEscaped(append(url, "?api-version="...), in.apiVersion)
	req := Request{Method: op.method, URL: string(url)}
	if m != nil {
		in.origin = e.origin
		body, fault := in.checkAndEncode(m)
		if fault != nil {
			return Request{}, op.invalidField(fault)
		}
		if op.method == "GET" {
			req.URL = query(req.URL, m)
		} else {
			req.Header = []HeaderField{{"Content-Type", op.mediaType()}}
			req.Body = body
		}
	}
	if !ascii.IsVisible(repeatabilityRequestID) {
		return Request{}, op.invalid("options.idempotencyToken", "must be printable ASCII, by choice a version 4 UUID")
	}
	if op.takesRepeatabilityID && repeatabilityRequestID != "" {
		req.Header = append(req.Header, HeaderField{"repeatability-request-id", repeatabilityRequestID})
	}
	return req, nil
}

func (op *operation) mediaType() string {
	if op.method == "PATCH" {
		return "application/merge-patch+json"
	}
	return "application/json"
}

// query adds the fields of a request to a URL, or returns the address of the next page where that is among them.
func query(url string, m model) string {
	for _, f := range m.fields(nil) {
		value := ""
		switch v := f.value.(type) {
		case *int:
			if *v != 0 {
				value = strconv.Itoa(*v)
			}
		case *DateTime:
			value = string(*v)
		case *string:
			if f.rule == nextPage && *v != "" {
				return *v
			}
		}
		if value != "" {
			url += "&" + f.name + "=" + string(ascii.AppendEscaped(nil, value))
		}
	}
	return url
}

// invalid reports an argument that breaks a rule; problem continues a sentence that starts with its path.
func (op *operation) invalid(path, problem string) *Error {
	return NewInvalidArgument(op.name, path, problem, nil)
}

// invalidField reports the fault of a request.
func (op *operation) invalidField(found *fault) *Error {
	path := firstOf(found.path, op.requestName)
	if op.requestName == "options" && path != "options" && path != "nextLink" {
		path = "options." + path
	}
	err := op.invalid(path, found.problem)
	err.Hint = firstOf(found.hint, err.Hint)
	return err
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

// parseResult reads an answer into a result, which is nil where success has no content.
func (op *operation) parseResult(resp Response) (Result, error) {
	if op.newResult == nil {
		return nil, op.parse(resp, nil)
	}
	result := op.newResult()
	err := op.parse(resp, result)
	if err != nil {
		if id := op.sentID(resp); id != "" {
			return &SendChatMessageResult{ID: id}, nil
		}
	}
	return result, err
}

// sentID returns the id of the message that was sent, from an answer that is not quite the service's own: a gateway may have
// changed its status to another 2xx, or lost its body.
func (op *operation) sentID(resp Response) string {
	if !op.mayDuplicate || resp.Status < 200 || resp.Status > 299 {
		return ""
	}
	if id := messageAt(resp.header("Location")); id != "" {
		return id
	}
	var result SendChatMessageResult
	r := json.NewReader(resp.Body)
	readModel(r, &result)
	if r.End() == nil && ascii.ConsistsOf(result.ID, "0123456789") {
		return result.ID
	}
	return ""
}

// messageAt returns the id of the message that an address is of, or "". Ids are numbers.
func messageAt(address string) string {
	const collection = "/messages/"
	for i := len(address); i > len(collection); i-- {
		if id := address[i:]; ascii.HasPrefix(address[i-len(collection):], collection) && ascii.ConsistsOf(id, "0123456789") {
			return id
		}
	}
	return ""
}

// parse judges the status of an answer, and then reads its body into a model, unless that is nil.
func (op *operation) parse(resp Response, m model) error {
	if resp.Status != op.success {
		return op.parseError(resp)
	}
	if m == nil {
		if op.success == 200 && ascii.HasPrefix(resp.Body, "<") { // a page of something between, such as a sign-in: the service answers nothing here
			return op.parseError(resp)
		}
		return nil
	}
	r := json.NewReader(resp.Body)
	readModel(r, m)
	problem := ""
	if err := r.End(); err != nil {
		problem = err.Error()
	} else if m, ok := m.(checker); ok {
		problem = m.check()
	}
	if resp.Err == ErrTooLong {
		problem = resp.Err.Error() + ": set a smaller maxPageSize"
	}
	if problem == "" {
		return nil
	}
	e := newError(op.name, ParseError, "HTTP "+strconv.Itoa(resp.Status)+" with a body that cannot be read: "+problem, nil)
	e.Status = resp.Status
	if resp.Err == ErrTooLong {
		e.Cause = ErrTooLong
		e.Hint = "Set maxPageSize, or a smaller one, and begin the list again."
	}
	return e
}

// isLongPage tells whether a page of a list was too long to be read.
func (e *Error) isLongPage() bool { return e.Code == ParseError && e.Cause == ErrTooLong }
