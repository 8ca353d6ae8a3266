//go:build js && wasm

package main

import "acschat/chatcore"

// iteration is one iteration over a list, item by item or page by page. Its promises are those of the iterator's next.
type iteration struct {
	id       int
	clientID int
	core     *chatcore.Iteration
	method   chatcore.Method
	attached chatcore.Attached
	byPage   bool
	items    []string // items or pages that no promise has got yet, as JSON
	waiting  []int    // IDs of the promises that are not settled; call uses the first one
	call     *call    // loads the next page, or nil
}

var (
	iterations      = map[int]*iteration{} // the iterations that have not ended, by ID
	lastIterationID int
)

// doneJSON is the result of next after the last item. JSON cannot say value: undefined.
const doneJSON = `{"done":true}`

// newIteration begins an iteration, and returns its ID.
func newIteration(clientID, method int, byPage bool, a chatcore.Arguments) int {
	lastIterationID++
	m := chatcore.Methods[method]
	iterations[lastIterationID] = &iteration{id: lastIterationID, clientID: clientID, core: m.Iterate(a), method: m, attached: a.Attached, byPage: byPage}
	return lastIterationID
}

// next settles a promise with the next item or page, after the promises of earlier calls of next.
func next(id, promiseID int, isAborted bool) {
	defer rejectOnPanic(promiseID)
	it := iterations[id]
	switch {
	case it == nil:
		currentHost.resolve(promiseID, doneJSON)
	case isAborted && it.call == nil:
		currentHost.rejectAborted(promiseID)
		it.end()
	default:
		it.waiting = append(it.waiting, promiseID)
		it.resolveWaiting()
		it.load()
	}
}

// resolveWaiting resolves as many promises as there are items.
func (it *iteration) resolveWaiting() {
	for len(it.items) > 0 && len(it.waiting) > 0 {
		promiseID, item := it.waiting[0], it.items[0]
		it.items, it.waiting = it.items[1:], it.waiting[1:]
		resolveItem(promiseID, item)
	}
}

func resolveItem(promiseID int, item string) {
	defer rejectOnPanic(promiseID)
	currentHost.resolve(promiseID, `{"value":`+item+`,"done":false}`)
}

// load loads the next page if a promise waits for it.
func (it *iteration) load() {
	if it.call != nil || len(it.waiting) == 0 {
		return
	}
	defer func() {
		if r := recover(); r != nil && len(it.waiting) > 0 {
			currentHost.reject(it.waiting[0], newChatError(panicError(r)))
			it.fail()
		}
	}()
	c := clients[it.clientID]
	if c == nil {
		currentHost.reject(it.waiting[0], newChatError(chatcore.NewClosed(it.method.Name)))
		it.fail()
		return
	}
	if it.method.Live {
		c.followVisibility()
	}
	if core := it.core.NextCall(c.core); core != nil {
		it.call = &call{promiseID: it.waiting[0], core: core, iteration: it}
		c.start(it.call, it.attached)
	} else {
		it.end()
	}
}

// addPage adds the page that the call has loaded.
func (it *iteration) addPage() {
	it.call = nil
	it.items = it.core.Take(it.byPage)
	it.resolveWaiting()
}

// fail ends the iteration after its first promise was settled.
func (it *iteration) fail() {
	it.waiting = it.waiting[1:]
	it.end()
}

// end ends the iteration: the remaining promises resolve without an item.
func (it *iteration) end() {
	delete(iterations, it.id)
	for _, promiseID := range it.waiting {
		currentHost.resolve(promiseID, doneJSON)
	}
	it.waiting = nil
}

// leave ends an iteration early, for the iterator's return. It aborts the call that loads a page.
func leave(id int) {
	it := iterations[id]
	switch {
	case it == nil:
	case it.call == nil:
		it.end()
	default:
		abort(it.call.promiseID, errIteratorReturned)
	}
}
