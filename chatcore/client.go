package chatcore

import "acschat/chatcore/internal/claims"

// Instant is a reading of the driver's monotonic clock, in milliseconds. Its origin does not matter. 0 means no instant. Durations in
// milliseconds have this type, too.
type Instant int64

// Client is the client of one user of one resource. It holds the state that its calls share. After each method that a driver calls on
// the client or on a call, it calls Next until that returns nil, and performs the step of each call.
//
// A Client is not safe for concurrent use.
type Client struct {
	endpoint        Endpoint
	options         Options
	tokens          tokens
	first           *Call // the calls that have not ended, in the order of creation
	last            *Call
	changedCalls    []*Call
	throttles       []*throttle
	settlingWrites  []settlingWrite
	sentMessages    []sentMessage
	pollers         *poller // the last one that was made
	unreadExchanges []Exchange
	callCount       int
	closed          bool
	hidden          bool
	network         network
}

// NewClient checks the options and returns a client. The error is an [*Error] with code InvalidArgument.
func NewClient(o Options) (*Client, error) {
	endpoint, err := ParseEndpoint(o.Endpoint)
	if err != nil {
		return nil, err
	}
	if !o.TokenCallback {
		problem := checkToken(o.Token)
		if o.Token == "" {
			err := createClient.invalid("token", "is required")
			err.Reason = TokenMissing
			return nil, err
		}
		if problem != "" {
			err := createClient.invalid("token", problem)
			err.Reason, err.Hint = 0, tokenHint
			return nil, err
		}
	}
	if fault := o.CallOptions.fault(); fault != nil {
		return nil, createClient.invalid(fault.path, fault.problem)
	}
	t := tokens{fixed: !o.TokenCallback}
	if token := o.Token; token != "" {
		t.value, t.user = &token, claims.Of(token).User
	}
	o.Token = "" // kept in one place, so that Close can forget it
	if o.Memory == nil {
		o.Memory = NewSendMemory()
	}
	return &Client{endpoint: endpoint, options: o, tokens: t}, nil
}

// CreateThread is the operation Create Chat Thread. Its result is a *CreateChatThreadResult.
func (c *Client) CreateThread(request CreateChatThreadRequest, o CallOptions) *Call {
	return c.newCall(createThread, pathIDs{}, &request, o)
}

// ListThreads is one page of the operation List Chat Threads. Its result is a *ChatThreadsItemCollection.
func (c *Client) ListThreads(options ListChatThreadsOptions, o CallOptions) *Call {
	return c.newCall(listThreads, pathIDs{}, &options, o)
}

// GetThread is the operation Get Chat Thread Properties. Its result is a *ChatThreadProperties.
func (c *Client) GetThread(chatThreadID string, o CallOptions) *Call {
	return c.newCall(getThread, pathIDs{chatThreadID}, nil, o)
}

// UpdateThread is the operation Update Chat Thread Properties. It has no result.
func (c *Client) UpdateThread(chatThreadID string, request UpdateChatThreadRequest, o CallOptions) *Call {
	return c.newCall(updateThread, pathIDs{chatThreadID}, &request, o)
}

// DeleteThread is the operation Delete Chat Thread. It has no result.
func (c *Client) DeleteThread(chatThreadID string, o CallOptions) *Call {
	return c.newCall(deleteThread, pathIDs{chatThreadID}, nil, o)
}

// SendMessage is the operation Send Chat Message. Its result is a *SendChatMessageResult.
func (c *Client) SendMessage(chatThreadID string, request SendChatMessageRequest, o CallOptions) *Call {
	return c.newCall(sendMessage, pathIDs{chatThreadID}, &request, o)
}

// ListMessages is one page of the operation List Chat Messages. Its result is a *ChatMessagesCollection.
func (c *Client) ListMessages(chatThreadID string, options ListChatMessagesOptions, o CallOptions) *Call {
	return c.newCall(listMessages, pathIDs{chatThreadID}, &options, o)
}

