package chatcore

import (
	"strconv"

	"acschat/chatcore/internal/ascii"
	"acschat/chatcore/internal/json"
)

// build checks the parameters of a request and builds it. m is nil if there are no parameters except ids. It refuses ids that would change
// the path: empty ones, and dot segments, which URL parsers remove.
func (op *operation) build(e Endpoint, r requestRules, ids pathIDs, repeatabilityRequestID string, m model) (Request, error) {
	if e.origin == "" {
		return Request{}, op.invalid("endpoint", "is required")
	}
	url := make([]byte, 0, 256) // enough for nearly all URLs
	url = append(append(url, e.origin...), "/chat/threads"...)
	for i := range op.idCount {
		switch ids[i] {
		case "":
			return Request{}, op.invalid(pathIDNames[i], "is required")
		case ".", "..":
			return Request{}, op.invalid(pathIDNames[i], "must not be a dot segment, which would change the path of the request")
		}
		url = ascii.AppendEscaped(append(url, '/'), ids[i])
		if i == 0 {
			url = append(url, op.path...)
		}
	}
	r.apiVersion = firstOf(r.apiVersion, op.apiVersion)
	url = ascii.AppendEscaped(append(url, "?api-version="...), r.apiVersion)
	req := Request{Method: op.httpMethod, URL: string(url)}
	if m != nil {
		r.origin = e.origin
		body, fault := r.checkAndEncode(m)
		if fault != nil {
			return Request{}, op.invalidField(fault)
		}
		if op.httpMethod == "GET" {
			req.URL = query(req.URL, m)
		} else {
			req.Header = []HeaderField{{"Content-Type", op.mediaType()}}
			req.Body = body
		}
	}
	if !ascii.IsVisible(repeatabilityRequestID) {
		return Request{}, op.invalid("options.idempotencyToken", "must be printable ASCII characters. Recommended: a version 4 UUID")
	}
	if op.takesRepeatabilityID && repeatabilityRequestID != "" {
		req.Header = append(req.Header, HeaderField{"repeatability-request-id", repeatabilityRequestID})
	}
	return req, nil
}

func (op *operation) mediaType() string {
	if op.httpMethod == "PATCH" {
		return "application/merge-patch+json"
	}
	return "application/json"
}

// query adds the fields of a request to a URL. If the request has a NextLink, it returns that instead.
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

// invalid returns the error for an argument that breaks a rule. The problem is the end of a sentence that starts with the path.
func (op *operation) invalid(path, problem string) *Error {
	e := NewInvalidArgument(op.name, path, problem, nil)
	if op.mayDuplicate && path == "options.idempotencyToken" {
		e.Reason = BadIdempotencyToken
	}
	return e
}

// invalidField reports the fault of a request.
func (op *operation) invalidField(found *fault) *Error {
	path := firstOf(found.path, op.requestName)
	if op.isList() && path != "options" && path != "nextLink" {
		path = "options." + path
	}
	err := op.invalid(path, found.problem)
	if found.hint != "" || found.reason != 0 {
		err.Reason, err.Hint = found.reason, found.hint
	}
	return err
}

// decode reads an argument, which is JSON, into a model.
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
	e := op.invalid(err.Path, err.Problem)
	if meant := suggestion(argument, err.Path); meant != "" && err.Problem == json.UnknownField {
		e.Reason, e.Hint = 0, "Nothing was sent: did you mean "+meant+"?"
	}
	return e
}
