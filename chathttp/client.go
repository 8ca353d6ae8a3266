package chathttp

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"

	"acschat/chatcore"
)

// Client is the client of one user of one resource. Make it with [New]. It may be used from any number of goroutines.
//
// Printing a Client in any form does not show the token.
type Client struct {
	endpoint   string
	http       *http.Client
	tokenFunc  func(ctx context.Context, forceRefresh bool) (string, error)
	onExchange func(chatcore.Exchange)
	clock      clock

	// mu guards all below. It is held for one step of the core at a time, and never while anything waits or code of others
	// runs.
	mu     sync.Mutex
	core   *chatcore.Client
	calls  map[int]*call // by chatcore's id; a call is here until it has ended, and its caller knows
	flight tokenFlight
}

// New makes a client. It sends nothing. The error is a [*chatcore.Error] with code InvalidArgument. Its Target is the option, as
// in Options.Endpoint.
func New(o Options) (*Client, error) {
	options, err := o.core()
	if err != nil {
		return nil, worded(err)
	}
	clock := newClock()
	options.Made, options.Memory = clock.now(), memory
	core, err := chatcore.NewClient(options)
	if err != nil {
		return nil, worded(err)
	}
	var own http.Client
	if o.HTTPClient != nil {
		own = *o.HTTPClient
	}
	if own.Transport == nil {
		own.Transport = pastCache()
	}
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Client{
		endpoint: o.Endpoint, http: &own, tokenFunc: o.TokenFunc, onExchange: o.OnExchange,
		clock: clock, core: core, calls: map[int]*call{},
	}, nil
}

// Close ends every call under way, and every later one, with code Closed, and forgets the token. Closing again does
// nothing.
func (c *Client) Close() { c.tell(c.core.Close) }

// tell runs f, which tells the core something, and then does what the core asks for.
func (c *Client) tell(f func(now chatcore.Instant)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f(c.clock.now())
	for e, ok := c.core.NextExchange(); ok; e, ok = c.core.NextExchange() {
		call := c.calls[e.CallID]
		call.exchanges = append(call.exchanges, e)
	}
	for next := c.core.Next(); next != nil; next = c.core.Next() {
		c.calls[next.ID()].perform()
	}
	c.flight.endUnless(c.core.TokenFlight())
}

// String tells whose client it is, and not the token.
func (c *Client) String() string { return fmt.Sprintf("chathttp.Client{%q}", c.endpoint) }

// GoString is String, for %#v.
func (c *Client) GoString() string { return c.String() }

// Format is String for every verb. For those that do not ask String, fmt would read the fields without holding mu.
func (c *Client) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, c.String()) }
