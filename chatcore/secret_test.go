package chatcore_test

import (
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// formats are those of fmt: every verb with every flag, and one that fmt does not know.
func formats() (all []string) {
	for _, verb := range "vTtbcdoOqxXUeEfFgGspz" {
		for _, flag := range []string{"", "+", "#", " ", "-", "0", "+#", "# "} {
			all = append(all, "%"+flag+string(verb))
		}
	}
	return all
}

// shows tells whether a text has another one in it, as it is or in hexadecimal.
func shows(text, other string) bool {
	digits := strings.NewReplacer(" ", "", "0x", "", "0X", "", ",", "").Replace(text)
	return strings.Contains(text, other) || strings.Contains(strings.ToLower(digits), fmt.Sprintf("%x", other))
}

func TestNoVerbShowsTheToken(t *testing.T) {
	options := chatcore.Options{Endpoint: origin, Token: secretToken}
	fixed, asking := newClient(t, options), newCallbackClient(t)
	call := startSending(t, fixed, sendMessage)
	waiting := startCall(t, asking, sendMessage, testStart, chatcore.CallOptions{})
	asking.Token(testStart, asking.TokenFlight(), secretToken)
	require.Equal(t, chatcore.Send, waiting.Step().Kind)
	for name, value := range map[string]any{
		"Options": options, "*Options": &options, "a list of Options": []chatcore.Options{options}, "Options in a struct": struct{ O chatcore.Options }{options},
		"*Client": fixed, "Client": *fixed, "a list of clients": []*chatcore.Client{fixed, asking}, "a client in a struct": struct{ C *chatcore.Client }{fixed},
		"*Client that asks": asking, "Client that asks": *asking, "*Call": call, "Call": *call, "a call in a struct": struct{ c chatcore.Call }{*waiting},
	} {
		for _, format := range formats() {
			if strings.Contains(name, "Options") && (strings.HasSuffix(format, "p") || runtime.GOOS == "js" && !strings.ContainsAny(format, "vsqxX")) {
				continue // fmt answers %p itself, and go vet refuses it for what is no pointer. With GOOS=js there is only String
			}
			assert.False(t, shows(fmt.Sprintf(format, value), canary), "%s: %q", name, format)
		}
	}
	assert.True(t, shows(fmt.Sprintf("%# x", secretToken), canary) && shows(fmt.Sprintf("%v", call.Step()), canary), "this test can fail")
}

// remembers tells whether an object has a text anywhere, also behind pointers, except in its client and other calls.
func remembers(object any, text string) bool {
	seen := map[any]bool{}
	var find func(v reflect.Value) bool
	find = func(v reflect.Value) bool {
		switch v.Kind() {
		case reflect.String:
			return strings.Contains(v.String(), text)
		case reflect.Pointer:
			switch v.Type() {
			case reflect.TypeFor[*chatcore.Client](), reflect.TypeFor[*chatcore.Call]():
				return false
			}
			if seen[v.UnsafePointer()] {
				return false
			}
			seen[v.UnsafePointer()] = true
			return find(v.Elem())
		case reflect.Interface:
			return find(v.Elem())
		case reflect.Slice, reflect.Array:
			for i := range v.Len() {
				if find(v.Index(i)) {
					return true
				}
			}
		case reflect.Map:
			for _, key := range v.MapKeys() {
				if find(key) || find(v.MapIndex(key)) {
					return true
				}
			}
		case reflect.Struct:
			for i := range v.NumField() {
				if find(v.Field(i)) {
					return true
				}
			}
		}
		return false
	}
	return find(reflect.ValueOf(object).Elem())
}

// TestTokenIsForgotten looks into the memory of what has ended.
func TestTokenIsForgotten(t *testing.T) {
	for _, client := range []*chatcore.Client{newClient(t, chatcore.Options{}), newCallbackClient(t)} {
		ended := startCall(t, client, sendMessage, testStart, chatcore.CallOptions{})
		client.Token(testStart, client.TokenFlight(), secretToken)
		pending := startCall(t, client, sendMessage, testStart, chatcore.CallOptions{})
		require.True(t, remembers(client, canary))
		require.True(t, remembers(ended, canary))
		require.True(t, remembers(pending, canary))
		respondSuccess(ended, testStart, sendMessage)
		assert.False(t, remembers(ended, canary))
		client.Close(testStart)
		assert.False(t, remembers(client, canary))
		assert.False(t, remembers(pending, canary))
	}
}
