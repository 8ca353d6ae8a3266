package emulator

import (
	"net/url"
	"slices"
	"strings"
)

// call is one request to an operation, or to a control endpoint. A retry of the client is another call.
type call struct {
	request    *Request
	route      *route            // nil for a control endpoint
	parameters map[string]string // path parameters, decoded
	query      url.Values
	body       []byte
	version    apiVersion
	user       string   // raw id of the caller; chat operations only
	scopes     []string // scopes of the caller's token; chat operations only
	rule       Rule     // the fault of the call, or the zero Rule
	changes    []change // what the operation has changed; only if there is Options.Events
}

// response is the response of an operation that succeeded.
type response struct {
	status   int
	location string // absolute URL for the header Location; empty: no header
	body     any    // encoded as JSON; nil: no body
}

// admit checks what all operations have in common, in this order: authentication, rate limits, api-version, media type, and
// the token's scopes. The operation itself checks the body.
func (em *Emulator) admit(c *call) (failure *communicationError) {
	route := c.route
	if failure = route.api.authenticate(em, c); failure != nil {
		return failure
	}
	if failure = em.checkLimits(c, route.limits); failure != nil {
		return failure
	}
	var err error
	if c.query, err = url.ParseQuery(c.request.query()); err != nil {
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

// checkMediaType checks the Content-Type of a request that has a body. Without allowed types it checks nothing, because the
// operation does not read the body.
func (c *call) checkMediaType(allowed ...string) *communicationError {
	if len(c.body) == 0 || len(allowed) == 0 {
		return nil
	}
	mediaType, _, _ := strings.Cut(c.request.Header.Get("Content-Type"), ";")
	if !slices.Contains(allowed, strings.ToLower(strings.TrimSpace(mediaType))) {
		return unsupportedMediaType(allowed)
	}
	return nil
}

func (c *call) readQuery() *query { return &query{values: c.query} }

// repeatabilityKey returns the key under which the result of a create is remembered. Without the header
// repeatability-request-id it returns the zero value.
func (c *call) repeatabilityKey() (repeatabilityKey, *communicationError) {
	const name = "repeatability-request-id"
	values := c.request.Header.Values(name)
	switch {
	case len(values) == 0:
		return repeatabilityKey{}, nil
	case len(values) > 1 || values[0] == "":
		return repeatabilityKey{}, badRequest(name, "%s must be given once and not be empty.", name)
	}
	return repeatabilityKey{c.user, values[0]}, nil
}
