package chatcore

// Options are the options of a client.
type Options struct {
	Endpoint string        // required, see [ParseEndpoint]
	Token    string        // a fixed token
	NewUUID  func() string // makes the repeatability request id, a version 4 UUID, of a createThread without one; or nil

	TokenCallback bool // there is no fixed token: the driver answers NeedToken steps
	CallOptions
}

// String does not show the token.
func (o Options) String() string { return "chatcore.Options{" + o.Endpoint + "}" }

// GoString does not show the token either.
func (o Options) GoString() string { return o.String() }

// CallOptions are the options that every operation has, for one call or, in Options, for all. Zero stands for the
// client's value or, there, for the default.
type CallOptions struct {
	APIVersion       string // by default that of the operation's document
	TimeoutMs        int    // for one attempt, and for the wait for a token; default 30000
	TotalTimeoutMs   int    // for the call with everything it takes; default 120000
	CheckLimits      *bool  // false leaves the limits of size to the service; default true
	IdempotencyToken string // createThread: its repeatability request id
}

const (
	defaultTimeoutMs      = 30_000
	defaultTotalTimeoutMs = 120_000
)

// or returns the options of a call: its own, else the client's, else the defaults.
func (o CallOptions) or(client CallOptions) CallOptions {
	o.APIVersion = firstOf(o.APIVersion, client.APIVersion)
	o.TimeoutMs = firstOf(o.TimeoutMs, client.TimeoutMs, defaultTimeoutMs)
	o.CheckLimits = firstOf(o.CheckLimits, client.CheckLimits)
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

func (o *Options) fields() []field {
	return append(o.CallOptions.fields(),
		field{name: "endpoint", value: &o.Endpoint},
		field{name: "token", value: &o.Token})
}

// fields are the options that clients and calls have in common. The last two are checked, so that pages can be written
// for them, and change nothing yet: this version makes one attempt.
func (o *CallOptions) fields() []field {
	var settleMs int
	return []field{
		{name: "apiVersion", value: &o.APIVersion},
		{name: "timeoutMs", value: &o.TimeoutMs, rule: positive},
		{name: "totalTimeoutMs", value: &o.TotalTimeoutMs, rule: positive},
		{name: "checkLimits", value: &o.CheckLimits},
		{name: "settleMs", value: &settleMs},
		{name: "retry", value: &retryOptions{}},
	}
}

// retryOptions are false, or an object.
type retryOptions struct{ maxRetries, baseDelayMs, maxDelayMs int }

func (o *retryOptions) fields() []field {
	return []field{
		{name: "maxRetries", value: &o.maxRetries},
		{name: "baseDelayMs", value: &o.baseDelayMs},
		{name: "maxDelayMs", value: &o.maxDelayMs},
	}
}

func (o *retryOptions) setFalse() {}

// ownOptions are the options of one call, as pages write them: those that every operation has, and its own.
type ownOptions struct {
	CallOptions
	op      *operation
	request model // whose fields are among the options; or nil
}

func (own *ownOptions) fields() []field {
	fields := own.CallOptions.fields()
	if own.op.repeatable {
		fields = append(fields, field{name: "idempotencyToken", value: &own.IdempotencyToken})
	}
	if own.request != nil {
		for _, f := range own.request.fields() {
			if f.rule < nextPage { // which is not among what pages write
				fields = append(fields, f)
			}
		}
	}
	return fields
}

// decode reads the JSON form of the options, but for those that are functions and the signal. An empty text stands for
// none.
func (own *ownOptions) decode(text string) error {
	if text == "" {
		return nil
	}
	return own.op.decode("options", `{"options":`+text+`}`, &argumentOptions{own})
}

// argumentOptions puts the options where messages expect them: below the argument's name.
type argumentOptions struct{ own *ownOptions }

func (a *argumentOptions) fields() []field { return []field{{name: "options", value: a.own}} }
