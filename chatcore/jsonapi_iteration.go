package chatcore

// Iteration goes over the pages of a list, for drivers that have values of another language. It makes one call at a time.
type Iteration struct {
	method    Method
	arguments Arguments
	call      *Call // the last
	trail     Trail
	nextLink  string // of the next page, "" for the first and after the last
}

// Iterate begins an iteration over a list.
func (m Method) Iterate(arguments Arguments) *Iteration {
	return &Iteration{method: m, arguments: arguments}
}

// NextCall makes the call for the next page. It returns nil after the last.
func (it *Iteration) NextCall(c *Client) *Call {
	m := it.method
	if it.call == nil {
		it.call = m.Invoke(c, it.arguments)
		return it.call
	}
	if it.nextLink == "" {
		return nil
	}
	if !m.Live {
		if e := c.checkNextLink(m.Name, &it.trail, it.nextLink); e != nil {
			return c.addCall(&Call{op: m.op}, e)
		}
	}
	it.arguments.nextLink = it.nextLink
	it.call = m.Invoke(c, it.arguments)
	return it.call
}

// Take takes the result of the call, and returns the items on the page, or the page itself, as JSON.
func (it *Iteration) Take(byPage bool) []string {
	page := it.call.step.Result
	fields := page.fields(nil) // every page has its items first, and then where the next one is
	it.nextLink = *fields[1].value.(*string)
	if byPage {
		return []string{page.JSON()}
	}
	_, _, count := fields[0].nested.access(counting)
	items := make([]string, count)
	for i := range items {
		m, _, _ := fields[0].nested.access(entry(i))
		items[i] = encode(m)
	}
	return items
}
