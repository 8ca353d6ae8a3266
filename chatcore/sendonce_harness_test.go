package chatcore_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

const (
	startUnixMs          int64 = 1_700_000_000_000            // the service's time of day when a test begins
	callerToken                = "a-token-of-sixteen"         // does not contain the time when it was made
	clientToken                = "made-by-the-client-" + uuid // the client makes this one when the caller has none
	IdempotencyTokenName       = "acschat.idempotencyToken"
)

// sendOnceClient is a client with idempotency tokens, and three retries after at most 100 ms.
type sendOnceClient struct {
	*chatcore.Client
	unixMs int64 // the computer's time of day
}

func newSendOnceClient(t *testing.T, o chatcore.Options) *sendOnceClient {
	t.Helper()
	d := &sendOnceClient{unixMs: startUnixMs}
	o.UnixMs = func() int64 { return d.unixMs }
	o.NewIdempotencyToken = func() string { return clientToken }
	if o.Retry == nil {
		o.Retry = &chatcore.RetryOptions{MaxRetries: 3, BaseDelayMs: 100, MaxDelayMs: 100}
	}
	d.Client = newClient(t, o)
	return d
}

// sendOnce starts a call that sends a message with the caller's token, or with a token of the client if that is empty.
func (d *sendOnceClient) sendOnce(t *testing.T, now chatcore.Instant, token string) *chatcore.Call {
	t.Helper()
	call := startCall(t, d.Client, sendMessage, now, chatcore.CallOptions{Idempotent: token == "", IdempotencyToken: token})
	grantLock(d.Client, call, now)
	return call
}

// grantLock grants a call the lock that it needs, if any, as one that was free.
func grantLock(client *chatcore.Client, call *chatcore.Call, now chatcore.Instant) {
	call.Locked(now, call.Step().Number, false)
	drainChanged(client)
}

// requirePost checks that a call is sending its message, and returns the request body.
func requirePost(t *testing.T, call *chatcore.Call) string {
	t.Helper()
	require.Equal(t, chatcore.Send, call.Step().Kind, "%v", call.Step().Err)
	require.Equal(t, "POST", call.Step().Request.Method)
	require.True(t, strings.HasPrefix(call.Step().Request.URL, threadURL+"/messages?"))
	return call.Step().Request.Body
}

// requireLookup checks that a call begins a lookup.
func requireLookup(t *testing.T, call *chatcore.Call) {
	t.Helper()
	require.Equal(t, "messages 100", requestedList(t, call))
}

// tokenInBody returns the idempotency token in a request body.
func tokenInBody(t *testing.T, body string) string {
	t.Helper()
	var message struct{ Metadata map[string]string }
	require.NoError(t, json.Unmarshal([]byte(body), &message))
	return message.Metadata[IdempotencyTokenName]
}

// requireSent checks that a call has succeeded, and returns the id of its message, in the form that messagesBefore takes.
func requireSent(t *testing.T, call *chatcore.Call) string {
	t.Helper()
	require.Equal(t, chatcore.Done, call.Step().Kind, "%v", call.Step().Err)
	id := call.Step().Result.(*chatcore.SendChatMessageResult).ID
	if made, err := strconv.ParseInt(id, 10, 64); err == nil && made > startUnixMs/2 {
		return strconv.FormatInt(startUnixMs-made, 10)
	}
	return id
}

// requireDeliveryUnknown checks that a call has failed with DeliveryUnknown and this token, and returns its error.
func requireDeliveryUnknown(t *testing.T, call *chatcore.Call, token string) *chatcore.Error {
	t.Helper()
	e := requireFailed(t, call, chatcore.DeliveryUnknown)
	require.Equal(t, "sendMessage", e.Operation)
	require.Equal(t, token, e.IdempotencyToken)
	return e
}

// messagesBefore returns a page of messages. Each is given as words: the number of milliseconds before startUnixMs of its last
// change, which gives its version and its id, and optionally token=…, metadata, edited, deleted, made=… (the same for its id),
// by=… (the sender), or any other field=value.
func messagesBefore(nextLink string, messages ...string) string {
	values := []map[string]any{}
	for _, message := range messages {
		words := strings.Fields(message)
		before, err := strconv.ParseInt(words[0], 10, 64)
		if err != nil {
			panic(err)
		}
		m := map[string]any{"id": strconv.FormatInt(startUnixMs-before, 10), "type": "text", "version": strconv.FormatInt(startUnixMs-before, 10), "sequenceId": "7"}
		for _, word := range words[1:] {
			switch name, value, _ := strings.Cut(word, "="); name {
			case "token":
				m["metadata"] = map[string]string{IdempotencyTokenName: value}
			case "metadata":
				m["metadata"] = map[string]string{"a": "b"}
			case "edited", "deleted":
				m[name+"On"] = "2023-11-14T22:13:20Z"
			case "made":
				made, _ := strconv.ParseInt(value, 10, 64)
				m["id"] = strconv.FormatInt(startUnixMs-made, 10)
			case "by":
				m["senderCommunicationIdentifier"] = map[string]string{"rawId": value}
			default:
				m[name] = value
			}
		}
		values = append(values, m)
	}
	page, err := json.Marshal(map[string]any{"value": values, "nextLink": nextLink})
	if err != nil {
		panic(err)
	}
	return string(page)
}
