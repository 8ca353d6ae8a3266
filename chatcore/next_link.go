package chatcore

// Trail tells whether the pages of a list lead back to one before. It keeps one nextLink at a time, by Brent's method, so
// that a list of any length takes the same memory. Its zero value is the beginning of a list.
type Trail struct {
	Mark  string // a nextLink that was followed; the next is kept when Links has doubled
	Links int    // that were followed
}

// Follow takes up the nextLink of a page that the service sent. The error is an [*Error] with code ParseError if the link
// repeats or leads away from the endpoint: then there is no next page.
func (c *Client) Follow(operation string, t *Trail, nextLink string) error {
	if e := c.checkNextLink(operation, t, nextLink); e != nil {
		return e // as it is: a nil *Error would be an error
	}
	return nil
}

func (c *Client) checkNextLink(operation string, t *Trail, nextLink string) *Error {
	problem := ""
	if nextLink == t.Mark {
		problem = "leads back to an earlier page: "
	} else if origin := c.endpoint.origin; !isOnOrigin(nextLink, origin) {
		problem = "is no address of " + origin + ", the only one that the token may go to: "
	}
	if problem != "" {
		e := newError(operation, ParseError, "the service's nextLink "+problem+firstLine(redact(nextLink, c.tokens.value)), nil)
		e.Hint = "The pages before this one can be relied on. Check that nothing between the client and the service rewrites its answers."
		return e
	}
	if t.Links++; t.Links&(t.Links-1) == 0 {
		t.Mark = nextLink
	}
	return nil
}

// followNextLink makes the next page that of the next exchange, or fails the exchange if there is none.
func (c *Call) followNextLink(now Instant, t *Trail, nextLink string) bool {
	if e := c.client.checkNextLink(c.op.name, t, nextLink); e != nil {
		c.handleFailure(now, e)
		return false
	}
	c.request.URL = nextLink
	return true
}
