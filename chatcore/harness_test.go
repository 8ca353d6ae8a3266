package chatcore_test

import (
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

const (
	origin   = "https://contoso.westus.communications.azure.com"
	threadID = "19:f2167429acf6482880c6b7790a9086c1@thread.v2"
	uuid     = "49e9a8f4-0000-4000-8000-00000000abcd"
	jane     = "8:acs:8540c0de-899f-5cce-acb5-3ec493af3800_c94ff260-162d-46d6-94fd-e79f4d213715"
)

// codes are all that an error may have.
var codes = []chatcore.Code{
	"BadRequest", "Unauthorized", "Forbidden", "NotFound", "TooManyRequests", "ServiceUnavailable", "HttpError",
	"InvalidArgument", "TokenError", "NetworkError", "Timeout", "ParseError", "DeliveryUnknown", "LoadError", "NotInitialized", "Closed", "InternalError",
}

// result is what the three results have in common.
type result interface{ JSON() string }

// operation is what tests of all three operations go by.
type operation struct {
	name       string
	path       string // of threadID, as documented: decoded
	apiVersion string
	request    string // a small one
	created    string // a small body of a 201
	decode     func(text string) error
	build      func(e chatcore.Endpoint, apiVersion, threadID, text string) (chatcore.Request, error) // from text
	parse      func(chatcore.Response) (result, error)
	call       func(c *chatcore.Client, o chatcore.CallOptions) *chatcore.Call
}

var operations = []operation{createThread, addParticipants, sendMessage}

var createThread = operation{
	name: "createThread", path: "/chat/threads", apiVersion: "2024-03-07",
	request: `{"topic":"Lunch"}`, created: `{"chatThread":{"id":"19:new@thread.v2"}}`,
	decode: func(text string) error { _, err := chatcore.DecodeCreateChatThreadRequest(text); return err },
	build: func(e chatcore.Endpoint, apiVersion, _, text string) (chatcore.Request, error) {
		request, err := chatcore.DecodeCreateChatThreadRequest(text)
		if err != nil {
			return chatcore.Request{}, err
		}
		return chatcore.BuildCreateChatThread(e, apiVersion, uuid, request)
	},
	parse: func(resp chatcore.Response) (result, error) {
		r, err := chatcore.ParseCreateChatThread(resp)
		return &r, err
	},
	call: func(c *chatcore.Client, o chatcore.CallOptions) *chatcore.Call {
		return c.CreateThread(chatcore.CreateChatThreadRequest{Topic: "Lunch"}, o)
	},
}

var addParticipants = operation{
	name: "addParticipants", path: "/chat/threads/" + threadID + "/participants/:add", apiVersion: "2024-03-15-preview",
	request: `{"participants":[{"communicationIdentifier":"` + jane + `"}]}`, created: `{}`,
	decode: func(text string) error { _, err := chatcore.DecodeAddChatParticipantsRequest(text); return err },
	build: func(e chatcore.Endpoint, apiVersion, threadID, text string) (chatcore.Request, error) {
		request, err := chatcore.DecodeAddChatParticipantsRequest(text)
		if err != nil {
			return chatcore.Request{}, err
		}
		return chatcore.BuildAddChatParticipants(e, apiVersion, threadID, request)
	},
	parse: func(resp chatcore.Response) (result, error) {
		r, err := chatcore.ParseAddChatParticipants(resp)
		return &r, err
	},
	call: func(c *chatcore.Client, o chatcore.CallOptions) *chatcore.Call {
		return c.AddParticipants(threadID, chatcore.AddChatParticipantsRequest{
			Participants: []chatcore.ChatParticipant{{CommunicationIdentifier: chatcore.RawIdentifier(jane)}}}, o)
	},
}

var sendMessage = operation{
	name: "sendMessage", path: "/chat/threads/" + threadID + "/messages", apiVersion: "2024-03-15-preview",
	request: `{"content":"Hi"}`, created: `{"id":"1593072104708"}`,
	decode: func(text string) error { _, err := chatcore.DecodeSendChatMessageRequest(text); return err },
	build: func(e chatcore.Endpoint, apiVersion, threadID, text string) (chatcore.Request, error) {
		request, err := chatcore.DecodeSendChatMessageRequest(text)
		if err != nil {
			return chatcore.Request{}, err
		}
		return chatcore.BuildSendChatMessage(e, apiVersion, threadID, request)
	},
	parse: func(resp chatcore.Response) (result, error) {
		r, err := chatcore.ParseSendChatMessage(resp)
		return &r, err
	},
	call: func(c *chatcore.Client, o chatcore.CallOptions) *chatcore.Call {
		return c.SendMessage(threadID, chatcore.SendChatMessageRequest{Content: "Hi"}, o)
	},
}

// each runs a test for every operation.
func each(t *testing.T, test func(t *testing.T, op operation)) {
	for _, op := range operations {
		t.Run(op.name, func(t *testing.T) { test(t, op) })
	}
}

func endpoint(t *testing.T) chatcore.Endpoint {
	t.Helper()
	e, err := chatcore.ParseEndpoint(origin)
	require.NoError(t, err)
	return e
}

// read reads a file of testdata.
func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	return string(data)
}

// failure takes an error for what all errors of the package are.
func failure(t *testing.T, err error) *chatcore.Error {
	t.Helper()
	require.Error(t, err)
	e, ok := err.(*chatcore.Error)
	require.True(t, ok, "%T: %v", err, err)
	require.Contains(t, codes, e.Code)
	require.NotEmpty(t, e.Message)
	require.Equal(t, e.Message, e.Error())
	return e
}

// invalid takes an error for that of an argument at a path.
func invalid(t *testing.T, err error, operation, path string) *chatcore.Error {
	t.Helper()
	e := failure(t, err)
	require.Equal(t, chatcore.InvalidArgument, e.Code, e.Message)
	require.Equal(t, operation, e.Operation)
	require.Equal(t, path, e.Target, e.Message)
	require.True(t, strings.HasPrefix(e.Message, operation+": "+path+" "), e.Message)
	require.Zero(t, e.Status)
	return e
}

// encodeURIComponent is JavaScript's, made from another encoder.
func encodeURIComponent(s string) string {
	return strings.NewReplacer("+", "%20", "%21", "!", "%27", "'", "%28", "(", "%29", ")", "%2A", "*").Replace(url.QueryEscape(s))
}

// headers returns a request's headers, of which none may occur twice.
func headers(t *testing.T, fields []chatcore.HeaderField) map[string]string {
	t.Helper()
	m := map[string]string{}
	for _, f := range fields {
		require.NotContains(t, m, f.Name)
		m[f.Name] = f.Value
	}
	return m
}
