package chatcore_test

import (
	"errors"
	"fmt"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

const canary = "CANARY"

// checkCanary checks that the token is nowhere that a page can see, except in the Authorization header. It returns how many
// requests the calls send.
func checkCanary(t *testing.T, client *chatcore.Client) (sends int) {
	t.Helper()
	for call := client.Next(); call != nil; call = client.Next() {
		step := *call.Step()
		if step.Kind == chatcore.Send {
			sends++
			require.Equal(t, "Authorization", step.Request.Header[0].Name)
			require.Contains(t, step.Request.Header[0].Value, canary)
			step.Request.Header = step.Request.Header[1:]
			require.NotContains(t, fmt.Sprint(step.Request), canary, "only in the Authorization header")
		}
		if step.Result != nil {
			require.NotContains(t, step.Result.JSON(), canary)
		}
		for err := step.Err; err != nil; err = errors.Unwrap(err) {
			require.NotContains(t, err.Error(), canary)
			if e, ok := err.(*chatcore.Error); ok {
				require.NotContains(t, e.JSON(), canary)
				require.NotContains(t, fmt.Sprintf("%+v", *e), canary)
			}
		}
		step.Result, step.Err = nil, nil
		require.NotContains(t, fmt.Sprintf("%+v", step), canary)
	}
	for e, ok := client.NextExchange(); ok; e, ok = client.NextExchange() {
		require.NotContains(t, e.JSON(), canary)
		require.NotContains(t, fmt.Sprintf("%+v", e), canary)
	}
	return sends
}

// TestTokenCanary runs every operation to every possible end.
func TestTokenCanary(t *testing.T) {
	ends := map[string]func(*chatcore.Client, *chatcore.Call){
		"network": func(_ *chatcore.Client, c *chatcore.Call) {
			c.NetworkFailed(testStart, c.Step().Number, errors.New("x"))
		},
		"token in an HTML body": func(_ *chatcore.Client, c *chatcore.Call) {
			respond(c, testStart, 400, "<html>Authorization: Bearer "+secretToken+" "+secretToken)
		},
		"token in a JSON body": func(_ *chatcore.Client, c *chatcore.Call) {
			respond(c, testStart, 500, `{"error":{"code":"`+secretToken+`","message":"`+secretToken+`","target":"`+secretToken+`"}}`)
		},
		"timeout": func(_ *chatcore.Client, c *chatcore.Call) { c.Elapsed(testStart + 30_000) },
		"abort":   func(_ *chatcore.Client, c *chatcore.Call) { c.Abort(testStart, errors.New("x")) },
		"close":   func(client *chatcore.Client, _ *chatcore.Call) { client.Close(testStart) },
	}
	for _, status := range []int{200, 201, 204, 401, 403, 408, 429, 500} {
		for _, body := range []string{"", "<html>", `{"error":{"code":"C","message":"m"}}`, `{"id":"1","chatThread":{"id":"t"}}`, `{"token":"` + secretToken + `"}`} {
			ends[fmt.Sprint(status, body)] = func(_ *chatcore.Client, c *chatcore.Call) { respond(c, testStart, status, body) }
		}
	}
	for name, end := range ends {
		forEachOperation(t, func(t *testing.T, op operation) {
			client := newClient(t, chatcore.Options{})
			call := op.call(client, chatcore.CallOptions{})
			call.Observe()
			call.Start(testStart)
			assert.Equal(t, 1, checkCanary(t, client), name)
			end(client, call)
			assert.Zero(t, checkCanary(t, client))

			client = newCallbackClient(t)
			for n := range 3 {
				call = op.inThread(n).call(client, chatcore.CallOptions{})
				call.Observe()
				call.Start(testStart)
			}
			assert.Zero(t, checkCanary(t, client))
			client.Token(testStart, client.TokenFlight(), secretToken)
			assert.Equal(t, 3, checkCanary(t, client))
			end(client, call)
			assert.Zero(t, checkCanary(t, client))
			client.Close(testStart)
			assert.Zero(t, checkCanary(t, client))
		})
	}
}

// TestTokenCanaryInWatch: the nextLink of a batch does not contain the token, even if responses do.
func TestTokenCanaryInWatch(t *testing.T) {
	client := newCallbackClient(t)
	now, nextLink := testStart, ""
	for version := range 3 {
		call := client.WatchMessages(threadID, chatcore.WatchMessagesOptions{SinceVersion: "0", NextLink: nextLink}, chatcore.CallOptions{})
		call.Observe()
		call.Start(now)
		echo := `{"value":[{"id":"a","version":"` + strconv.Itoa(version+1) + `","echo":"` + secretToken + `"}]}`
		for _, end := range []func(){
			func() { respond(call, now, 401, "Bearer "+secretToken) },
			func() { respond(call, now, 500, "Bearer "+secretToken) },
			func() { respond(call, now, 200, "Bearer "+secretToken) },
			func() { call.NetworkFailed(now, call.Step().Number, errors.New("Bearer "+secretToken)) },
			func() { respondOK(call, now, echo) }, // the participants, in the second batch
			func() { respondOK(call, now, echo) },
		} {
			if call.Step().Kind == chatcore.Wait {
				now = elapseWait(t, call)
			}
			client.Token(now, client.TokenFlight(), secretToken)
			checkCanary(t, client)
			end()
			checkCanary(t, client)
		}
		_, nextLink = requireBatch(t, call)
		assert.NotContains(t, nextLink, canary)
	}
	client.Close(now)
	assert.False(t, remembers(client, canary))
}

// TestInvalidTokensAreNotShown: errors do not show an invalid token, as most of it may be a valid one.
func TestInvalidTokensAreNotShown(t *testing.T) {
	for _, token := range []string{"Bearer " + secretToken, secretToken + " ", secretToken + "\n", " " + secretToken, secretToken + "é", secretToken + "\x00"} {
		client := newCallbackClient(t)
		for _, op := range operations {
			op.call(client, chatcore.CallOptions{}).Start(testStart)
		}
		client.Token(testStart, client.TokenFlight(), token)
		assert.Zero(t, checkCanary(t, client))

		_, err := chatcore.NewClient(chatcore.Options{Endpoint: origin, Token: token})
		e := requireError(t, err)
		assert.NotContains(t, e.Message+e.JSON(), canary)
	}
	for _, text := range []string{
		`{"token":"` + secretToken + `","x":1}`, `{"token":"` + secretToken + `"`, `{"token":"` + secretToken + `\x"}`, `"` + secretToken + `"`, secretToken, `{"token":["` + secretToken + `"]}`,
	} {
		_, err := chatcore.DecodeOptions(text)
		e := requireError(t, err)
		assert.NotContains(t, e.Message+e.JSON(), canary, text)
	}
	_, err := chatcore.NewClient(chatcore.Options{Endpoint: "https://" + secretToken + "@contoso.communication.azure.com", Token: secretToken})
	assert.NotContains(t, requireError(t, err).Message, canary)
}
