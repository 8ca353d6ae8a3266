package chatcore

// confirmation is the plan of a call that was refused with 403 after an attempt whose outcome is unknown, where that attempt's
// success would explain the refusal: the caller deleted the thread, or left it. The call reads what is there. If that does
// not show that the attempt succeeded, the refusal stands.
type confirmation struct {
	call    *Call
	refusal *Error
	pages   int
}

const confirmationPages = 10

// confirm begins a confirmation, if e calls for one.
func (c *Call) confirm(now Instant, e *Error) bool {
	if !c.unknown || c.asking != c.op || e.Status != 403 {
		return false
	}
	v := &confirmation{call: c, refusal: e}
	switch {
	case c.op == deleteThread:
		v.read(getThread, nil)
	case c.op == removeParticipant && c.removes == claimsOf(c.token).user:
		v.read(listParticipants, &ListChatParticipantsOptions{MaxPageSize: maxParticipants})
	default:
		return false
	}
	c.plan, c.retries = v, 0
	c.authorize(now)
	return true
}

// read prepares the reading that comes next.
func (v *confirmation) read(op *operation, m model) {
	c := v.call
	v.pages, c.asking, c.refreshed = 0, op, false
	c.request, _ = op.build(c.client.endpoint, rules{apiVersion: c.options.APIVersion}, c.at, "", m)
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
		} else if !v.follow(now, result.NextLink) {
			v.absent(now, result.NextLink == "")
		}
	case *ChatMessagesCollection:
		for _, message := range result.Value {
			if message.Content != nil && v.callerIsAmong(message.Content.Participants) { // the newest says how it is
				v.conclude(message.Type == ChatMessageTypeParticipantRemoved)
				return
			}
		}
		if !v.follow(now, result.NextLink) {
			v.conclude(false)
		}
	}
}

func (v *confirmation) callerIsAmong(participants []ChatParticipant) bool {
	for i := range participants {
		if participants[i].CommunicationIdentifier.rawID() == v.call.removes {
			return true
		}
	}
	return false
}

// absent concludes from participants without the caller. Pages may shift while they are read: several do not show that somebody
// is not there, and the messages have to tell.
func (v *confirmation) absent(now Instant, isLast bool) {
	if v.pages == 1 {
		v.conclude(isLast)
		return
	}
	v.readMessages(now)
}

func (v *confirmation) readMessages(now Instant) {
	v.read(listMessages, &ListChatMessagesOptions{MaxPageSize: lookUpPageSize})
	v.call.authorize(now)
}

// follow reads the next page, if there is one to be read.
func (v *confirmation) follow(now Instant, nextLink string) bool {
	c := v.call
	if v.pages++; v.pages == confirmationPages || !isOnOrigin(nextLink, c.client.endpoint.origin) {
		return false
	}
	c.request.URL = nextLink
	c.authorize(now)
	return true
}

func (v *confirmation) conclude(succeeded bool) {
	if succeeded {
		v.call.done(nil)
	} else {
		v.call.end(v.refusal)
	}
}

func (v *confirmation) failed(now Instant, e *Error) bool {
	c := v.call
	switch {
	case c.asking == getThread && e.Status == 404:
		c.done(nil)
		return true
	case c.asking == listParticipants && e.Status == 403: // whoever has left may still read messages
		v.readMessages(now)
		return true
	}
	return c.again(now, e)
}
