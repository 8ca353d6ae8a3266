package chathttp_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
	"acschat/chathttp"
)

const maxTimeout = math.MaxInt32 * time.Millisecond

func TestNewRefuses(t *testing.T) {
	give := func(context.Context, bool) (string, error) { return "canary", nil }
	for name, c := range map[string]struct {
		o               chathttp.Options
		target, message string
	}{
		"no endpoint":            {chathttp.Options{Token: "canary"}, "Options.Endpoint", "is required"},
		"plain http":             {chathttp.Options{Endpoint: "http://contoso.com", Token: "canary"}, "Options.Endpoint", "must be https"},
		"no Token or TokenFunc":  {chathttp.Options{Endpoint: origin}, "Options.Token", "is required"},
		"Token and TokenFunc":    {chathttp.Options{Endpoint: origin, Token: "canary", TokenFunc: give}, "Options.Token", "must be empty if there is a TokenFunc"},
		"Token with Bearer":      {chathttp.Options{Endpoint: origin, Token: "Bearer canary"}, "Options.Token", "must not start with"},
		"bad token":              {chathttp.Options{Endpoint: origin, Token: "canary\n"}, "Options.Token", "white space"},
		"negative Timeout":       {chathttp.Options{Endpoint: origin, Token: "canary", Timeout: -time.Second}, "Options.Timeout", "must be from 1ms to"},
		"Timeout too short":      {chathttp.Options{Endpoint: origin, Token: "canary", Timeout: 999 * time.Microsecond}, "Options.Timeout", "must be from 1ms to"},
		"Timeout too long":       {chathttp.Options{Endpoint: origin, Token: "canary", Timeout: maxTimeout + 1}, "Options.Timeout", "596h31m23.647s"},
		"negative TotalTimeout":  {chathttp.Options{Endpoint: origin, Token: "canary", TotalTimeout: -1}, "Options.TotalTimeout", "must be from 1ms to"},
		"TotalTimeout too short": {chathttp.Options{Endpoint: origin, Token: "canary", TotalTimeout: 1}, "Options.TotalTimeout", "must be from 1ms to"},
		"negative Settle":        {chathttp.Options{Endpoint: origin, Token: "canary", Settle: new(-time.Second)}, "Options.Settle", "must be 0, or from 1ms to"},
		"negative MaxRetries":    {chathttp.Options{Endpoint: origin, Token: "canary", Retry: &chatcore.RetryOptions{MaxRetries: -1}}, "Options.Retry.MaxRetries", "must be from 0 to"},
		"secret in the endpoint": {chathttp.Options{Endpoint: "https://canary@contoso.com", Token: "token"}, "Options.Endpoint", "a scheme and a host only"},
	} {
		t.Run(name, func(t *testing.T) {
			client, err := chathttp.New(c.o)
			assert.Nil(t, client)
			e := requireCode(t, err, chatcore.InvalidArgument)
			assert.Equal(t, c.target, e.Target)
			assert.Contains(t, e.Message, c.message)
			assert.NotContains(t, fmt.Sprintf("%v %+v %#v", err, err, err), "canary")
		})
	}
}

// allFormats returns every verb of fmt with every flag, except %p: fmt prints only an address then, and go vet refuses it for other types.
func allFormats() (all []string) {
	for _, verb := range "vTtbcdoOqxXUeEfFgGsz" {
		for _, flag := range []string{"", "+", "#", " ", "-", "0", "+#", "# "} {
			all = append(all, "%"+flag+string(verb))
		}
	}
	return all
}

func TestTokenIsNotPrinted(t *testing.T) {
	const canary = "canary"
	o := chathttp.Options{Endpoint: origin, Token: canary, HTTPClient: over(func(*http.Request) (*http.Response, error) {
		return nil, http.ErrServerClosed
	})}
	client := newClient(t, o)
	networkError := createThread(t.Context(), client)
	require.Error(t, networkError)
	asJSON, _ := json.Marshal(o)
	clientAsJSON, _ := json.Marshal(client)
	clientValue := reflect.ValueOf(client).Elem() // go vet refuses a copy of its mutex

	// As text, and as the bytes that %d, %o, %x and %X print.
	for _, form := range []string{canary, "99 97 110 97 114 121", "143 141 156 141", "63616e617279", "63616E617279", "0x63, 0x61", "63 61 6e", "63 61 6E"} {
		for _, format := range allFormats() {
			for _, value := range []any{o, &o, []chathttp.Options{o}, client, clientValue, struct{ C *chathttp.Client }{client}, networkError} {
				assert.NotContains(t, fmt.Sprintf(format, value), form, format)
			}
		}
		assert.NotContains(t, string(asJSON)+string(clientAsJSON), form)
	}
	assert.Equal(t, `chathttp.Options{"http://localhost:1", REDACTED}`, o.String())
	assert.Equal(t, o.String(), o.GoString())
	assert.Equal(t, `chathttp.Client{"http://localhost:1"}`, client.String())
	assert.Equal(t, client.String(), client.GoString())
}
