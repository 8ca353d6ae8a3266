package chathttp

import (
	"math"
	"time"

	"acschat/chatcore"
)

// CallOptions are the options of one call. A field that is left out stands for the same option of the client.
type CallOptions struct {
	APIVersion            string
	Timeout, TotalTimeout time.Duration
	Retry                 *chatcore.RetryOptions
	Settle                *time.Duration
	CheckLimits           *bool
}

// CreateThreadOptions are the options of one CreateThread.
type CreateThreadOptions struct {
	CallOptions

	// IdempotencyToken is the repeatability request id. The service makes one thread for all requests with the same one.
	// Recommended: a version 4 UUID. By default each call makes its own.
	IdempotencyToken string
}

// SendOptions are the options of one SendMessage. With one of its own fields the message is sent exactly once, even if an
// answer is lost or the call is repeated. The token is kept in the metadata of the message.
type SendOptions struct {
	CallOptions

	// IdempotencyToken is a token of your own, kept beside the draft of the message: from 16 to 256 printable ASCII
	// characters. Recommended: [NewIdempotencyToken]. Calls with the same token send one message.
	IdempotencyToken string

	// Idempotent makes a token for this call.
	Idempotent bool
}

// callOptions are the options of any method. Nil pointers stand for no options.
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

// maxDuration is the longest duration that chatcore takes.
const maxDuration = math.MaxInt32 * time.Millisecond

// milliseconds returns a duration as chatcore has it: -1, which chatcore refuses, if it is out of range.
func milliseconds(d time.Duration) int {
	if d != 0 && (d < time.Millisecond || d > maxDuration) {
		return -1
	}
	return int(d.Milliseconds())
}
