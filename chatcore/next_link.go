package chatcore

// Trail detects cycles in the pages of a list: a nextLink that leads back to an earlier page. It keeps one nextLink at a time (Brent's
// algorithm), so that it needs the same memory for a list of any length. The zero value is the beginning of a list.
type Trail struct {
	Mark  string // an earlier nextLink; replaced when Links reaches the next power of two
	Links int    // followed so far
}

// Follow checks the nextLink of a page before it is requested. If the link is a repetition, or leads away from the endpoint, the error
// is an [*Error] with code ParseError, and the page must not be requested.
func (c *Client) Follow(operation string, t *Trail, nextLink string) error {
	if e := c.checkNextLink(operation, t, nextLink); e != nil {
		return e // returned directly, a nil *Error would become an error
	}
	return nil
}

func (c *Client) checkNextLink(operation string, t *Trail, nextLink string) *Error {
	problem := ""
	if nextLink == t.Mark {
		problem = "leads back to an earlier page: "
	} else if origin := c.endpoint.origin; !isOnOrigin(nextLink, origin) {
		problem = "is not on " + origin + ", the only host that the token may go to: "
	}
	if problem != "" {
		e := newError(operation, ParseError, "the service's nextLink "+problem+shorten(redact(nextLink, tokenText(c.tokens.value))), nil)
		e.Hint = "The pages before this one are complete. " + checkProxies
		return e
	}
	if t.Links++; t.Links&(t.Links-1) == 0 {
		t.Mark = nextLink
	}
	return nil
}

// followNextLink makes the next page the pending request, or fails the current one if the link is bad.
func (c *Call) followNextLink(now Instant, t *Trail, nextLink string) bool {
	if e := c.client.checkNextLink(c.op.name, t, nextLink); e != nil {
		c.handleFailure(now, e)
		return false
	}
	c.request.URL = nextLink
	return true
}
