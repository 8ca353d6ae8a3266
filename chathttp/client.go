package chathttp

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"

	"acschat/chatcore"
	"acschat/chatstate"
)

// Client is a client for one user of one resource. Create it with [New]. All goroutines may use it at the same time.
//
// A printed Client does not show the token, whatever the format.
type Client struct {
	endpoint   string
	http       *http.Client
	tokenFunc  func(ctx context.Context, forceRefresh bool) (string, error)
	onExchange func(chatcore.Exchange)
	clock      clock
	storage    Storage

	// mu guards the fields below. A goroutine holds it while it tells the core one event, and never while it waits or calls functions of
	// the program.
	mu     sync.Mutex
	core   *chatcore.Client
	calls  map[int]*call // by id, until the method that made the call returns
	flight tokenFlight

	// conversations are those that are open, by the id of the thread. After Close it is nil. It is of an interface so that programs
	// without conversations do not contain chatstate.
	conversations map[string]conversation

	inbox inbox // nil: it is not open
}

// conversation is a [conversationDriver] or an [inboxDriver].
type conversation interface {
	performEffects(now chatcore.Instant) (hadEffects bool)
	finish(now chatcore.Instant)
	close(now chatcore.Instant)
	forget(now chatcore.Instant)
	drain()
}

// inbox is an [inboxDriver].
type inbox interface {
	conversation
	join(now chatcore.Instant, c *chatstate.Conversation)
	part(now chatcore.Instant, c *chatstate.Conversation)
	noted(now chatcore.Instant, c *chatstate.Conversation)
	wake(now chatcore.Instant, threadID, version string)
}

// New returns a client. It sends nothing. If an option is wrong, the error is a [*chatcore.Error] with code InvalidArgument. Its Target
// names the option, such as Options.Endpoint.
func New(o Options) (*Client, error) {
	options, err := o.core()
	if err != nil {
		return nil, goError(err)
	}
	clock := newClock()
	options.Made, options.Memory = clock.now(), memory
	core, err := chatcore.NewClient(options)
	if err != nil {
		return nil, goError(err)
	}
	var httpClient http.Client
	if o.HTTPClient != nil {
		httpClient = *o.HTTPClient
	}
	if httpClient.Transport == nil {
		httpClient.Transport = defaultTransport()
	}
	httpClient.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Client{
		endpoint: o.Endpoint, http: &httpClient, tokenFunc: o.TokenFunc, onExchange: o.OnExchange,
		clock: clock, core: core, calls: map[int]*call{}, storage: o.Storage, conversations: map[string]conversation{},
	}, nil
}

// Close ends all calls of the client with code Closed, closes its conversations and inbox, and forgets the token. Later calls fail with the same
// code. Further calls of Close do nothing.
func (c *Client) Close() {
	var closed []conversation
	c.tell(func(now chatcore.Instant) {
		if c.inbox != nil {
			closed = append(closed, c.inbox)
			c.inbox.close(now)
		}
		for _, conversation := range c.conversations {
			conversation.close(now)
			closed = append(closed, conversation)
		}
		c.conversations = nil
		c.core.Close(now)
	})
	for _, conversation := range closed {
		conversation.drain()
	}
}

// tellUnless runs f as tell does, unless closed is closed. It reports whether it ran f.
func (c *Client) tellUnless(closed <-chan struct{}, f func(now chatcore.Instant)) (isOpen bool) {
	c.tell(func(now chatcore.Instant) {
		select {
		case <-closed:
		default:
			isOpen = true
			f(now)
		}
	})
	return isOpen
}

// tell runs f, which tells the core an event, and performs what follows from it.
func (c *Client) tell(f func(now chatcore.Instant)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.clock.now()
	f(now)
	c.perform(now)
}

// perform performs the new steps of all calls and the effects of conversations. The client's mu is held.
func (c *Client) perform(now chatcore.Instant) {
	for hadEffects := true; hadEffects; { // effects start calls, and calls that end have effects
		c.performCalls()
		hadEffects = false
		for _, conversation := range c.conversations {
			hadEffects = conversation.performEffects(now) || hadEffects
		}
		if c.inbox != nil {
			hadEffects = c.inbox.performEffects(now) || hadEffects
		}
	}
	for _, conversation := range c.conversations {
		conversation.finish(now)
	}
	if c.inbox != nil { // it takes what the conversations know
		c.inbox.finish(now)
	}
	c.flight.cancelUnless(c.core.TokenFlight())
}

// performCalls reports exchanges and performs the new steps of calls. The client's mu is held.
func (c *Client) performCalls() {
	for e, ok := c.core.NextExchange(); ok; e, ok = c.core.NextExchange() {
		call := c.calls[e.CallID]
		call.unreported = append(call.unreported, e)
	}
	for next := c.core.Next(); next != nil; next = c.core.Next() {
		c.calls[next.ID()].perform()
	}
}

// UserID returns the raw id of the user whom the access token belongs to. It is empty before a token is known, and if the token does
// not tell.
func (c *Client) UserID() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.core.UserID()
}

// String returns the client's endpoint. It does not show the token.
func (c *Client) String() string { return fmt.Sprintf("chathttp.Client{%q}", c.endpoint) }

// GoString returns the same as String.
func (c *Client) GoString() string { return c.String() }

// Format prints String for every verb. Without it, fmt reads the fields for some verbs, and does not hold mu.
func (c *Client) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, c.String()) }
