package chatcore

import "acschat/chatcore/internal/claims"

// confirmation is the flow of a deleteThread, or of a participant's own removal, that gets a 403 after an attempt whose outcome is
// unknown. If that attempt succeeded, it explains the 403. The call therefore reads the thread, the participants or the messages,
// and succeeds if they show that the attempt did. Otherwise it fails with the 403.
type confirmation struct {
	call      *Call
	refusal   *Error
	pageCount int
}

const maxConfirmationPages = 10

// startConfirmation begins a confirmation, if e calls for one.
func (c *Call) startConfirmation(now Instant, e *Error) bool {
	if !c.mayHaveSucceeded || c.pendingOperation != c.op || e.Status != 403 || c.op.confirm == nil {
		return false
	}
	v := &confirmation{call: c, refusal: e}
	if !c.op.confirm(v) {
		return false
	}
	c.flow, c.retries = v, 0
	c.authorize(now)
	return true
}

func confirmDeleteThread(v *confirmation) bool {
	v.prepareRequest(getThread, nil)
	return true
}

func confirmRemoveParticipant(v *confirmation) bool {
	if v.call.removedID != claims.Of(tokenText(v.call.token)).User {
		return false
	}
	v.prepareRequest(listParticipants, &ListChatParticipantsOptions{MaxPageSize: maxParticipants})
	return true
}

func (v *confirmation) prepareRequest(op *operation, m model) {
	v.pageCount, v.call.tokenRefreshed = 0, false
	v.call.prepareRequest(op, m)
}

func (v *confirmation) begin(Instant) {}

func (v *confirmation) elapsed(now Instant) { v.call.authorize(now) }

func (v *confirmation) succeeded(now Instant, result Result) {
	switch result := result.(type) {
	case *ChatThreadProperties:
		v.conclude(result.DeletedOn != "")
	case *ChatParticipantsCollection:
		if v.callerIsAmong(result.Value) {
			v.conclude(false)
		} else if !v.followNextPage(now, result.NextLink) {
			v.handleAbsence(now, result.NextLink == "")
		}
	case *ChatMessagesCollection:
		for _, message := range result.Value {
			if message.Content != nil && v.callerIsAmong(message.Content.Participants) { // the newest one decides
				v.conclude(message.Type == ChatMessageTypeParticipantRemoved)
				return
			}
		}
		if !v.followNextPage(now, result.NextLink) {
			v.conclude(false)
		}
	}
}

func (v *confirmation) callerIsAmong(participants []ChatParticipant) bool {
	for i := range participants {
		if participants[i].CommunicationIdentifier.rawID() == v.call.removedID {
			return true
		}
	}
	return false
}

// handleAbsence handles a list of participants without the user. Participants may move between pages while these are read. If there
// was more than one page, the messages decide.
func (v *confirmation) handleAbsence(now Instant, isLast bool) {
	if v.pageCount == 1 {
		v.conclude(isLast)
		return
	}
	v.requestMessages(now)
}

func (v *confirmation) requestMessages(now Instant) {
	v.prepareRequest(listMessages, &ListChatMessagesOptions{MaxPageSize: lookupPageSize})
	v.call.authorize(now)
}

// followNextPage requests the next page. It returns false if there is none, or too many.
func (v *confirmation) followNextPage(now Instant, nextLink string) bool {
	c := v.call
	if v.pageCount++; v.pageCount == maxConfirmationPages || !isOnOrigin(nextLink, c.client.endpoint.origin) {
		return false
	}
	c.request.URL = nextLink
	c.authorize(now)
	return true
}

func (v *confirmation) conclude(succeeded bool) {
	if succeeded {
		v.call.succeed(nil)
	} else {
		v.call.fail(v.refusal)
	}
}

func (v *confirmation) failed(now Instant, e *Error) bool {
	c := v.call
	switch {
	case c.pendingOperation == getThread && e.Status == 404:
		c.succeed(nil)
		return true
	case c.pendingOperation == listParticipants && e.Status == 403: // a former participant may still read messages
		v.requestMessages(now)
		return true
	}
	return c.retry(now, e)
}
