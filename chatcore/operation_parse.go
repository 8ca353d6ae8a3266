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