// GetMessage is the operation Get Chat Message. Its result is a *ChatMessage.
func (c *Client) GetMessage(chatThreadID, chatMessageID string, o CallOptions) *Call {
	return c.newCall(getMessage, pathIDs{chatThreadID, chatMessageID}, nil, o)
}

// UpdateMessage is the operation Update Chat Message. It has no result.
func (c *Client) UpdateMessage(chatThreadID, chatMessageID string, request UpdateChatMessageRequest, o CallOptions) *Call {
	return c.newCall(updateMessage, pathIDs{chatThreadID, chatMessageID}, &request, o)
}

// DeleteMessage is the operation Delete Chat Message. It has no result.
func (c *Client) DeleteMessage(chatThreadID, chatMessageID string, o CallOptions) *Call {
	return c.newCall(deleteMessage, pathIDs{chatThreadID, chatMessageID}, nil, o)
}

// AddParticipants is the operation Add Chat Participants. Its result is an *AddChatParticipantsResult.
func (c *Client) AddParticipants(chatThreadID string, request AddChatParticipantsRequest, o CallOptions) *Call {
	return c.newCall(addParticipants, pathIDs{chatThreadID}, &request, o)
}

// ListParticipants is one page of the operation List Chat Participants. Its result is a *ChatParticipantsCollection.
func (c *Client) ListParticipants(chatThreadID string, options ListChatParticipantsOptions, o CallOptions) *Call {
	return c.newCall(listParticipants, pathIDs{chatThreadID}, &options, o)
}

// RemoveParticipant is the operation Remove Chat Participant. It has no result.
func (c *Client) RemoveParticipant(chatThreadID string, identifier CommunicationIdentifierModel, o CallOptions) *Call {
	return c.newCall(removeParticipant, pathIDs{chatThreadID}, &identifier, o)
}

// SendTypingNotification is the operation Send Typing Notification. It has no result.
func (c *Client) SendTypingNotification(chatThreadID string, request SendTypingNotificationRequest, o CallOptions) *Call {
	return c.newCall(sendTypingNotification, pathIDs{chatThreadID}, &request, o)
}

// SendReadReceipt is the operation Send Chat Read Receipt. It has no result.
func (c *Client) SendReadReceipt(chatThreadID string, request SendReadReceiptRequest, o CallOptions) *Call {
	return c.newCall(sendReadReceipt, pathIDs{chatThreadID}, &request, o)
}

// ListReadReceipts is one page of the operation List Chat Read Receipts. Its result is a
// *ChatMessageReadReceiptsCollection.
func (c *Client) ListReadReceipts(chatThreadID string, options ListChatReadReceiptsOptions, o CallOptions) *Call {
	return c.newCall(listReadReceipts, pathIDs{chatThreadID}, &options, o)
}

// WatchMessages waits for changes in a thread: messages that were sent, edited or deleted. Its result is a *ChatMessagesCollection of
// the changed messages, the newest change last. Its NextLink goes into the options of the next call, which waits for later changes.
// If a message changes several times between two polls, the result has its last state. A change that becomes visible late, within
// SettleMs, is in the result of the poll that first sees it. The call survives temporary failures, and TotalTimeoutMs does not
// apply to it.
func (c *Client) WatchMessages(chatThreadID string, options WatchMessagesOptions, o CallOptions) *Call {
	return c.newCall(watchMessages, pathIDs{chatThreadID}, &options, o)
}

// Endpoint returns the origin of the resource.
func (c *Client) Endpoint() string { return c.endpoint.origin }

// UserID returns the raw id of the user whom the access token belongs to. It is empty while no token is known, or if the token does not
// say.
func (c *Client) UserID() string { return c.tokens.user }

// CheckMessage returns what is wrong with a message, or nil. The error is an [*Error] with code InvalidArgument.
func (c *Client) CheckMessage(chatThreadID string, request SendChatMessageRequest) error {
	_, err := sendMessage.build(c.endpoint, c.options.CallOptions.rules(), pathIDs{chatThreadID}, "", &request)
	return err
}

