package chathttp

import (
	"math"
	"time"

	"acschat/chatcore"
)

// CallOptions are the options of one call. [Options] explains the fields. A field with its zero value means the client's option. All
// methods take nil, too: then all options are the client's.
type CallOptions struct {
	APIVersion            string
	Timeout, TotalTimeout time.Duration
	Retry                 *chatcore.RetryOptions
	Settle                *time.Duration
	CheckLimits           *bool
}

// CreateThreadOptions are the options of one call of CreateThread.
type CreateThreadOptions struct {
	CallOptions

	// IdempotencyToken is sent as repeatability-request-id. All requests with the same token create one thread. Recommended: a
	// version 4 UUID. By default the client creates one for each call.
	IdempotencyToken string
}

// SendOptions are the options of one call of SendMessage. Set IdempotencyToken or Idempotent to send the message exactly once, even if
// answers are lost. The client then stores a token in the message's metadata, as "acschat.idempotencyToken". After an attempt with
// unknown outcome it looks for the token in the newest messages, and sends again only if it is not there.
type SendOptions struct {
	CallOptions

	// IdempotencyToken is your own token: a string of 16 to 256 printable ASCII characters. Recommended: [NewIdempotencyToken]. Keep it
	// with the draft of the message. All calls with the same token send one message, also after a restart of the program.
	IdempotencyToken string

	// Idempotent makes the client create a token for this call.
	Idempotent bool
}

// callOptions is the options of any method. A nil pointer means no options.
type callOptions interface {
	core() chatcore.CallOptions
}

func (o *CallOptions) core() chatcore.CallOptions {
	if o == nil {
		return chatcore.CallOptions{}
	}
	core := chatcore.CallOptions{
		APIVersion: o.APIVersion, TimeoutMs: milliseconds(o.Timeout), TotalTimeoutMs: milliseconds(o.TotalTimeout),
		Retry: o.Retry, CheckLimits: o.CheckLimits,
	}
	if o.Settle != nil {
		core.SettleMs = new(milliseconds(*o.Settle))
	}
	return core
}

func (o *CreateThreadOptions) core() chatcore.CallOptions {
	if o == nil {
		return chatcore.CallOptions{}
	}
	core := o.CallOptions.core()
	core.IdempotencyToken = o.IdempotencyToken
	return core
}

func (o *SendOptions) core() chatcore.CallOptions {
	if o == nil {
		return chatcore.CallOptions{}
	}
	core := o.CallOptions.core()
	core.IdempotencyToken, core.Idempotent = o.IdempotencyToken, o.Idempotent
	return core
}

// maxDuration is the longest duration that chatcore accepts.
const maxDuration = math.MaxInt32 * time.Millisecond

// milliseconds converts a duration for chatcore. Out of range, it returns -1, which chatcore refuses.
func milliseconds(d time.Duration) int {
	if d != 0 && (d < time.Millisecond || d > maxDuration) {
		return -1
	}
	return int(d.Milliseconds())
}
