package chatcore

// Options are the options of a client.
type Options struct {
	Endpoint      string      // required, see [ParseEndpoint]
	Token         string      // an access token; unused with TokenCallback
	Made          Instant     // when the client is created
	Memory        *SendMemory // shared by the clients of a program; nil: this client has its own
	TokenCallback bool        // the driver provides tokens: it answers NeedToken steps

	// What the driver does for the client. Each may be nil.
	NewUUID             func() string // returns a version 4 UUID: the repeatability request id of a createThread without one
	NewIdempotencyToken func() string // returns a version 7 UUID: the idempotency token of a sendMessage with Idempotent
	UnixMs              func() int64  // returns the time of day in milliseconds since 1970, for the refresh of tokens and for lookups
	Random              func() uint32 // makes the delays of retries random

	CallOptions
}

// String returns the endpoint. It does not show the token.
func (o Options) String() string { return "chatcore.Options{" + o.Endpoint + "}" }

// GoString returns the same as String.
func (o Options) GoString() string { return o.String() }

// CallOptions are the options that all operations have, for one call or, in Options, for all calls. Zero means the client's value, and
// in Options the default.
type CallOptions struct {
	APIVersion     string        // default: see Build... of the operation
	TimeoutMs      int           // of one attempt, and of a wait for a token; default 30000
	TotalTimeoutMs int           // of the whole call; default 120000
	Retry          *RetryOptions // default: 3 retries, 800 ms, 30000 ms; zero: no retries
	SettleMs       *int          // how long the service may take to store a message, or to show a change; default 5000
	CheckLimits    *bool         // check the documented size limits before sending; default true

	// IdempotencyToken is createThread's repeatability request id. For sendMessage, it makes the client send a message exactly once,
	// even if SendMessage is called several times with the same token. It then has 16 to 256 characters. Recommended: a version 7 UUID,
	// whose time tells a lookup how far back to go.
	IdempotencyToken string
	// UserID is a raw id. If it is set, the call fails with TokenError rather than being sent with another user's token.
	UserID string
	// Idempotent makes sendMessage send exactly once with a token of its o.
	Idempotent bool
}

const (
	defaultTimeoutMs      = 30_000
	defaultTotalTimeoutMs = 120_000
)

var defaultSettleMs = 5000

// fault returns what is wrong with the options, or nil.
func (o *CallOptions) fault() *fault {
	if *o == (CallOptions{}) {
		return nil
	}
	checked := *o // so that only options that are set move to the heap
	return requestRules{}.check(&checked)
}

// rules returns the rules for requests with these options.
func (o *CallOptions) rules() requestRules {
	return requestRules{apiVersion: o.APIVersion, checkLimits: o.CheckLimits == nil || *o.CheckLimits}
}

// or fills in the options of a call: with the client's, then with the defaults.
func (o CallOptions) or(client CallOptions) CallOptions {
	o.APIVersion = firstOf(o.APIVersion, client.APIVersion)
	o.TimeoutMs = firstOf(o.TimeoutMs, client.TimeoutMs, defaultTimeoutMs)
	o.CheckLimits = firstOf(o.CheckLimits, client.CheckLimits)
	o.Retry = firstOf(o.Retry, client.Retry, &defaultRetry)
	o.SettleMs = firstOf(o.SettleMs, client.SettleMs, &defaultSettleMs)
	o.TotalTimeoutMs = firstOf(o.TotalTimeoutMs, client.TotalTimeoutMs, defaultTotalTimeoutMs)
	return o
}

// firstOf returns the first value that is not zero, or zero.
func firstOf[T comparable](values ...T) T {
	var zero T
	for _, v := range values {
		if v != zero {
			return v
		}
	}
	return zero
}

// DecodeOptions reads a client's options from JSON, except those that are functions. The error is an [*Error] with code
// InvalidArgument.
func DecodeOptions(text string) (o Options, err error) {
	err = createClient.decode("options", text, &o)
	return o, err
}

func (o *Options) fields(to []field) []field {
	return appendFields(o.CallOptions.fields(to),
		field{name: "endpoint", value: &o.Endpoint},
		field{name: "token", value: &o.Token})
}

// fields are the options that clients and calls share.
func (o *CallOptions) fields(to []field) []field {
	return appendFields(to, []field{
		{name: "apiVersion", value: &o.APIVersion},
		{name: "timeoutMs", value: &o.TimeoutMs, rule: positive},
		{name: "totalTimeoutMs", value: &o.TotalTimeoutMs, rule: positive},
		{name: "checkLimits", value: &o.CheckLimits},
		{name: "settleMs", value: &o.SettleMs},
		{name: "retry", nested: retryOption{optionalOf[RetryOptions, *RetryOptions]{&o.Retry}}},
	}...)
}

// methodOptions are the options of a client method as pages pass them: those of all operations, and those of its o.
type methodOptions struct {
	CallOptions
	op      *operation
	request model // a list's request: its fields are options; or nil
}

func (o *methodOptions) fields(to []field) []field {
	to = o.CallOptions.fields(to)
	if o.op.takesRepeatabilityID {
		to = appendFields(to, field{name: "idempotencyToken", value: &o.IdempotencyToken})
	}
	if o.op.mayDuplicate {
		to = appendFields(to, field{name: "idempotencyToken", nested: onlyOf[idempotencyToken, *idempotencyToken]{&idempotencyToken{&o.CallOptions}}})
	}
	if o.request != nil {
		first := len(to)
		to = o.request.fields(to)
		visible := to[:first]
		for _, f := range to[first:] {
			if !f.rule.isNextLink() { // which iterations set, not callers
				visible = append(visible, f)
			}
		}
		to = visible
	}
	return to
}

// decode reads the options from JSON, except functions and the signal. An empty text means no options.
func (o *methodOptions) decode(text string) error {
	if text == "" {
		return nil
	}
	return o.op.decode("options", `{"options":`+text+`}`, &argumentOptions{o})
}

// argumentOptions makes "options." the beginning of paths in errors.
type argumentOptions struct{ options *methodOptions }

func (a *argumentOptions) fields(to []field) []field {
	return appendFields(to, field{name: "options", nested: onlyOf[methodOptions, *methodOptions]{a.options}})
}

// idempotencyToken reads an option that is true or the caller's token.
type idempotencyToken struct{ options *CallOptions }

func (t *idempotencyToken) fields(to []field) []field { return to }

func (t *idempotencyToken) setText(token string) (problem string) {
	if t.options.IdempotencyToken = token; !isIdempotencyToken(token) {
		return "must be true or " + tokenForm
	}
	return ""
}

func (t *idempotencyToken) setBool(b bool) (problem string) {
	if !b {
		return "must be true or a string, not false"
	}
	t.options.Idempotent = true
	return ""
}
