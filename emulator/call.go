package emulator

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// maxBodyBytes leaves room for 200 participants with all the metadata they may have.
const maxBodyBytes = 1 << 20

// call is a request that has come as far as its operation.
type call struct {
	request    *http.Request
	route      *route            // nil for controls
	parameters map[string]string // of the path, decoded
	query      url.Values
	body       []byte
	version    apiVersion
	user       string        // raw id of the caller; chat operations only
	scopes     []string      // of the caller's token; chat operations only
	hiddenFor  time.Duration // how long nobody can read a message that is sent: a planted fault
}

// response is a successful answer.
type response struct {
	status   int
	location string // an absolute URL, or empty: no Location
	body     any    // nil: no body, and no Content-Type
}

// admit checks what all operations ask of a request, and in this order: who calls, how often, api-version, media type,
// the token's scope. What is in the body is for the operation to check.
func (em *Emulator) admit(c *call) (failure *communicationError) {
	route := c.route
	if failure = route.api.authenticate(em, c); failure != nil {
		return failure
	}
	if failure = em.checkLimits(c, route.limits); failure != nil {
		return failure
	}
	var err error
	if c.query, err = url.ParseQuery(c.request.URL.RawQuery); err != nil {
		return badRequest("", "The query is malformed.")
	}
	if c.version, failure = chooseVersion(route.api.versions, c.query["api-version"]); failure != nil {
		return failure
	}
	if failure = c.checkMediaType(route.mediaTypes...); failure != nil {
		return failure
	}
	if route.scopes != nil && !slices.ContainsFunc(c.scopes, func(s string) bool { return slices.Contains(route.scopes, s) }) {
		return forbidden("The token's scopes do not allow this operation.")
	}
	return nil
}

func receiveBody(w http.ResponseWriter, r *http.Request) ([]byte, *communicationError) {
	if r.Body == nil { // so it is when a program hands us a request of its own making
		return nil, nil
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBodyBytes))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return nil, bodyTooLarge(tooLarge.Limit)
	}
	if err != nil {
		return nil, badRequest("", "The body could not be read to its end.")
	}
	return body, nil
}

// checkMediaType asks for a Content-Type of those who send a body: the operation says whether there has to be one. Where
// nothing reads a body, there is none to name.
func (c *call) checkMediaType(want ...string) *communicationError {
	if len(c.body) == 0 || len(want) == 0 {
		return nil
	}
	if have, _, err := mime.ParseMediaType(c.request.Header.Get("Content-Type")); err != nil || !slices.Contains(want, have) {
		return unsupportedMediaType(want)
	}
	return nil
}

func (c *call) readQuery() *query { return &query{values: c.query} }

// repeatedRequest is the key of a create that its client may repeat; its repeatabilityRequestID is empty if the header
// is not there.
func (c *call) repeatedRequest() (repeatedRequest, *communicationError) {
	const name = "repeatability-request-id"
	values := c.request.Header.Values(name)
	switch {
	case len(values) == 0:
		return repeatedRequest{}, nil
	case len(values) > 1 || values[0] == "":
		return repeatedRequest{}, badRequest(name, "%s must be one value that is not empty.", name)
	}
	return repeatedRequest{c.user, values[0]}, nil
}

// origin is where the client reached us.
func origin(r *http.Request) string {
	scheme := "http"
	if r.TLS != nil || r.URL.Scheme == "https" {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}
