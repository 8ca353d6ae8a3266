package chathttp_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
	"acschat/chathttp"
)

// of returns SendOptions with these CallOptions.
func of(o chathttp.CallOptions) *chathttp.SendOptions { return &chathttp.SendOptions{CallOptions: o} }

func TestRequests(t *testing.T) {
	r := newResource(t)
	jane := r.NewUser()
	client := r.client(t, jane.Token)
	_, err := client.CreateThread(t.Context(), lunch, nil)
	require.NoError(t, err)
	_, err = client.SendMessage(t.Context(), r.Threads()[0].ID, hi, of(chathttp.CallOptions{APIVersion: "2025-03-15"}))
	require.NoError(t, err)

	requests := r.received()
	require.Len(t, requests, 2)
	for _, request := range requests {
		assert.Equal(t, []string{"Bearer " + jane.Token}, request.Header["Authorization"])
		assert.Equal(t, []string{"application/json"}, request.Header["Content-Type"])
	}
	id, err := uuid.Parse(requests[0].Header.Get("repeatability-request-id"))
	require.NoError(t, err)
	assert.Equal(t, uuid.Version(4), id.Version())
	assert.Equal(t, "2024-03-07", requests[0].URL.Query().Get("api-version"), "default of createThread")
	assert.Equal(t, "2025-03-15", requests[1].URL.Query().Get("api-version"), "option of the call")
}

func TestIdempotencyToken(t *testing.T) {
	r := newResource(t)
	client := r.client(t, r.NewUser().Token)
	create := func(o *chathttp.CreateThreadOptions) string {
		created, err := client.CreateThread(t.Context(), lunch, o)
		require.NoError(t, err)
		return created.ChatThread.ID
	}
	repeatable := &chathttp.CreateThreadOptions{IdempotencyToken: uuid.NewString()}
	assert.Equal(t, create(repeatable), create(repeatable))
	assert.NotEqual(t, create(nil), create(nil))
	assert.Len(t, r.Threads(), 3)
}

func TestRefusals(t *testing.T) {
	r := newResource(t)
	jane, joe := r.NewUser(), r.NewUser()
	created, err := r.client(t, jane.Token).CreateThread(t.Context(), lunch, nil)
	require.NoError(t, err)

	for name, c := range map[string]struct {
		token, threadID string
		request         chatcore.SendChatMessageRequest
		o               *chathttp.SendOptions
		code            chatcore.Code
		status, sent    int
	}{
		"not a participant":     {joe.Token, created.ChatThread.ID, hi, nil, chatcore.Forbidden, 403, 1},
		"no such thread":        {jane.Token, "19:x@thread.v2", hi, nil, chatcore.NotFound, 404, 1},
		"bad token":             {"token", created.ChatThread.ID, hi, nil, chatcore.Unauthorized, 401, 1},
		"bad version":           {jane.Token, created.ChatThread.ID, hi, of(chathttp.CallOptions{APIVersion: "2000-01-01"}), chatcore.BadRequest, 400, 1},
		"no content":            {jane.Token, created.ChatThread.ID, chatcore.SendChatMessageRequest{}, nil, chatcore.InvalidArgument, 0, 0},
		"no thread id":          {jane.Token, "", hi, nil, chatcore.InvalidArgument, 0, 0},
		"negative Timeout":      {jane.Token, created.ChatThread.ID, hi, of(chathttp.CallOptions{Timeout: -1}), chatcore.InvalidArgument, 0, 0},
		"TotalTimeout too long": {jane.Token, created.ChatThread.ID, hi, of(chathttp.CallOptions{TotalTimeout: maxTimeout + 1}), chatcore.InvalidArgument, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			before := len(r.received())
			result, err := r.client(t, c.token).SendMessage(t.Context(), c.threadID, c.request, c.o)
			e := requireCode(t, err, c.code)
			assert.Zero(t, result)
			assert.Equal(t, "sendMessage", e.Operation)
			assert.Equal(t, c.status, e.Status)
			assert.Equal(t, c.sent, e.Attempts)
			assert.Len(t, r.received(), before+c.sent)
		})
	}
	assert.Len(t, r.Threads()[0].Messages, 2, "only the service's own messages")
}
