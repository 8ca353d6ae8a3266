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
	startUnixMs      = 1_700_000_000_000            // milliseconds since 1970, by the service's clock when tests begin
	callerToken      = "a-token-of-sixteen"         // which does not tell when it was made
	clientToken      = "made-by-the-client-" + uuid // by a client for itself
	tokenMetadataKey = "acschat.idempotencyToken"
)

// deliverer is a client that sends messages exactly once, with three retries after at most 100 ms.
type sendOnceClient struct {
	*chatcore.Client
	unixMs int // by the clock of its computer
}

func newSendOnceClient(t *testing.T, o chatcore.Options) *sendOnceClient {
	t.Helper()
	d := &sendOnceClient{unixMs: startUnixMs}
	o.UnixMs = func() int { return d.unixMs }
	o.NewIdempotencyToken = func() string { return clientToken }
	if o.Retry == nil {
		o.Retry = &chatcore.RetryOptions{MaxRetries: 3, BaseDelayMs: 100, MaxDelayMs: 100}
	}
	d.Client = newClient(t, o)
	return d
}

// deliver begins a call that sends a message with a token of its own, or the caller's.
func (d *sendOnceClient) sendOnce(t *testing.T, now chatcore.Instant, token string) *chatcore.Call {
	t.Helper()
	call := startCall(t, d.Client, sendMessage, now, chatcore.CallOptions{Idempotent: token == "", IdempotencyToken: token})
	grantLock(d.Client, call, now)
	return call
}

// lock gives a call the lock that it asks for, if it does, as if it had been free.
func grantLock(client *chatcore.Client, call *chatcore.Call, now chatcore.Instant) {
	call.Locked(now, call.Step().Number, false)
	drainChanged(client)
}

// posts takes a call for one that is sending the message, and returns its body.
func requirePost(t *testing.T, call *chatcore.Call) string {
	t.Helper()
	require.Equal(t, chatcore.Send, call.Step().Kind, "%v", call.Step().Err)
	require.Equal(t, "POST", call.Step().Request.Method)
	require.True(t, strings.HasPrefix(call.Step().Request.URL, threadURL+"/messages?"))
	return call.Step().Request.Body
}

// looks takes a call for one that begins a look-up.
func requireLookup(t *testing.T, call *chatcore.Call) {
	t.Helper()
	require.Equal(t, "messages 100", requestedList(t, call))
}

// tokenOf is the token in the body of a message.
func tokenInBody(t *testing.T, body string) string {
	t.Helper()
	var message struct{ Metadata map[string]string }
	require.NoError(t, json.Unmarshal([]byte(body), &message))
	return message.Metadata[tokenMetadataKey]
}

// found takes a call for one that has sent a message, and returns its id, as shown has it.
func requireSent(t *testing.T, call *chatcore.Call) string {
	t.Helper()
	require.Equal(t, chatcore.Done, call.Step().Kind, "%v", call.Step().Err)
	id := call.Step().Result.(*chatcore.SendChatMessageResult).ID
	if made, err := strconv.Atoi(id); err == nil && made > startUnixMs/2 {
		return strconv.Itoa(startUnixMs - made)
	}
	return id
}

// unknown takes a call for one that does not know whether its message was sent.
func requireDeliveryUnknown(t *testing.T, call *chatcore.Call, token string) *chatcore.Error {
	t.Helper()
	e := requireFailed(t, call, chatcore.DeliveryUnknown)
	require.Equal(t, "sendMessage", e.Operation)
	require.Equal(t, token, e.IdempotencyToken)
	return e
}

// shown is a page of messages, each written as how many milliseconds before noon it has its version from, which is its id
// too unless it was made=so many before, and what else there is to it.
func messagesBefore(nextLink string, messages ...string) string {
	values := []map[string]any{}
	for _, message := range messages {
		words := strings.Fields(message)
		before, err := strconv.Atoi(words[0])
		if err != nil {
			panic(err)
		}
		m := map[string]any{"id": strconv.Itoa(startUnixMs - before), "type": "text", "version": strconv.Itoa(startUnixMs - before), "sequenceId": "7"}
		for _, word := range words[1:] {
			switch name, value, _ := strings.Cut(word, "="); name {
			case "token":
				m["metadata"] = map[string]string{tokenMetadataKey: value}
			case "metadata":
				m["metadata"] = map[string]string{"a": "b"}
			case "edited", "deleted":
				m[name+"On"] = "2023-11-14T22:13:20Z"
			case "made":
				made, _ := strconv.Atoi(value)
				m["id"] = strconv.Itoa(startUnixMs - made)
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
