package chatcore

import "acschat/chatcore/internal/claims"

// confirmation is the plan of a call that was refused with 403 after an attempt whose outcome is unknown, where that attempt's
// success would explain the refusal: the caller deleted the thread, or left it. The call reads what is there. If that does
// not show that the attempt succeeded, the refusal stands.
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
	if v.call.removedID != claims.Of(v.call.token).User {
		return false
	}
	v.prepareRequest(listParticipants, &ListChatParticipantsOptions{MaxPageSize: maxParticipants})
	return true
}

// prepareRequest prepares the reading that comes next.
func (v *confirmation) prepareRequest(op *operation, m model) {
	c := v.call
	v.pageCount, c.pendingOperation, c.tokenRefreshed = 0, op, false
	c.request, _ = op.build(c.client.endpoint, requestRules{apiVersion: c.options.APIVersion}, c.ids, "", m)
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
			if message.Content != nil && v.callerIsAmong(message.Content.Participants) { // the newest says how it is
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

// handleAbsence concludes from participants without the caller. Pages may shift while they are read: several do not show that somebody
// is not there, and the messages have to tell.
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

// followNextPage reads the next page, if there is one to be read.
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
	case c.pendingOperation == listParticipants && e.Status == 403: // whoever has left may still read messages
		v.requestMessages(now)
		return true
	}
	return c.retry(now, e)
}
