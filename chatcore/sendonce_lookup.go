package chatcore

import (
	"acschat/chatcore/internal/ascii"
	"acschat/chatcore/internal/claims"
)

// lookUp begins a look-up.
func (d *sendOnce) lookUp(now Instant) {
	c := d.call
	if !d.isSecondPass || d.lookupDue {
		d.lookupStart = now
	}
	d.lookupDue, d.mustLookUp, d.pageCount, d.newestVersion, d.highestVersion, d.reachedEnd, d.foundAmbiguous, d.isSecondPass = false, false, 0, 0, 0, false, false, false
	c.tokenRefreshed = false
	c.pendingOperation = listMessages
	c.request, _ = listMessages.build(c.client.endpoint, requestRules{apiVersion: c.options.APIVersion}, c.ids, "", &ListChatMessagesOptions{MaxPageSize: d.pageSize})
	d.trail = Trail{Mark: c.request.URL}
	c.authorize(now)
}

// findOnPage goes through a page of a look-up, and returns the id of the message if it is there. The list is by version, the
// highest first, so that the look-up has come far enough when a version is older than the token by the service's own
// clock, or at the thread's first message.
func (d *sendOnce) findOnPage(now Instant, page []ChatMessage) (id string) {
	token := claims.Of(d.call.token)
	d.newestVersion = max(d.newestVersion, token.Issued*1000) // no later than now, by the same clock
	nowMs := d.call.client.unixMs()
	for _, message := range page {
		sender := message.SenderCommunicationIdentifier
		mine := token.User == "" || sender == nil || sender.RawID == token.User
		if mine && message.Metadata[tokenMetadataKey] == d.token {
			return message.ID
		}
		version := parseNumber(message.Version)
		d.newestVersion, d.highestVersion = max(d.newestVersion, version), max(d.highestVersion, version)
		changed := message.EditedOn != "" || message.DeletedOn != ""
		oldest := d.lowestPossibleVersion(now, nowMs)
		if version > 0 && version < oldest || message.SequenceID == "1" && !changed || d.isSecondPass && version <= d.firstPassHighest {
			d.reachedEnd = true
		}
		if created := parseNumber(message.ID); changed && mine && message.Metadata[tokenMetadataKey] == "" && !d.reachedEnd && (created == 0 || created >= oldest) {
			_, known := d.call.client.sentMessageByID(d.call.ids[0], message.ID)
			d.foundAmbiguous = d.foundAmbiguous || !known
		}
	}
	return ""
}

// lowestPossibleVersion returns the lowest version that the message can have, 0 where that is not known. The age of a token that this program
// made is known. Another program's token tells when it was made, by a clock that may be wrong by some time, and may have been
// set since: by less than a day, it is assumed.
func (d *sendOnce) lowestPossibleVersion(now Instant, nowMs int) int {
	if d.note.madeAt != 0 {
		return d.newestVersion - d.tokenAge(now) - lookupMarginMs
	}
	if d.tokenMs == 0 || d.tokenMs > nowMs+dayMs {
		return 0
	}
	return min(d.newestVersion-(nowMs-d.tokenMs)-lookupMarginMs, d.tokenMs-dayMs)
}

const dayMs = 24 * 60 * 60 * 1000

// finishLookup ends a look-up that has not found the message.
func (d *sendOnce) finishLookup(now Instant) {
	c := d.call
	switch {
	case d.hasCallerToken && d.adoptSent():
	case d.foundAmbiguous:
		d.giveUp("a message that was edited or deleted may be this one")
	case d.reachedEnd && d.pageCount > 1:
		// A message that was edited between two pages has moved to one that was read before, and may do so again.
		passed, began := d.highestVersion, d.lookupStart
		d.lookUp(now)
		d.isSecondPass, d.firstPassHighest, d.lookupStart = true, passed, began
	case !d.reachedEnd:
		d.giveUp("the messages that the service shows do not reach back far enough")
	case d.lookupStart < d.settledAt:
		if d.settledAt >= c.totalDeadline {
			d.giveUp("there is no time left to look again")
			return
		}
		d.lookupDue = true
		c.wait(d.settledAt)
	case !d.hasSent:
		c.mayHaveSucceeded = false
		d.dispatch(now)
	case c.retries >= c.options.Retry.MaxRetries:
		d.giveUp("it was not found, and there is no attempt left")
	default:
		if d.usesRetry {
			c.retries++
		}
		d.dispatch(now)
	}
}

func (d *sendOnce) giveUp(reason string) {
	c := d.call
	e := newError(c.op.name, DeliveryUnknown, "the message may or may not have been delivered: "+reason, nil)
	if last := c.lastUnknown; last != nil {
		e.Cause, e.Status, e.ServiceCode, e.RetryAfterMs = last, last.Status, last.ServiceCode, last.RetryAfterMs
	}
	c.fail(e)
}

// parseNumber reads a whole number as the service writes it in text, 0 for anything else.
func parseNumber(text string) int {
	if !ascii.ConsistsOf(text, "0123456789") || len(text) > 15 {
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
	n, digits := 0, ascii.Lower(text[:8]+text[9:13])
	for i := range len(digits) {
		value, _, found := ascii.Cut("0123456789abcdef", digits[i])
		if !found {
			return 0
		}
		n = n<<4 | len(value)
	}
	return n
}
