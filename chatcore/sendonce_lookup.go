package chatcore

import (
	"acschat/chatcore/internal/ascii"
	"acschat/chatcore/internal/claims"
)

// lookUp starts a lookup.
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

// findOnPage searches a page of a lookup, and returns the id of the message if it finds it. The service lists messages by version, the
// highest first. The lookup has reached its end at a version that is older than the token by the service's clock, or at the first
// message of the thread.
func (d *sendOnce) findOnPage(now Instant, page []ChatMessage) (id string) {
	token := claims.Of(tokenText(d.call.token))
	d.newestVersion = max(d.newestVersion, token.Issued*1000) // an earlier time of the same clock
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

// lowestPossibleVersion returns the lowest version that the message can have, or 0 if that is unknown. For a token of this program it
// follows from the token's age. The token of another program contains its time of creation. Its clock may have been wrong, but this
// function assumes that it was wrong by less than a day.
func (d *sendOnce) lowestPossibleVersion(now Instant, nowMs int64) int64 {
	if d.note.madeAt != 0 {
		return d.newestVersion - d.tokenAge(now) - lookupMarginMs
	}
	if d.tokenMs == 0 || d.tokenMs > nowMs+dayMs {
		return 0
	}
	return min(d.newestVersion-(nowMs-d.tokenMs)-lookupMarginMs, d.tokenMs-dayMs)
}

const dayMs = 24 * 60 * 60 * 1000

// finishLookup decides what follows a lookup that has not found the message.
func (d *sendOnce) finishLookup(now Instant) {
	c := d.call
	switch {
	case d.hasCallerToken && d.adoptSent():
	case d.foundAmbiguous:
		d.giveUp("a message that was edited or deleted may be this one")
	case d.reachedEnd && d.pageCount > 1:
		// A message that is edited while the pages are read moves to the first page, which this lookup has passed.
		passed, began := d.highestVersion, d.lookupStart
		d.lookUp(now)
		d.isSecondPass, d.firstPassHighest, d.lookupStart = true, passed, began
	case !d.reachedEnd:
		d.giveUp("the service's list of messages does not reach back far enough")
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

// parseNumber reads a whole number of at most 15 digits. It returns 0 for anything else.
func parseNumber(text string) int64 {
	if !ascii.ConsistsOf(text, "0123456789") || len(text) > 15 {
		return 0
	}
	var n int64
	for i := range len(text) {
		n = n*10 + int64(text[i]-'0')
	}
	return n
}

// timeOfUUID returns the creation time of a version 7 UUID (RFC 9562) in milliseconds since 1970, or 0 for any other text.
func timeOfUUID(text string) int64 {
	if len(text) != 36 || text[8] != '-' || text[13] != '-' || text[14] != '7' {
		return 0
	}
	var n int64
	digits := ascii.Lower(text[:8] + text[9:13])
	for i := range len(digits) {
		value, _, found := ascii.Cut("0123456789abcdef", digits[i])
		if !found {
			return 0
		}
		n = n<<4 | int64(len(value))
	}
	return n
}
