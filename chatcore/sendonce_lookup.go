package chatcore

import (
	"acschat/chatcore/internal/ascii"
	"acschat/chatcore/internal/claims"
)

// lookup is one search for the message, in pages from the newest message back.
type lookup struct {
	start          Instant
	trail          Trail
	pageCount      int
	newestVersion  int64 // the highest time that the service's clock has shown: a version, or the access token's time of issue
	highestVersion int64 // version of the messages
	reachedEnd     bool  // the lookup has gone back as far as the message can be
	foundAmbiguous bool  // a message without its token, edited or deleted, may be the one

	// A second pass covers what has changed during the first one. It goes back to the highest version of the first.
	isSecondPass     bool
	firstPassHighest int64
}

func (s *sendOnce) startLookup(now Instant) {
	s.lookup = lookup{start: now}
	s.requestFirstPage(now)
}

// startSecondPass starts the second pass of a lookup. What the lookup proves counts from the start of the first pass.
func (s *sendOnce) startSecondPass(now Instant) {
	s.lookup = lookup{start: s.lookup.start, isSecondPass: true, firstPassHighest: s.lookup.highestVersion}
	s.requestFirstPage(now)
}

func (s *sendOnce) requestFirstPage(now Instant) {
	c := s.call
	s.lookupDue, s.mustLookUp, c.tokenRefreshed = false, false, false
	c.prepareRequest(listMessages, &ListChatMessagesOptions{MaxPageSize: s.lookupPageSize})
	s.lookup.trail = Trail{Mark: c.request.URL}
	c.authorize(now)
}

// findOnPage searches a page of a lookup, and returns the id of the message if it finds it. The service lists messages by version, the
// highest first. The lookup has reached its end at a version that is older than the token by the service's clock, or at the first
// message of the thread.
func (s *sendOnce) findOnPage(now Instant, page []ChatMessage) (id string) {
	user := claims.Of(tokenText(s.call.token))
	s.lookup.newestVersion = max(s.lookup.newestVersion, user.Issued*1000) // an earlier time of the same clock
	nowMs := s.call.client.unixMs()
	for _, message := range page {
		sender := message.SenderCommunicationIdentifier
		mine := user.User == "" || sender == nil || sender.RawID == user.User
		if mine && message.Metadata[IdempotencyTokenName] == s.token {
			return message.ID
		}
		version := parseNumber(message.Version)
		s.lookup.newestVersion, s.lookup.highestVersion = max(s.lookup.newestVersion, version), max(s.lookup.highestVersion, version)
		changed := message.EditedOn != "" || message.DeletedOn != ""
		oldest := s.lowestPossibleVersion(now, nowMs)
		if version > 0 && version < oldest || message.SequenceID == "1" && !changed || s.lookup.isSecondPass && version <= s.lookup.firstPassHighest {
			s.lookup.reachedEnd = true
		}
		if created := parseNumber(message.ID); changed && mine && message.Metadata[IdempotencyTokenName] == "" && !s.lookup.reachedEnd && (created == 0 || created >= oldest) {
			_, known := s.call.client.sentMessageByID(s.call.ids[0], message.ID)
			s.lookup.foundAmbiguous = s.lookup.foundAmbiguous || !known
		}
	}
	return ""
}

// lowestPossibleVersion returns the lowest version that the message can have, or 0 if that is unknown. For a token of this program it
// follows from the token's age. The token of another program contains its time of creation. Its clock may have been wrong, but this
// function assumes that it was wrong by less than a day.
func (s *sendOnce) lowestPossibleVersion(now Instant, nowMs int64) int64 {
	if s.note.madeAt != 0 {
		return s.lookup.newestVersion - s.tokenAge(now) - lookupMarginMs
	}
	if s.tokenMs == 0 || s.tokenMs > nowMs+dayMs {
		return 0
	}
	return min(s.lookup.newestVersion-(nowMs-s.tokenMs)-lookupMarginMs, s.tokenMs-dayMs)
}

const dayMs = 24 * 60 * 60 * 1000

// finishLookup decides what follows a lookup that has not found the message.
func (s *sendOnce) finishLookup(now Instant) {
	c := s.call
	switch {
	case s.hasCallerToken && s.adoptSent():
	case s.lookup.foundAmbiguous:
		s.giveUp("a message that was edited or deleted may be this one")
	case s.lookup.reachedEnd && s.lookup.pageCount > 1:
		// A message that is edited while the pages are read moves to the first page, which this lookup has passed.
		s.startSecondPass(now)
	case !s.lookup.reachedEnd:
		s.giveUp("the service's list of messages does not reach back far enough")
	case s.lookup.start < s.settledAt:
		if s.settledAt >= c.totalDeadline {
			s.giveUp("there is no time left to look again")
			return
		}
		s.lookupDue = true
		c.wait(s.settledAt)
	case !s.hasSent:
		c.mayHaveSucceeded = false
		s.dispatch(now)
	case c.retries >= c.options.Retry.MaxRetries:
		s.giveUp("it was not found, and there is no attempt left")
	default:
		if s.usesRetry {
			c.retries++
		}
		s.dispatch(now)
	}
}

func (s *sendOnce) giveUp(reason string) {
	c := s.call
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
