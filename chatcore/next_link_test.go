package chatcore_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// listOperations are the operations whose results are pages.
var listOperations = []operation{listThreads, listMessages, listParticipants, listReadReceipts}

// TestNextLinks: a nextLink on the endpoint's origin is followed unchanged.
func TestNextLinks(t *testing.T) {
	for _, op := range listOperations {
		for endpoint, links := range map[string][]string{
			"https://contoso.communication.azure.com": {
				"https://contoso.communication.azure.com/chat/threads/19:a@thread.v2/messages?startTime=1%2F1%2F1970%2012:00:00%20AM&api-version=x&syncState=e=",
				"https://contoso.communication.azure.com/", "https://contoso.communication.azure.com:443/x", "HTTPS://Contoso.Communication.Azure.COM/X?a=B", "https://CONTOSO.communication.azure.com:443/x",
			},
			"https://contoso.communication.azure.com:443": {"https://contoso.communication.azure.com/x", "https://contoso.communication.azure.com:443/x"},
			"https://contoso.example:8443":                {"https://contoso.example:8443/x"},
			"http://localhost:8081":                       {"http://localhost:8081/x", "HTTP://LOCALHOST:8081/x"},
			"http://localhost":                            {"http://localhost/x", "http://localhost:80/x"},
			"http://localhost:80":                         {"http://localhost/x"},
			"https://[::1]:8443":                          {"https://[::1]:8443/x"},
		} {
			for _, link := range links {
				client := newClient(t, chatcore.Options{Endpoint: endpoint})
				call := methodNamed(t, op.name).Call(client, targetIDs, "", `{"apiVersion":"2024-03-07","maxPageSize":5}`, link)
				call.Start(testStart)
				require.Equal(t, chatcore.Send, call.Step().Kind, "%s: %v", link, call.Step().Err)
				assert.Equal(t, link, call.Step().Request.URL)
				assert.Equal(t, "GET", call.Step().Request.Method)
				assert.Equal(t, secretToken, sentToken(t, call))
				assert.Empty(t, call.Step().Request.Body)
			}
		}
	}
}

// TestForeignNextLinksAreRejected: a nextLink to any other origin is refused, so the access token stays on the endpoint.
func TestForeignNextLinksAreRejected(t *testing.T) {
	for _, op := range listOperations {
		for endpoint, links := range map[string][]string{
			"https://contoso.communication.azure.com": {
				"https://evil.example/chat/threads", "http://contoso.communication.azure.com/x", "https://contoso.communication.azure.com@evil.example/x",
				"https://contoso.communication.azure.com:443@evil.example/x", "https://user@contoso.communication.azure.com/x", "https://@contoso.communication.azure.com/x",
				"https://contoso.communication.azure.com.evil.example/x", "https://contoso.communication.azure.comevil.example/x", "https://evil-contoso.communication.azure.com/x",
				"https://contoso.communication.azure.com.", "https://contoso.communication.azure.com./x", "https://contoso.communication.azure.com\\@evil.example/x",
				"https:\\\\contoso.communication.azure.com/x", "https:/\\contoso.communication.azure.com/x", "https://contoso.communication.azure.com\\x", "https://evil.example\\/contoso.communication.azure.com/",
				"https://contoso.communication.azure.com", "https://contoso.communication.azure.com?x", "https://contoso.communication.azure.com#/x", "https://contoso.communication.azure.com?@evil.example/x",
				"https://contoso.communication.azure.com:8443/x", "https://contoso.communication.azure.com:0443/x", "https://contoso.communication.azure.com:/x", "https://contoso.communication.azure.com:80/x",
				"https://contoso.communication.azure.com:443:443/x", "https:///contoso.communication.azure.com/x", "https:////contoso.communication.azure.com/x", "//contoso.communication.azure.com/x",
				"/chat/threads?x", "chat/threads", "?syncState=x", "x", " https://contoso.communication.azure.com/x", "\thttps://contoso.communication.azure.com/x", "https://contoso.communication.azure.com /x",
				"ht\ntps://contoso.communication.azure.com/x", "https://contoso.communication.azure.com\n/x", "https://contoso%2ecommunication.azure.com/x", "https://cöntoso.communication.azure.com/x",
				"https://\u212aontoso.communication.azure.com/x", "javascript://contoso.communication.azure.com/%0aalert(1)", "blob:https://contoso.communication.azure.com/x", "data:,x", "wss://contoso.communication.azure.com/x",
			},
			"https://contoso.example:8443": {"https://contoso.example/x", "https://contoso.example:443/x", "https://contoso.example:844/x", "https://contoso.example:84433/x"},
			"http://localhost:8081":        {"https://localhost:8081/x", "http://localhost/x", "http://localhost:80810/x", "http://127.0.0.1:8081/x", "http://localhost:8081@evil.example/x", "http://localhost.evil.example:8081/x"},
			"http://localhost":             {"http://localhost:443/x", "https://localhost/x", "http://localhost:8080/x"},
			"https://localhost":            {"https://localhost:80/x", "http://localhost:443/x", "http://localhost/x"},
		} {
			for _, link := range links {
				client := newClient(t, chatcore.Options{Endpoint: endpoint})
				call := methodNamed(t, op.name).Call(client, targetIDs, "", `{"checkLimits":false}`, link) // checkLimits does not turn this check off
				call.Start(testStart)
				e := requireNothingSent(t, client, call, op.name, "nextLink")
				assert.Contains(t, e.Message, "must be an address of "+endpoint)
			}
		}
	}
}

