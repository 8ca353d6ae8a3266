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
func (it *Iteration) Take(byPage bool) (texts []string) {
	page := it.call.step.Result
	for _, f := range page.fields(nil) {
		if nextLink, ok := f.value.(*string); ok {
			it.nextLink = *nextLink
			continue
		}
		if byPage {
			continue
		}
		_, _, count := f.nested.access(counting)
		texts = make([]string, 0, count)
		for i := range count {
			m, _, _ := f.nested.access(entry(i))
			texts = append(texts, encode(m))
		}
	}
	if byPage {
		return []string{page.JSON()}
	}
	return texts
}
