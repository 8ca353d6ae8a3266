package chatcore

// look begins a look-up.
func (d *delivery) look(now Instant) {
	c := d.call
	if !d.again || d.lookNext {
		d.lookBegan = now
	}
	d.lookNext, d.mustLook, d.pages, d.newest, d.highest, d.covered, d.unsure, d.again = false, false, 0, 0, 0, false, false, false
	c.refreshed = false
	c.asking = listMessages
	c.request, _ = listMessages.build(c.client.endpoint, rules{apiVersion: c.options.APIVersion}, c.at, "", &ListChatMessagesOptions{MaxPageSize: d.pageSize})
	d.trail = Trail{Mark: c.request.URL}
	c.authorize(now)
}

// find goes through a page of a look-up, and returns the id of the message if it is there. The list is by version, the
// highest first, so that the look-up has come far enough when a version is older than the token by the service's own
// clock, or at the thread's first message.
func (d *delivery) find(now Instant, page []ChatMessage) (id string) {
	token := claimsOf(d.call.token)
	d.newest = max(d.newest, token.issued*1000) // no later than now, by the same clock
	nowMs := d.call.client.unixMs()
	for _, message := range page {
		sender := message.SenderCommunicationIdentifier
		mine := token.user == "" || sender == nil || sender.RawID == token.user
		if mine && message.Metadata[tokenName] == d.token {
			return message.ID
		}
		version := number(message.Version)
		d.newest, d.highest = max(d.newest, version), max(d.highest, version)
		changed := message.EditedOn != "" || message.DeletedOn != ""
		oldest := d.oldest(now, nowMs)
		if version > 0 && version < oldest || message.SequenceID == "1" && !changed || d.again && version <= d.passed {
			d.covered = true
		}
		if created := number(message.ID); changed && mine && message.Metadata[tokenName] == "" && !d.covered && (created == 0 || created >= oldest) {
			_, known := d.call.client.sentAs(d.call.at[0], message.ID)
			d.unsure = d.unsure || !known
		}
	}
	return ""
}

// oldest returns the lowest version that the message can have, 0 where that is not known. The age of a token that this program
// made is known. Another program's token tells when it was made, by a clock that may be wrong by some time, and may have been
// set since: by less than a day, it is assumed.
func (d *delivery) oldest(now Instant, nowMs int) int {
	if d.known.madeAt != 0 {
		return d.newest - d.age(now) - lookUpMarginMs
	}
	if d.tokenMs == 0 || d.tokenMs > nowMs+dayMs {
		return 0
	}
	return min(d.newest-(nowMs-d.tokenMs)-lookUpMarginMs, d.tokenMs-dayMs)
}

const dayMs = 24 * 60 * 60 * 1000

// conclude ends a look-up that has not found the message.
func (d *delivery) conclude(now Instant) {
	c := d.call
	switch {
	case d.own && d.adopt():
	case d.unsure:
		d.giveUp("a message that was edited or deleted may be this one")
	case d.covered && d.pages > 1:
		// A message that was edited between two pages has moved to one that was read before, and may do so again.
		passed, began := d.highest, d.lookBegan
		d.look(now)
		d.again, d.passed, d.lookBegan = true, passed, began
	case !d.covered:
		d.giveUp("the messages that the service shows do not reach back far enough")
	case d.lookBegan < d.settled:
		if d.settled >= c.totalDeadline {
			d.giveUp("there is no time left to look again")
			return
		}
		d.lookNext = true
		c.wait(d.settled)
	case !d.sent:
		c.unknown = false
		d.dispatch(now)
	case c.retries >= c.options.Retry.MaxRetries:
		d.giveUp("it was not found, and there is no attempt left")
	default:
		if d.spent {
			c.retries++
		}
		d.dispatch(now)
	}
}

func (d *delivery) giveUp(reason string) {
	c := d.call
	e := newError(c.op.name, DeliveryUnknown, "the message may or may not have been delivered: "+reason, nil)
	if last := c.lastUnknown; last != nil {
		e.Cause, e.Status, e.ServiceCode, e.RetryAfterMs = last, last.Status, last.ServiceCode, last.RetryAfterMs
	}
	c.end(e)
}

// number reads a whole number as the service writes it in text, 0 for anything else.
func number(text string) int {
	if !consistsOf(text, "0123456789") || len(text) > 15 {
		return 0
	}
	n := 0
	for i := range len(text) {
		n = n*10 + int(text[i]-'0')
	}
	return n
}

// timeOfUUID returns when a version 7 UUID (RFC 9562) was made, in milliseconds since 1970, 0 for any other text.
func timeOfUUID(text string) int {
	if len(text) != 36 || text[8] != '-' || text[13] != '-' || text[14] != '7' {
		return 0
	}
	n, digits := 0, lower(text[:8]+text[9:13])
	for i := range len(digits) {
		value, _, found := cut("0123456789abcdef", digits[i])
		if !found {
			return 0
		}
		n = n<<4 | len(value)
	}
	return n
}
