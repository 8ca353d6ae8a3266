package chatcore

// Iteration iterates over the pages of a list, for drivers that connect another language. It makes one call at a time.
type Iteration struct {
	method    Method
	arguments Arguments
	call      *Call // the last one
	trail     Trail
	nextLink  string // "" before the first page and after the last one
}

// Iterate starts an iteration over a list.
func (m Method) Iterate(arguments Arguments) *Iteration {
	return &Iteration{method: m, arguments: arguments}
}

// NextCall returns the call for the next page, or nil after the last page.
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

// Take returns the result of the last call as JSON: the items of the page or, with byPage, the page itself.
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
