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
	origin    = "https://contoso.westus.communications.azure.com"
	threadID  = "19:f2167429acf6482880c6b7790a9086c1@thread.v2"
	messageID = "1593072104708"
	uuid      = "49e9a8f4-0000-4000-8000-00000000abcd"
	jane      = "8:acs:8540c0de-899f-5cce-acb5-3ec493af3800_c94ff260-162d-46d6-94fd-e79f4d213715"
)

// targetIDs are the thread and the message that requests are about.
var targetIDs = [2]string{threadID, messageID}

// errorCodes are all codes that an error may have.
var errorCodes = []chatcore.Code{
	"BadRequest", "Unauthorized", "Forbidden", "NotFound", "TooManyRequests", "ServiceUnavailable", "HttpError",
	"InvalidArgument", "TokenError", "NetworkError", "Timeout", "ParseError", "DeliveryUnknown", "LoadError", "NotInitialized", "Closed", "InternalError",
}

func testEndpoint(t *testing.T) chatcore.Endpoint {
	t.Helper()
	e, err := chatcore.ParseEndpoint(origin)
	require.NoError(t, err)
	return e
}

// readTestdata reads a file in testdata.
func readTestdata(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	return string(data)
}

// requireError checks what all errors of the package have in common.
func requireError(t *testing.T, err error) *chatcore.Error {
	t.Helper()
	require.Error(t, err)
	e, ok := err.(*chatcore.Error)
	require.True(t, ok, "%T: %v", err, err)
	require.Contains(t, errorCodes, e.Code)
	require.NotEmpty(t, e.Message)
	require.Equal(t, e.Message, e.Error())
	return e
}

// requireInvalidArgument checks that an error is about the argument at a path.
func requireInvalidArgument(t *testing.T, err error, operation, path string) *chatcore.Error {
	t.Helper()
	e := requireError(t, err)
	require.Equal(t, chatcore.InvalidArgument, e.Code, e.Message)
	require.Equal(t, operation, e.Operation)
	require.Equal(t, path, e.Target, e.Message)
	require.True(t, strings.HasPrefix(e.Message, operation+": "+path+" "), e.Message)
	require.Zero(t, e.Status)
	return e
}

// encodeURIComponent does the same as JavaScript's function.
func encodeURIComponent(s string) string {
	return strings.NewReplacer("+", "%20", "%21", "!", "%27", "'", "%28", "(", "%29", ")", "%2A", "*").Replace(url.QueryEscape(s))
}

// headerMap returns a request's headers, and checks that none occurs twice.
func headerMap(t *testing.T, fields []chatcore.HeaderField) map[string]string {
	t.Helper()
	m := map[string]string{}
	for _, f := range fields {
		require.NotContains(t, m, f.Name)
		m[f.Name] = f.Value
	}
	return m
}
