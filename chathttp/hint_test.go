package chathttp_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
	"acschat/chathttp"
)

// TestHints: hints name Go options and functions, and none of JavaScript.
func TestHints(t *testing.T) {
	expired := errors.New("session expired")
	asking := func(ask func(context.Context, bool) (string, error)) chathttp.Options {
		return chathttp.Options{TokenFunc: ask}
	}
	answering := func(status int) chathttp.Options {
		return chathttp.Options{HTTPClient: over(handled(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })))}
	}
	for name, c := range map[string]struct {
		o       chathttp.Options
		request chatcore.SendChatMessageRequest
		send    *chathttp.SendOptions
		code    chatcore.Code
		hint    string
	}{
		"no content":        {chathttp.Options{}, chatcore.SendChatMessageRequest{}, nil, chatcore.InvalidArgument, "packages chathttp and chatcore"},
		"a short token":     {chathttp.Options{}, hi, &chathttp.SendOptions{IdempotencyToken: "short"}, chatcore.InvalidArgument, "Recommended: NewIdempotencyToken."},
		"a long message":    {chathttp.Options{}, chatcore.SendChatMessageRequest{Content: string(make([]byte, 30_000))}, nil, chatcore.InvalidArgument, "set CheckLimits to false"},
		"no answer":         {chathttp.Options{Endpoint: "https://contoso.example", HTTPClient: over(func(*http.Request) (*http.Response, error) { return nil, expired })}, hi, of(chathttp.CallOptions{}), chatcore.DeliveryUnknown, "Look at the thread"},
		"no answer, once":   {chathttp.Options{HTTPClient: over(silent), Timeout: time.Second, TotalTimeout: time.Second}, hi, &chathttp.SendOptions{Idempotent: true}, chatcore.DeliveryUnknown, "the same SendOptions.IdempotencyToken"},
		"a refused token":   {answering(401), hi, nil, chatcore.Unauthorized, "With Options.TokenFunc, the client asks for a new token."},
		"a refusal":         {answering(403), hi, nil, chatcore.Forbidden, "Possible causes: you are not a participant"},
		"TokenFunc fails":   {asking(func(context.Context, bool) (string, error) { return "", expired }), hi, nil, chatcore.TokenError, "Options.TokenFunc failed."},
		"TokenFunc is slow": {asking(func(ctx context.Context, _ bool) (string, error) { <-ctx.Done(); return "", ctx.Err() }), hi, nil, chatcore.Timeout, "Options.TokenFunc took too long."},
		"TokenFunc's JSON":  {asking(func(context.Context, bool) (string, error) { return `{"token":"abc"}`, nil }), hi, nil, chatcore.TokenError, "Pass only the token"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client := newClient(t, c.o)
				_, err := client.SendMessage(t.Context(), noThread, c.request, c.send)
				e := requireCode(t, err, c.code)
				assert.Contains(t, e.Hint, c.hint)
				for cause := error(e); cause != nil; cause = errors.Unwrap(cause) {
					if e, ok := cause.(*chatcore.Error); ok {
						assert.NotRegexp(t, `createClient|callback|timeoutMs|maxPageSize|chat\.d\.ts|options\.|browser`, e.Message+e.Hint)
						assert.NotEmpty(t, e.Hint)
					}
				}
			})
		})
	}
	client := newClient(t, chathttp.Options{})
	client.Close()
	assert.Contains(t, requireCode(t, createThread(t.Context(), client), chatcore.Closed).Hint, "Make a new client with New.")

	_, err := chathttp.New(chathttp.Options{Endpoint: origin})
	e := requireCode(t, err, chatcore.InvalidArgument)
	assert.Equal(t, "New: Options.Token is required", e.Message)
	assert.Equal(t, "Set Options.Token or Options.TokenFunc.", e.Hint)

	client = newClient(t, chathttp.Options{HTTPClient: over(unreachable(t)), TokenFunc: func(context.Context, bool) (string, error) { return "", expired }})
	require.ErrorIs(t, createThread(t.Context(), client), expired)
}