// SetHidden tells the client whether its page is hidden. Watches of a hidden page poll less often.
func (c *Client) SetHidden(now Instant, hidden bool) {
	c.hidden = hidden
	c.releaseWaiting(now)
}

// unixMs returns the time of day in milliseconds since 1970, or 0 if the driver has no clock for it.
func (c *Client) unixMs() int64 {
	if c.options.UnixMs == nil {
		return 0
	}
	return c.options.UnixMs()
}

// Next returns a call whose step has changed since Next last returned it, or nil.
func (c *Client) Next() *Call {
	if len(c.changedCalls) == 0 {
		return nil
	}
	call := c.changedCalls[0]
	c.changedCalls = c.changedCalls[1:]
	call.queued = false
	return call
}

// NextExchange returns and removes the oldest report of an exchange, or false if there is none. Only calls with [Call.Observe] make
// reports.
func (c *Client) NextExchange() (Exchange, bool) {
	if len(c.unreadExchanges) == 0 {
		return Exchange{}, false
	}
	e := c.unreadExchanges[0]
	c.unreadExchanges = c.unreadExchanges[1:]
	return e, true
}

// Close fails all calls under way and all later ones with code Closed, and discards the token.
func (c *Client) Close(now Instant) {
	c.closed = true
	c.tokens, c.throttles, c.settlingWrites, c.sentMessages, c.pollers = tokens{}, nil, nil, nil, nil
	for call := c.first; call != nil; call = c.first {
		call.noteAbandonedSend(now)
		e := NewClosed(call.op.name)
		call.reportAttempt(now, Response{}, e)
		call.fail(e)
	}
}

// newCall checks the options and the request, m, and returns the call. Its Start reports what is wrong with them.
func (c *Client) newCall(op *operation, ids pathIDs, m model, o CallOptions) *Call {
	call := &Call{client: c, op: op, ids: ids, pendingOperation: op}
	if fault := o.fault(); fault != nil {
		return c.addCall(call, op.invalid("options."+fault.path, fault.problem))
	}
	if o.IdempotencyToken != "" && !op.takesRepeatabilityID && !op.mayDuplicate || o.Idempotent && !op.mayDuplicate {
		return c.addCall(call, op.invalid("options.idempotencyToken", "is not a known field"))
	}
	call.options = o.or(c.options.CallOptions)
	r := call.options.rules()
	if op.prepare != nil {
		var err error
		if m, err = op.prepare(call, r, m); err != nil {
			return c.addCall(call, err)
		}
	}
	call.retrySafe = !op.mayDuplicate && (!op.takesRepeatabilityID || call.repeatabilityID != "")
	var err error
	call.request, err = op.build(c.endpoint, r, ids, call.repeatabilityID, m)
	return c.addCall(call, err)
}

func (c *Client) addCall(call *Call, err error) *Call {
	c.callCount++
	call.client, call.id = c, c.callCount
	if err != nil {
		call.argumentError = err.(*Error) // the only type that build and decode return
	}
	if call.before = c.last; call.before == nil {
		c.first = call
	} else {
		call.before.after = call
	}
	c.last = call
	return call
}

// removeCall removes a call that has ended from all lists.
func (c *Client) removeCall(call *Call) {
	if call.before == nil {
		c.first = call.after
	} else {
		call.before.after = call.after
	}
	if call.after == nil {
		c.last = call.before
	} else {
		call.after.before = call.before
	}
	call.before, call.after, call.token = nil, nil, nil
	if call.step.Kind == Failed && call.lastUnknownAt != 0 && !call.op.mayDuplicate {
		call.noteSettlingWrite(call.lastUnknownAt)
	}
	if w, ok := call.flow.(*watch); ok && w.poller != nil {
		w.poller.detach(w)
	}
	c.tokens.leaveFlight(call)
	for _, h := range c.throttles {
		h.waiting = without(h.waiting, call)
	}
}
