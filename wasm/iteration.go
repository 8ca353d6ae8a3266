//go:build js && wasm

package main

import (
	"syscall/js"

	"acschat/chatcore"
)

// iteration is the state of one iteration over a list: an object of JavaScript's, which inherits nothing, with
//
//	call      the list's call
//	byPage    whether it gives pages
//	nextLink  where the next page is: "" at the beginning, undefined where there is none
//	mark      of the trail of nextLinks, and links
//	failure   why there is no next page, or undefined
//	items     of the page at hand, and index, the next of them
//	last      the promise of the last next: the one after it waits its turn
//	loading   the id of the call under way, or 0
//	signal    the page's, or undefined
//	done      whether it has ended
type iteration struct{ state js.Value }

// newIteration begins an iteration, and returns its iterator.
func newIteration(call js.Value, byPage bool, nextLink, failure js.Value) js.Value {
	state, iterator := create.Invoke(js.Null()), object.New()
	state.Set("call", call)
	state.Set("byPage", byPage)
	state.Set("nextLink", nextLink)
	state.Set("mark", nextLink)
	state.Set("links", 0)
	state.Set("failure", failure)
	state.Set("last", resolved)
	state.Set("loading", 0)
	iterator.Set("next", callNext.with(state))
	iterator.Set("return", callReturn.with(state))
	reflectSet.Invoke(iterator, asyncIterator, returning(iterator))
	return iterator
}

// next returns the promise of the next item or page, after those that were asked for before.
func (it iteration) next() js.Value {
	advance := onTurn.with(it.state)
	turn := then.Invoke(it.state.Get("last"), advance, advance)
	it.state.Set("last", turn)
	return turn
}

// advance gives what is next, or loads it.
func (it iteration) advance() js.Value {
	if it.state.Get("done").Truthy() {
		return iterated(js.Undefined(), true)
	}
	if signal := it.state.Get("signal"); !signal.IsUndefined() && get(signal, "aborted").Truthy() {
		return it.fail(get(signal, "reason"))
	}
	if items := it.state.Get("items"); !items.IsUndefined() {
		if i := it.state.Get("index").Int(); i < items.Length() {
			it.state.Set("index", i+1)
			return iterated(items.Index(i), false)
		}
	}
	nextLink := it.state.Get("nextLink")
	if nextLink.IsUndefined() {
		return it.end(nextLink)
	}
	promise, id := it.load(nextLink.String())
	it.state.Set("loading", id)
	return then.Invoke(promise, onPage.with(it.state), onNoPage.with(it.state))
}

// load makes the call for a page.
func (it iteration) load(nextLink string) (promise js.Value, id int) {
	if failure := it.state.Get("failure"); !failure.IsUndefined() {
		return reject.Invoke(failure), 0
	}
	c, m, args := it.call()
	if c == nil {
		return rejected(chatcore.NewClosed(m.Name)), 0
	}
	if m.Live {
		c.followVisibility()
	}
	d := newDeferred()
	if call := c.read(m, args, nextLink, d); call != nil {
		id = call.id
		it.state.Set("signal", call.page[optionSignal])
	}
	return d.promise, id
}

// call returns the client, nil if it was closed, the method and the page's arguments.
func (it iteration) call() (c *client, m chatcore.Method, args []js.Value) {
	call := it.state.Get("call")
	for i := 3; i < call.Length(); i++ {
		args = append(args, call.Index(i))
	}
	return clients[call.Index(0).Int()], chatcore.Methods[call.Index(1).Int()], args
}

// turn takes up a page, and gives what is next.
func (it iteration) turn(page js.Value) js.Value {
	it.state.Set("loading", 0)
	nextLink := own(page).Get("nextLink")
	it.state.Set("nextLink", nextLink)
	if c, m, _ := it.call(); c != nil && !m.Live && !nextLink.IsUndefined() {
		trail := chatcore.Trail{Mark: it.state.Get("mark").String(), Links: it.state.Get("links").Int()}
		if err := c.core.Follow(m.Name, &trail, nextLink.String()); err != nil {
			it.state.Set("failure", newChatError(err))
		}
		it.state.Set("mark", trail.Mark)
		it.state.Set("links", trail.Links)
	}
	if it.state.Get("byPage").Bool() {
		if it.state.Get("done").Truthy() {
			page = js.Undefined()
		}
		return iterated(page, page.IsUndefined())
	}
	it.state.Set("items", page.Get("value"))
	it.state.Set("index", 0)
	return it.advance()
}

// fail ends the iteration with what its call failed with, unless it has ended before.
func (it iteration) fail(reason js.Value) js.Value {
	if it.state.Get("done").Truthy() {
		return iterated(js.Undefined(), true)
	}
	it.end(js.Undefined())
	return reject.Invoke(reason)
}

// end ends the iteration, and its call if one is under way.
func (it iteration) end(value js.Value) js.Value {
	it.state.Set("done", true)
	it.state.Set("items", undefined)
	if loading := it.state.Get("loading").Int(); loading != 0 {
		it.state.Set("loading", 0)
		if c, _, _ := it.call(); c != nil && c.calls[loading] != nil {
			c.calls[loading].core.Abort(now(), thrown{})
			c.perform()
		}
	}
	return resolve.Invoke(iterated(value, true))
}

// iterated makes what an iterator's promises are fulfilled with. It begins as a JSON text, which makes properties of its own:
// those that are set may turn out to be inherited.
func iterated(value js.Value, done bool) js.Value {
	text := textNext
	if done {
		text = textDone
	}
	result := parse.Invoke(text)
	result.Set("value", value)
	return result
}
