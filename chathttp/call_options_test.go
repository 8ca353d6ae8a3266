package chathttp_test

import (
	"context"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
	"acschat/chathttp"
)

// TestInvalidOptions: errors name options as Go programs do.
func TestInvalidOptions(t *testing.T) {
	client := newClient(t, chathttp.Options{HTTPClient: over(unreachable(t))})
	ctx := t.Context()
	list := func(o chatcore.ListChatMessagesOptions) error {
		return drain(client.ListMessages(ctx, noThread, o, nil))
	}
	call := func(o chathttp.CallOptions) error {
		_, err := client.GetThread(ctx, noThread, &o)
		return err
	}
	send := func(o chathttp.SendOptions) error {
		_, err := client.SendMessage(ctx, noThread, hi, &o)
		return err
	}
	create := func(o chathttp.CreateThreadOptions) error {
		_, err := client.CreateThread(ctx, lunch, &o)
		return err
	}
	get := func(threadID, messageID string) error {
		_, err := client.GetMessage(ctx, threadID, messageID, nil)
		return err
	}
	for want, err := range map[string]error{
		"getThread: CallOptions.Timeout must be from 1ms to 596h31m23.647s, or 0 for the default":            call(chathttp.CallOptions{Timeout: -time.Second}),
		"getThread: CallOptions.TotalTimeout must be from 1ms to 596h31m23.647s, or 0 for the default":       call(chathttp.CallOptions{TotalTimeout: maxTimeout + 1}),
		"getThread: CallOptions.Settle must be 0, or from 1ms to 596h31m23.647s":                             call(chathttp.CallOptions{Settle: new(-time.Second)}),
		"getThread: CallOptions.Retry.MaxRetries must be from 0 to 2147483647":                               call(chathttp.CallOptions{Retry: &chatcore.RetryOptions{MaxRetries: -1}}),
		"sendMessage: SendOptions.Timeout must be from 1ms to 596h31m23.647s, or 0 for the default":          send(chathttp.SendOptions{CallOptions: chathttp.CallOptions{Timeout: 1}}),
		"sendMessage: SendOptions.IdempotencyToken must be a string of 16 to 256 printable ASCII characters": send(chathttp.SendOptions{IdempotencyToken: "short"}),
		"createThread: CreateThreadOptions.IdempotencyToken must be ":                                        create(chathttp.CreateThreadOptions{IdempotencyToken: "é"}),
		"listMessages: ListChatMessagesOptions.MaxPageSize must be from 1 to 200":                            list(chatcore.ListChatMessagesOptions{MaxPageSize: 201}),
		"listMessages: ListChatMessagesOptions.StartTime must be a date and time":                            list(chatcore.ListChatMessagesOptions{StartTime: "today"}),
		"listMessages: ListChatMessagesOptions.NextLink must be an address of http://localhost:1":            list(chatcore.ListChatMessagesOptions{NextLink: "https://evil.example/"}),
		"watchMessages: WatchMessagesOptions.SinceMessageID must be a whole number": drain(client.WatchMessages(ctx, noThread,
			chatcore.WatchMessagesOptions{SinceMessageID: "x"}, nil)),
		"watchMessages: WatchMessagesOptions.NextLink must come from ": drain(client.WatchMessages(ctx, noThread,
			chatcore.WatchMessagesOptions{NextLink: "x"}, nil)),
		"watchMessages: WatchMessagesOptions must name a message or a version": drain(client.WatchMessages(ctx, noThread,
			chatcore.WatchMessagesOptions{SinceMessageID: "1", SinceVersion: "1"}, nil)),
		"getMessage: chatThreadID is required":  get("", "1"),
		"getMessage: chatMessageID is required": get(noThread, ""),
	} {
		e := requireCode(t, err, chatcore.InvalidArgument)
		assert.True(t, strings.HasPrefix(e.Message, want), "%s, not %s", e.Message, want)
		assert.True(t, strings.HasPrefix(want, e.Operation+": "+e.Target+" "), e.Target)
	}
}

func TestCheckLimits(t *testing.T) {
	r := newResource(t)
	thread, clients := r.lunchClients(t, 1)
	long := chatcore.SendChatMessageRequest{Content: strings.Repeat("x", 28*1024+1)}
	client, err := chathttp.New(chathttp.Options{Endpoint: r.URL, Token: r.NewUser().Token, HTTPClient: r.Client(), CheckLimits: new(false)})
	require.NoError(t, err)
	defer client.Close()
	sent := func(client *chathttp.Client, o *chathttp.SendOptions) int {
		before := len(r.received())
		_, err := client.SendMessage(t.Context(), thread, long, o)
		require.Error(t, err)
		return len(r.received()) - before
	}
	assert.Zero(t, sent(clients[0], nil), "by default the client refuses")
	assert.Equal(t, 1, sent(clients[0], of(chathttp.CallOptions{CheckLimits: new(false)})))
	assert.Equal(t, 1, sent(client, nil))
	assert.Zero(t, sent(client, of(chathttp.CallOptions{CheckLimits: new(true)})))
}

// TestCauseThatIsAChatError: the cause of a context is returned unchanged, even if it is a chatcore.Error.
func TestCauseThatIsAChatError(t *testing.T) {
	client := newClient(t, chathttp.Options{HTTPClient: over(silent)})
	cause := chatcore.NewInvalidArgument("getThread", "options.timeoutMs", "is ours", nil)
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(cause)
	_, err := client.GetThread(ctx, noThread, nil)
	assert.Same(t, cause, err)

	ctx, cancel = context.WithCancelCause(t.Context())
	ended := begin(func() error {
		_, err := client.GetThread(ctx, noThread, nil)
		return err
	})
	cancel(cause)
	assert.Same(t, cause, <-ended)
	assert.Equal(t, "options.timeoutMs", cause.Target)
}

// TestNoOptionIsMissing: Options and SendOptions have all options of chatcore.
func TestNoOptionIsMissing(t *testing.T) {
	core, ofSend, ofClient := reflect.TypeFor[chatcore.CallOptions](), reflect.TypeFor[chathttp.SendOptions](), reflect.TypeFor[chathttp.Options]()
	for field := range core.Fields() {
		name := strings.TrimSuffix(field.Name, "Ms")
		if name == "UserID" { // a Conversation binds its queue to the user
			continue
		}
		_, found := ofSend.FieldByName(name)
		assert.True(t, found, field.Name)
		if !strings.HasPrefix(name, "Idempotent") && name != "IdempotencyToken" {
			_, found = ofClient.FieldByName(name)
			assert.True(t, found, field.Name)
		}
	}
}
