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
	arguments, err := it.arguments, error(nil)
	if !m.Live {
		err = c.Follow(m.Name, &it.trail, it.nextLink)
	}
	if err != nil {
		it.call = c.addCall(&Call{op: m.op}, err)
	} else {
		arguments.nextLink = it.nextLink
		it.call = m.Invoke(c, arguments)
	}
	return it.call
}

// Take takes the result of the call, and returns the items on the page, or the page itself, as JSON.
func (it *Iteration) Take(byPage bool) []string {
	page := it.call.step.Result.(collection)
	it.nextLink = page.next()
	if byPage {
		return []string{page.JSON()}
	}
	return page.items()
}

// collection is a page of a list.
type collection interface {
	Result
	items() []string // as JSON
	next() string
}

func (page *ChatThreadsItemCollection) next() string         { return page.NextLink }
func (page *ChatMessagesCollection) next() string            { return page.NextLink }
func (page *ChatParticipantsCollection) next() string        { return page.NextLink }
func (page *ChatMessageReadReceiptsCollection) next() string { return page.NextLink }

func (page *ChatThreadsItemCollection) items() []string         { return texts(page.Value) }
func (page *ChatMessagesCollection) items() []string            { return texts(page.Value) }
func (page *ChatParticipantsCollection) items() []string        { return texts(page.Value) }
func (page *ChatMessageReadReceiptsCollection) items() []string { return texts(page.Value) }

func texts[T any, M modelOf[T]](values []T) []string {
	texts := make([]string, len(values))
	for i := range values {
		texts[i] = text(M(&values[i]))
	}
	return texts
}
