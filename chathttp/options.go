package chathttp

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/google/uuid"

	"acschat/chatcore"
)

// Options are the options of a client. Endpoint is required, and one of Token and TokenFunc.
//
// Printing Options in any form does not show the token.
type Options struct {
	// Endpoint is the address of the resource, as in https://contoso.communication.azure.com. It must be https, or http on
	// this machine.
	Endpoint string

	// Token is a user access token, without "Bearer". Once the service refuses it, every call fails.
	Token string

	// TokenFunc gives a user access token. It is asked when a call first needs one, shortly before that expires, where the
	// token tells when, and when the service has refused it; then forceRefresh says that a cached token will not do. One
	// question serves all calls that wait for the answer. A call whose token was refused is repeated once with a fresh one.
	//
	// Its ctx has the values of the call that asks, and ends when the answer is no longer wanted. A function that goes on
	// regardless holds up no call. It runs on a goroutine of its own, so that a panic in it ends the program.
	TokenFunc func(ctx context.Context, forceRefresh bool) (string, error)

	// APIVersion is the api-version of every operation, as in 2025-03-15. By default each has that of its document.
	APIVersion string

	// Timeout limits one exchange, and the wait for a token: 30 s by default. TotalTimeout limits a call with everything it
	// takes: 2 min by default. Each page of a list is a call; a watch has no limit in total. They count whole milliseconds, and
	// at least one. If the program was suspended meanwhile, an answer that has arrived still counts: the exchange ends a second
	// after the program goes on.
	Timeout, TotalTimeout time.Duration

	// Retry says how often a request is sent again that did not succeed, where that is safe. Nil stands for 3 retries, after
	// 800 ms and more; a zero one for none.
	Retry *chatcore.RetryOptions

	// Settle is the time after which an attempt to send can no longer be stored, and a change is no longer invisible: 5 s by
	// default. SendMessage with a token waits for it before it sends again, and a watch reads again what is newer.
	Settle *time.Duration

	// CheckLimits tells whether the client checks the documented limits of size, which is the default. If it is false, the
	// service decides.
	CheckLimits *bool

	// HTTPClient does the exchanges, in a copy that follows no redirect. Nil stands for an [http.Client] as it comes, which
	// goes by the proxy of the environment. In a page, one without a Transport reads past the browser's cache. One with a
	// Transport must do so itself, and net/http's own cannot: an answer from a cache makes a client send a message twice.
	HTTPClient *http.Client

	// OnExchange is told of every exchange, answered or not, after the fact and without the token. It runs on the goroutine
	// of the call, which goes on when it has returned; a panic in it comes out of the call's method.
	OnExchange func(chatcore.Exchange)
}

// NewIdempotencyToken makes a token for SendMessage's options, to be kept beside the draft of the message: a version 7 UUID.
// The clients of this process know that no other has sent it before.
func NewIdempotencyToken() string {
	token := newToken()
	memory.Made(token, now(), unixMs())
	return token
}

func newToken() string { return uuid.Must(uuid.NewV7()).String() }

func unixMs() int64 { return time.Now().UnixMilli() }

// core returns the options that are chatcore's.
func (o Options) core() (core chatcore.Options, err error) {
	if o.Token != "" && o.TokenFunc != nil {
		return core, chatcore.NewInvalidArgument("createClient", "token", "must be empty if there is a TokenFunc", nil)
	}
	forCalls := CallOptions{o.APIVersion, o.Timeout, o.TotalTimeout, o.Retry, o.Settle, o.CheckLimits}
	return chatcore.Options{
		Endpoint: o.Endpoint, Token: o.Token, TokenCallback: o.TokenFunc != nil,
		NewUUID: uuid.NewString, NewIdempotencyToken: newToken, UnixMs: unixMs, Random: rand.Uint32,
		CallOptions: forCalls.core(),
	}, nil
}

// String tells whose options they are, and not the token.
func (o Options) String() string { return fmt.Sprintf("chathttp.Options{%q, REDACTED}", o.Endpoint) }

// GoString is String, for %#v.
func (o Options) GoString() string { return o.String() }

// Format is String for every verb: fmt asks String for some verbs only and prints fields for the others.
func (o Options) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, o.String()) }
