//go:build js && wasm

package main

import "acschat/chatcore"

// iteration is one over a list, item by item or page by page.
type iteration struct {
	number   int
	client   int
	core     *chatcore.Iteration
	method   chatcore.Method
	attached chatcore.Attached
	byPage   bool
	items    []string // JSON, not given yet
	waiting  []int    // promises of next; the first has the call under way
	call     *call    // that, or nil
}

var (
	iterations = map[int]*iteration{} // not over, by number
	iterated   int                    // so far, and the number of the last
)

// over is the JSON of an iteration's result after the last, where JSON lacks the value.
const over = `{"done":true}`

// iterate begins an iteration, and returns its number.
func iterate(client, method int, byPage bool, a chatcore.Arguments) int {
	iterated++
	m := chatcore.Methods[method]
	iterations[iterated] = &iteration{number: iterated, client: client, core: m.Iterate(a), method: m, attached: a.Attached, byPage: byPage}
	return iterated
}

// next gives a promise the next item or page, after those that were asked for before.
func next(number, promise int, isAborted bool) {
	defer refusePanic(promise)
	it := iterations[number]
	switch {
	case it == nil:
		current.fulfil(promise, over)
	case isAborted && it.call == nil:
		current.refuseAborted(promise)
		it.end()
	default:
		it.waiting = append(it.waiting, promise)
		it.give()
		it.load()
	}
}

// give settles what waits, as far as there are items.
func (it *iteration) give() {
	for len(it.items) > 0 && len(it.waiting) > 0 {
		promise, item := it.waiting[0], it.items[0]
		it.items, it.waiting = it.items[1:], it.waiting[1:]
		give(promise, item)
	}
}

func give(promise int, item string) {
	defer refusePanic(promise)
	current.fulfil(promise, `{"value":`+item+`,"done":false}`)
}

// load loads the next page if anything waits for it.
func (it *iteration) load() {
	if it.call != nil || len(it.waiting) == 0 {
		return
	}
	defer func() {
		if r := recover(); r != nil && len(it.waiting) > 0 {
			current.refuse(it.waiting[0], newChatError(panicked(r)))
			it.fail()
		}
	}()
	c := clients[it.client]
	if c == nil {
		current.refuse(it.waiting[0], newChatError(chatcore.NewClosed(it.method.Name)))
		it.fail()
		return
	}
	if it.method.Live {
		c.followVisibility()
	}
	if core := it.core.NextCall(c.core); core != nil {
		it.call = &call{promise: it.waiting[0], core: core, list: it}
		c.start(it.call, it.attached)
	} else {
		it.end()
	}
}

// take takes the page that was loaded.
func (it *iteration) take() {
	it.call = nil
	it.items = it.core.Take(it.byPage)
	it.give()
}

// fail ends the iteration after the first that waits was settled otherwise.
func (it *iteration) fail() {
	it.waiting = it.waiting[1:]
	it.end()
}

// end ends the iteration: what waits gets nothing more.
func (it *iteration) end() {
	delete(iterations, it.number)
	for _, promise := range it.waiting {
		current.fulfil(promise, over)
	}
	it.waiting = nil
}

// leave ends an iteration early, with its call if one is under way.
func leave(number int) {
	it := iterations[number]
	switch {
	case it == nil:
	case it.call == nil:
		it.end()
	default:
		abort(it.call.promise, errLeft)
	}
}