// TestNextLinkOption: in Go, NextLink is a list option. It replaces the other options, but these are still checked.
func TestNextLinkOption(t *testing.T) {
	req, err := chatcore.BuildListChatMessages(testEndpoint(t), "", threadID, chatcore.ListChatMessagesOptions{MaxPageSize: 5, NextLink: origin + "/chat?a"})
	require.NoError(t, err)
	assert.Equal(t, chatcore.Request{Method: "GET", URL: origin + "/chat?a"}, req)

	_, err = chatcore.BuildListChatThreads(testEndpoint(t), "", chatcore.ListChatThreadsOptions{NextLink: "https://evil.example/chat"})
	requireInvalidArgument(t, err, "listThreads", "nextLink")
	_, err = chatcore.BuildListChatParticipants(testEndpoint(t), "", threadID, chatcore.ListChatParticipantsOptions{MaxPageSize: -1, NextLink: origin + "/chat"})
	requireInvalidArgument(t, err, "listParticipants", "options.maxPageSize")
	_, err = chatcore.BuildListReadReceipts(testEndpoint(t), "", "", chatcore.ListChatReadReceiptsOptions{NextLink: origin + "/chat"})
	requireInvalidArgument(t, err, "listReadReceipts", "threadId")
}

// TestFollowAllPages follows a list to its last page.
func TestFollowAllPages(t *testing.T) {
	for _, op := range listOperations {
		client := newClient(t, chatcore.Options{})
		link := ""
		for _, next := range []string{origin + "/chat/2?a=%2F", origin + "/chat/3", ""} {
			call := methodNamed(t, op.name).Call(client, targetIDs, "", "", link)
			call.Start(testStart)
			if link != "" {
				assert.Equal(t, link, call.Step().Request.URL)
			}
			respond(call, testStart, 200, `{"value":[{"id":"1"}],"nextLink":"`+next+`"}`)
			require.Equal(t, chatcore.Done, call.Step().Kind)
			switch page := call.Step().Result.(type) {
			case *chatcore.ChatThreadsItemCollection:
				link = page.NextLink
			case *chatcore.ChatMessagesCollection:
				link = page.NextLink
			case *chatcore.ChatParticipantsCollection:
				link = page.NextLink
			case *chatcore.ChatMessageReadReceiptsCollection:
				link = page.NextLink
			}
			assert.Equal(t, next, link)
		}
	}
}
