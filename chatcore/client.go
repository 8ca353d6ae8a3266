package chatcore

// Instant is a reading of the driver's clock: milliseconds that never run backwards, from any zero. Zero itself is none.
type Instant int64

// Client is the client of one user of one resource. It holds what its calls share, and decides alone: the driver
// performs the step of every call that Next returns, until it returns nil, after anything it told the client or a call.
//
// A Client is not safe for concurrent use.
type Client struct {
	endpoint  Endpoint
	options   Options
	tokens    tokens
	first     *Call // of those that have not ended, in their order
	last      *Call
	changed   []*Call
	exchanges []Exchange
	made      int
	closed    bool
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
			problem = "is required: a string, or a callback that gives one"
		}
		if problem != "" {
			err := createClient.invalid("token", problem)
			err.Hint = hintOf(TokenError)
			return nil, err
		}
	}
	if fault := (rules{}).check(&o.CallOptions); fault != nil {
		return nil, createClient.invalid(fault.path, fault.problem)
	}
	t := tokens{fixed: !o.TokenCallback, value: o.Token}
	o.Token = "" // one place is enough to forget it in
	return &Client{endpoint: endpoint, options: o, tokens: t}, nil
}

// CreateThread is the operation Create Chat Thread. Its result is a *CreateChatThreadResult.
func (c *Client) CreateThread(request CreateChatThreadRequest, o CallOptions) *Call {
	return c.newCall(createThread, "", &request, o)
}

// AddParticipants is the operation Add Chat Participants. Its result is an *AddChatParticipantsResult.
func (c *Client) AddParticipants(chatThreadID string, request AddChatParticipantsRequest, o CallOptions) *Call {
	return c.newCall(addParticipants, chatThreadID, &request, o)
}

// SendMessage is the operation Send Chat Message. Its result is a *SendChatMessageResult.
func (c *Client) SendMessage(chatThreadID string, request SendChatMessageRequest, o CallOptions) *Call {
	return c.newCall(sendMessage, chatThreadID, &request, o)
}

// Next returns a call whose step has changed since Next last returned it, or nil when there is none.
func (c *Client) Next() *Call {
	if len(c.changed) == 0 {
		return nil
	}
	call := c.changed[0]
	c.changed = c.changed[1:]
	call.queued = false
	return call
}

// NextExchange returns the oldest exchange that was not reported yet; false when there is none. There are only
// those of calls that Observe was called of.
func (c *Client) NextExchange() (Exchange, bool) {
	if len(c.exchanges) == 0 {
		return Exchange{}, false
	}
	e := c.exchanges[0]
	c.exchanges = c.exchanges[1:]
	return e, true
}

// Close fails every call under way and every later one with code Closed, and forgets the token.
func (c *Client) Close(now Instant) {
	c.closed = true
	c.tokens = tokens{}
	for c.first != nil {
		c.first.failWith(now, NewClosed(c.first.op.name))
	}
}

func (c *Client) newCall(op *operation, chatThreadID string, m model, o CallOptions) *Call {
	if fault := (rules{}).check(&o); fault != nil {
		return c.addCall(&Call{op: op}, op.invalid("options."+fault.path, fault.problem))
	}
	if o.IdempotencyToken != "" && !op.repeatable {
		return c.addCall(&Call{op: op}, op.invalid("options.idempotencyToken", "is not a known field"))
	}
	o = o.or(c.options.CallOptions)
	if op.repeatable && o.IdempotencyToken == "" && c.options.NewUUID != nil {
		o.IdempotencyToken = c.options.NewUUID()
	}
	req, err := op.build(c.endpoint, rules{o.APIVersion, o.CheckLimits == nil || *o.CheckLimits}, chatThreadID, o.IdempotencyToken, m)
	return c.addCall(&Call{op: op, options: o, request: req}, err)
}

func (c *Client) addCall(call *Call, err error) *Call {
	c.made++
	call.client, call.id = c, c.made
	if err != nil {
		call.invalid = err.(*Error) // as all that build and decode return
	}
	if call.before = c.last; call.before == nil {
		c.first = call
	} else {
		call.before.after = call
	}
	c.last = call
	return call
}

// removeCall takes a call that has ended out of the list, and out of all that it waits for.
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
	call.before, call.after, call.token = nil, nil, ""
	c.tokens.leaveFlight(call)
}
