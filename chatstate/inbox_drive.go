package chatstate

import "acschat/chatcore"

// Ended tells that a call has ended.
func (in *Inbox) Ended(now chatcore.Instant, call *chatcore.Call) {
	done := in.take(call)
	if done == nil {
		return
	}
	step := call.Step()
	in.bindUser(step.Err == nil)
	done(now, step.Result, step.Err)
	in.proceed(now)
}

// Deadline returns when Elapsed is due, or 0.
func (in *Inbox) Deadline() (earliest chatcore.Instant) {
	if in.closed || !in.isOnline {
		return 0
	}
	earliest = earlier(in.listing.at, in.rotateAt)
	if in.canLook() {
		for _, e := range in.entries {
			if e.mayLook() {
				earliest = earlier(earliest, e.dueAt)
			}
		}
	}
	return earliest
}

// Elapsed tells that the Deadline may have come. Too early is harmless.
func (in *Inbox) Elapsed(now chatcore.Instant) { in.proceed(now) }

// proceed begins what is due.
func (in *Inbox) proceed(now chatcore.Instant) {
	if in.closed || !in.isOnline {
		return
	}
	in.bindUser(false)
	if isDue(now, in.listing.at) {
		in.list(now)
	}
	in.rotate(now)
	for in.canLook() {
		e := in.nextLook(now)
		if e == nil {
			break
		}
		in.beginLook(now, e)
	}
}

// SetOnline tells whether the browser reports to be online. Tell the client, too.
func (in *Inbox) SetOnline(now chatcore.Instant, online bool) {
	if in.closed {
		return
	}
	online = online || !in.client.HasServer()
	in.isOnline = online
	switch {
	case !online && in.status == Live:
		in.setStatus(Waiting, nil)
	case online && in.listing.at != 0:
		in.listing.at = now
	}
	in.proceed(now)
}

// SetHidden tells whether the page is hidden. Then the inbox lists the threads once a minute.
func (in *Inbox) SetHidden(now chatcore.Instant, hidden bool) {
	in.isHidden = hidden
	if !hidden && in.listing.at != 0 && in.status == Live {
		in.listing.at = min(in.listing.at, max(now, in.listing.startedAt+chatcore.Instant(in.options.IntervalMs)))
	}
	in.proceed(now)
}

// Close ends the inbox.
func (in *Inbox) Close(now chatcore.Instant) {
	if in.closed {
		return
	}
	in.closed = true
	in.abortCalls(now, chatcore.NewClosed("openInbox"))
	for _, e := range in.entries {
		e.endMarking(chatcore.NewClosed("sendReadReceipt"))
	}
}
