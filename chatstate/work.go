package chatstate

import "acschat/chatcore"

// work is what a conversation or an inbox wants of its driver.
type work struct {
	effects []Effect
	calls   calls
}

// Next returns an effect that the driver has to perform, or false if there is none.
func (w *work) Next() (Effect, bool) {
	if len(w.effects) == 0 {
		return Effect{}, false
	}
	e := w.effects[0]
	w.effects = w.effects[1:]
	return e, true
}

// begin starts a call. done gets its result or its error.
func (w *work) begin(call *chatcore.Call, done callEnded) {
	w.calls[call] = done
	w.effects = append(w.effects, Effect{Kind: StartCall, Call: call})
}

// take returns what gets the result of a call, once. It returns nil if nothing does any more.
func (w *work) take(call *chatcore.Call) callEnded {
	done := w.calls[call]
	delete(w.calls, call)
	return done
}

// abortCalls ends all calls with an error, in the order in which they were made.
func (w *work) abortCalls(now chatcore.Instant, err error) {
	for _, call := range inOrder(w.calls) {
		done := w.take(call)
		w.effects = append(w.effects, Effect{Kind: AbortCall, Call: call})
		done(now, nil, err)
	}
}

// callEnded takes the result of a call, or its error.
type callEnded func(now chatcore.Instant, result chatcore.Result, err error)

// calls are the calls under way.
type calls map[*chatcore.Call]callEnded

// inOrder returns the calls in the order in which they were made.
func inOrder(all calls) []*chatcore.Call {
	sorted := make([]*chatcore.Call, 0, len(all))
	for call := range all {
		i := len(sorted)
		for i > 0 && sorted[i-1].ID() > call.ID() {
			i--
		}
		sorted = append(sorted, nil)
		copy(sorted[i+1:], sorted[i:])
		sorted[i] = call
	}
	return sorted
}
