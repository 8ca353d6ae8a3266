package chatstate

import "acschat/chatcore"

// listing reads all pages of the list of threads.
type listing struct {
	number    int
	startedAt chatcore.Instant
	pages     int
	link      string           // of the next page; "" for the first
	at        chatcore.Instant // when to request the next page; 0: a request is under way
	failures  int
}

const (
	// The service allows 50 requests of this kind in 10 s. The inbox uses at most half of them in the long run, and 45 in a burst.
	msPerListPage = 400
	listBurst     = 20 // pages without a pause

	maxListPages = 1000
	hiddenListMs = 60_000
	maxAbsences  = 2 // a thread that so many listings in a row do not have is one that the user has left
)

// list requests a page of the list of threads.
func (in *Inbox) list(now chatcore.Instant) {
	l := &in.listing
	if l.link == "" {
		l.number++
		l.startedAt, l.pages = now, 0
		in.readMarks()
	}
	l.at = 0
	o := chatcore.ListChatThreadsOptions{MaxPageSize: in.options.PageSize, NextLink: l.link}
	in.begin(in.client.ListThreads(o, in.callOptions()), func(now chatcore.Instant, result chatcore.Result, err error) {
		if err != nil {
			in.listFailed(now, err)
			return
		}
		page := result.(*chatcore.ChatThreadsItemCollection)
		l.pages++
		for i := range page.Value {
			in.noteListed(now, &page.Value[i])
		}
		if l.link = page.NextLink; l.link != "" && l.pages < maxListPages {
			l.at = max(now, l.startedAt+chatcore.Instant(l.pages-listBurst)*msPerListPage)
			return
		}
		if l.link == "" {
			in.noteAbsent(now)
		}
		l.link, l.failures = "", 0
		interval := chatcore.Instant(in.options.IntervalMs)
		if in.isHidden {
			interval = max(interval, hiddenListMs)
		}
		l.at = max(now, l.startedAt+max(interval, chatcore.Instant(l.pages)*msPerListPage))
		in.setStatus(Live, nil)
	})
}

// listFailed begins the listing again later.
func (in *Inbox) listFailed(now chatcore.Instant, err error) {
	e, ok := err.(*chatcore.Error)
	if !ok || in.closed {
		return
	}
	l := &in.listing
	l.link = ""
	l.at = now + max(backoff(l.failures), chatcore.Instant(e.RetryAfterMs))
	l.failures++
	in.setStatus(Waiting, e)
}

// noteListed takes a thread of the list.
func (in *Inbox) noteListed(now chatcore.Instant, item *chatcore.ChatThreadItem) {
	e := in.find(item.ID)
	if e == nil {
		e = &entry{id: copied(item.ID), isCapped: true}
		in.indexes[e.id] = len(in.known)
		in.known = append(in.known, e)
	}
	if e.received != item.LastMessageReceivedOn || e.listed == 0 {
		e.received = chatcore.DateTime(copied(string(item.LastMessageReceivedOn)))
		e.settleAt = now + settleMs
		in.plan(now, e)
	}
	if e.absences > 0 { // the user was added again, or the listing has missed the thread
		e.isRemoved, e.isGone, e.membershipID = false, false, 0
		in.plan(now, e)
	}
	isNew := e.listed == 0
	e.listed, e.absences, e.isDeleted = in.listing.number, 0, item.DeletedOn != ""
	if e.topic != item.Topic && in.listing.startedAt >= e.topicAt {
		e.topic = copied(item.Topic)
	}
	in.show(e)
	if isNew {
		for _, c := range in.conversations {
			in.connect(now, c)
		}
	}
}

// noteAbsent handles threads that the listing did not have. The list may have changed while it was read, so once is not enough.
func (in *Inbox) noteAbsent(now chatcore.Instant) {
	for _, e := range append([]*entry(nil), in.entries...) {
		if e.listed == in.listing.number {
			continue
		}
		if e.absences++; e.absences == 1 && !e.isLeft() {
			in.plan(now, e)
		}
		if e.look == nil {
			in.count(e)
		}
	}
}

// copied copies a text that is kept, so that it does not keep the whole answer of the service in memory.
func copied(text string) string { return string([]byte(text)) }
