package chatcore

import (
	"strconv"

	"acschat/chatcore/internal/ascii"
	"acschat/chatcore/internal/json"
)

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

// sentID returns the id of the sent message from a response that an intermediary has changed: another 2xx status, or a lost body. If it
// finds none, it returns "".
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

// messageAt returns the message id in a URL, or "". Message ids are numbers.
func messageAt(address string) string {
	const collection = "/messages/"
	for i := len(address); i > len(collection); i-- {
		if id := address[i:]; ascii.HasPrefix(address[i-len(collection):], collection) && ascii.ConsistsOf(id, "0123456789") {
			return id
		}
	}
	return ""
}

// parse checks the status of a response and reads its body into m. A nil m ignores the body.
func (op *operation) parse(resp Response, m model) error {
	if resp.Status != op.success {
		return op.parseError(resp)
	}
	if m == nil {
		if op.success == 200 && ascii.HasPrefix(resp.Body, "<") { // HTML from an intermediary, such as a sign-in page
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
		problem = resp.Err.Error()
	}
	if problem == "" {
		return nil
	}
	e := newError(op.name, ParseError, "HTTP "+strconv.Itoa(resp.Status)+" with a body that cannot be read: "+problem, nil)
	e.Status = resp.Status
	if resp.Err == ErrTooLong {
		e.Cause, e.Reason, e.Hint = ErrTooLong, PageTooLong, ""
	}
	return e
}

// isLongPage tells whether the page of a list was longer than MaxResponseBytes.
func (e *Error) isLongPage() bool { return e.Code == ParseError && e.Cause == ErrTooLong }
