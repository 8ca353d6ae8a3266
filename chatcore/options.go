package chatcore

// Options are the options of a client.
type Options struct {
	Endpoint      string      // required, see [ParseEndpoint]
	Token         string      // a fixed token
	Made          Instant     // when the client is made, by the driver's clock
	Memory        *SendMemory // shared by the clients of one program; nil: this client has its own
	TokenCallback bool        // there is no fixed token: the driver answers NeedToken steps

	// What the client cannot do by itself; each may be nil.
	NewUUID             func() string // makes the repeatability request id, a version 4 UUID, of a createThread without one
	NewIdempotencyToken func() string // makes the idempotency token, a version 7 UUID, of a sendMessage that is to make its own
	UnixMs              func() int    // the time of day, in milliseconds since 1970: when to refresh a token, how far back to look
	Random              func() uint32 // spreads retries over time

	CallOptions
}

// String does not show the token.
func (o Options) String() string { return "chatcore.Options{" + o.Endpoint + "}" }

// GoString does not show the token either.
func (o Options) GoString() string { return o.String() }

// CallOptions are the options that every operation has, for one call or, in Options, for all. Zero stands for the
// client's value or, there, for the default.
type CallOptions struct {
	APIVersion     string        // by default that of the operation's document
	TimeoutMs      int           // for one attempt, and for the wait for a token; default 30000
	TotalTimeoutMs int           // for the call with everything it takes; default 120000
	Retry          *RetryOptions // nil is the default: 3 retries, 800 ms, 30000 ms; a zero one is none
	SettleMs       *int          // after so long an attempt to send is not stored, and no change is still invisible; default 5000
	CheckLimits    *bool         // false leaves the limits of size to the service; default true

	// IdempotencyToken is createThread's repeatability request id. It has sendMessage send a message once, however often it
	// is called with it: see SendMessage. Then it has at least 16 characters, by choice a version 7 UUID, whose time says how
	// far back to look.
	IdempotencyToken string
	// Idempotent has sendMessage make a token of its own.
	Idempotent bool
}

const (
	defaultTimeoutMs      = 30_000
	defaultTotalTimeoutMs = 120_000
)

var defaultSettleMs = 5000

// fault returns what is wrong with the options; most calls have none.
func (o *CallOptions) fault() *fault {
	if *o == (CallOptions{}) {
		return nil
	}
	checked := *o // which is on the heap then, unlike options of calls that have none
	return requestRules{}.check(&checked)
}

// or returns the options of a call: its own, else the client's, else the defaults.
func (o CallOptions) or(client CallOptions) CallOptions {
	o.APIVersion = firstOf(o.APIVersion, client.APIVersion)
	o.TimeoutMs = firstOf(o.TimeoutMs, client.TimeoutMs, defaultTimeoutMs)
	o.CheckLimits = firstOf(o.CheckLimits, client.CheckLimits)
	o.Retry = firstOf(o.Retry, client.Retry, &defaultRetry)
	o.SettleMs = firstOf(o.SettleMs, client.SettleMs, &defaultSettleMs)
	o.TotalTimeoutMs = firstOf(o.TotalTimeoutMs, client.TotalTimeoutMs, defaultTotalTimeoutMs)
	return o
}

// firstOf returns the first value that is not zero.
func firstOf[T comparable](values ...T) T {
	var zero T
	for _, v := range values {
		if v != zero {
			return v
		}
	}
	return zero
}

// DecodeOptions reads the JSON form of a client's options, but for those that are functions. The error is an [*Error]
// with code InvalidArgument.
func DecodeOptions(text string) (o Options, err error) {
	err = createClient.decode("options", text, &o)
	return o, err
}

func (o *Options) fields(to []field) []field {
	return appendFields(o.CallOptions.fields(to),
		field{name: "endpoint", value: &o.Endpoint},
		field{name: "token", value: &o.Token})
}

// fields are the options that clients and calls have in common.
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

// methodOptions are the options of one call, as pages write them: those that every operation has, and its own.
type methodOptions struct {
	CallOptions
	op      *operation
	request model // whose fields are among the options; or nil
}

func (own *methodOptions) fields(to []field) []field {
	to = own.CallOptions.fields(to)
	if own.op.takesRepeatabilityID {
		to = appendFields(to, field{name: "idempotencyToken", value: &own.IdempotencyToken})
	}
	if own.op.mayDuplicate {
		to = appendFields(to, field{name: "idempotencyToken", nested: onlyOf[idempotencyToken, *idempotencyToken]{&idempotencyToken{&own.CallOptions}}})
	}
	if own.request != nil {
		first := len(to)
		to = own.request.fields(to)
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

// decode reads the JSON form of the options, but for those that are functions and the signal. An empty text stands for
// none.
func (own *methodOptions) decode(text string) error {
	if text == "" {
		return nil
	}
	return own.op.decode("options", `{"options":`+text+`}`, &argumentOptions{own})
}

// argumentOptions puts the options where messages expect them: below the argument's name.
type argumentOptions struct{ own *methodOptions }

func (a *argumentOptions) fields(to []field) []field {
	return appendFields(to, field{name: "options", nested: onlyOf[methodOptions, *methodOptions]{a.own}})
}

// idempotencyToken is true, or the caller's own.
type idempotencyToken struct{ o *CallOptions }

func (t *idempotencyToken) fields(to []field) []field { return to }

func (t *idempotencyToken) setText(token string) (problem string) {
	t.o.IdempotencyToken = token
	return checkIdempotencyToken(token)
}

func (t *idempotencyToken) setBool(b bool) (problem string) {
	if !b {
		return "must be true or a string, not false"
	}
	t.o.Idempotent = true
	return ""
}
