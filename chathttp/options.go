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

// Options are the options of a client. Endpoint is required, and either Token or TokenFunc.
//
// Printed Options do not show the token, whatever the format.
type Options struct {
	// Endpoint is the resource's endpoint, such as https://contoso.communication.azure.com. It must be https. http is allowed on this
	// machine only.
	Endpoint string

	// Token is a user access token, without "Bearer". When it has expired, all calls fail with code Unauthorized.
	Token string

	// TokenFunc returns a user access token. The client calls it when it first needs a token. It calls it with forceRefresh up to two
	// minutes before the token expires, if the token says when, and after the service refused the token. TokenFunc must not return a
	// cached token then. After a refusal the client repeats the refused call, once. If several calls wait for a token, the client calls
	// TokenFunc once for all of them.
	//
	// ctx has the values of the call that needs the token. It ends when no call waits for the token any longer. If TokenFunc does not
	// return then, it delays no call. It runs on its own goroutine, so a panic in it ends the program.
	TokenFunc func(ctx context.Context, forceRefresh bool) (string, error)

	// APIVersion is the api-version of the REST API. Recommended for production: 2025-03-15. Defaults differ per operation, because each
	// uses the version of the document it was written from.
	APIVersion string

	// Timeout limits one attempt, and the wait for a token. Default: 30 s. TotalTimeout limits a call with all its attempts and waits.
	// Default: 2 min. For a list it limits each page. For a watch it has no effect.
	//
	// Both must be at least 1 ms. Fractions of a millisecond do not count. If the program was suspended meanwhile, the attempt ends a
	// second after it resumes. An answer that has arrived by then counts.
	Timeout, TotalTimeout time.Duration

	// Retry says how often the client repeats a failed request, and after what pauses. Nil means 3 retries, with a first pause of up to
	// 800 ms and a limit of 30 s. An empty struct means no retries. The client repeats messages only if they have certainly not been
	// stored, or if [SendOptions] have a token.
	Retry *chatcore.RetryOptions

	// Settle is how long after an attempt without an answer the service may still store its request. Default: 5 s. SendMessage with an
	// idempotency token waits that long before it sends again. For WatchMessages it is how late a change may become visible and still
	// be returned.
	Settle *time.Duration

	// CheckLimits tells whether the client checks the documented size limits before it sends. Nil means true. If false, the service
	// decides.
	CheckLimits *bool

	// Storage keeps the messages of conversations that are not sent yet. Nil keeps them in memory. Package filequeue has one.
	Storage Storage

	// HTTPClient sends the requests. The client uses a copy of it that does not follow redirects. Nil means a new [http.Client], which
	// uses the proxy of the environment.
	//
	// Its Transport must not return answers from a cache: they would make the client send a message twice. In a page, leave Transport
	// nil. Requests then bypass the browser's cache, which net/http's own transport cannot do.
	HTTPClient *http.Client

	// OnExchange is called after every attempt, whether it was answered or not. The token is redacted. It runs on the goroutine that
	// called the client's method, which continues after it. So the method passes on a panic in it.
	OnExchange func(chatcore.Exchange)
}

// NewIdempotencyToken returns a token for [SendOptions]. Keep it with the draft of a message until the message is sent.
//
// The token is a version 7 UUID. Its time says how far back a lookup must search. The clients of this process know that no other
// program has sent it yet, so the first send needs no lookup.
func NewIdempotencyToken() string {
	token := newToken()
	memory.Made(token, now(), unixMs())
	return token
}

func newToken() string { return uuid.Must(uuid.NewV7()).String() }

func unixMs() int64 { return time.Now().UnixMilli() }

// core converts the options to chatcore's.
func (o Options) core() (core chatcore.Options, err error) {
	if o.Token != "" && o.TokenFunc != nil {
		return core, chatcore.NewInvalidArgument("createClient", "token", "must be empty if there is a TokenFunc", nil)
	}
	defaults := CallOptions{o.APIVersion, o.Timeout, o.TotalTimeout, o.Retry, o.Settle, o.CheckLimits}
	return chatcore.Options{
		Endpoint: o.Endpoint, Token: o.Token, TokenCallback: o.TokenFunc != nil,
		NewUUID: uuid.NewString, NewIdempotencyToken: newToken, UnixMs: unixMs, Random: rand.Uint32,
		CallOptions: defaults.core(),
	}, nil
}

// String returns the endpoint. It does not show the token.
func (o Options) String() string { return fmt.Sprintf("chathttp.Options{%q, REDACTED}", o.Endpoint) }

// GoString returns the same as String.
func (o Options) GoString() string { return o.String() }

// Format prints String for every verb. Without it, fmt prints the fields for some verbs.
func (o Options) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, o.String()) }
