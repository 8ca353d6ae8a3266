package chatcore_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// addTestdata adds the samples in testdata to the seed corpus.
func addTestdata(f *testing.F, pattern string, add func(text string)) {
	f.Helper()
	names, err := filepath.Glob("testdata/" + pattern)
	require.NoError(f, err)
	require.NotEmpty(f, names)
	for _, name := range names {
		data, err := os.ReadFile(name)
		require.NoError(f, err)
		add(string(data))
	}
}

// anyListPage is a page whose entry has the members of every list's entries.
const anyListPage = `{"value":[{"id":"1","type":"x","version":"2","content":{"message":"","participants":[{"communicationIdentifier":{"rawId":"a"}}]},"communicationIdentifier":{"rawId":"a"}}],"nextLink":"x"}`

// FuzzParse parses any response as the response of each operation.
func FuzzParse(f *testing.F) {
	addTestdata(f, "*/response-201.json", func(text string) { f.Add(201, text, "") })
	addTestdata(f, "*/error-*.json", func(text string) { f.Add(429, text, "5"); f.Add(500, text, "") })
	for _, text := range []string{``, `{}`, `null`, `<html>`, `{"CommunicationError":{"Code":"C","Details":[{"InnerError":{}}]}}`, `{"id":1}`, "\xff", `{"chatThread":{"id":"t"}}`, anyListPage} {
		f.Add(200, text, "")
		f.Add(201, text, "")
		f.Add(204, text, "")
		f.Add(503, text, "1")
	}
	f.Fuzz(func(t *testing.T, status int, body, retryAfter string) {
		for _, op := range operations {
			result, err := op.parse(chatcore.Response{Status: status, Body: body, Header: headerField("Retry-After", retryAfter)})
			if err == nil {
				require.Equal(t, op.success, status)
				if result == nil {
					continue
				}
				require.True(t, json.Valid([]byte(body)), "%q", body)
				text := result.JSON()
				require.True(t, json.Valid([]byte(text)) && utf8.ValidString(text), text)
				again, err := op.parse(chatcore.Response{Status: op.success, Body: text})
				require.NoError(t, err, "the result's JSON must be readable again")
				require.Equal(t, text, again.JSON())
				continue
			}
			e := requireError(t, err)
			require.Equal(t, status, e.Status)
			require.Equal(t, op.name, e.Operation)
			if op.result != "" { // where no content is expected, an HTML page is an HttpError
				require.Equal(t, status == op.success, e.Code == chatcore.ParseError)
			}
			require.GreaterOrEqual(t, e.RetryAfterMs, 0)
			require.True(t, json.Valid([]byte(e.JSON())) && utf8.ValidString(e.JSON()), e.JSON())
		}
	})
}

// FuzzDecode decodes any text as a request. The body built from an accepted request must decode to the same request.
func FuzzDecode(f *testing.F) {
	addTestdata(f, "*/request.json", func(text string) { f.Add(text) })
	for _, op := range operations {
		f.Add(op.request)
	}
	for _, text := range []string{
		``, `{}`, `null`, `[]`, `{"topic":"Lunch","x":1}`, `{"participants":[{"communicationIdentifier":{}}]}`, `{"content":"\ud83d","metadata":{"\ud83d":"\xff"}}`,
		`{"content":"Hi","type":"html","attachments":[{"id":"a","attachmentType":"file"}]}`, `{"topic":"a","topic":"b"}`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		e, err := chatcore.ParseEndpoint(origin)
		require.NoError(t, err)
		for _, op := range operations {
			if !op.hasBody() {
				continue
			}
			req, err := op.build(e, "", targetIDs, text)
			if err != nil {
				require.Equal(t, chatcore.InvalidArgument, requireError(t, err).Code)
				require.NotEmpty(t, requireError(t, err).Target)
				continue
			}
			require.True(t, json.Valid([]byte(text)) || text == "" && op.request == "", "%q", text)
			require.True(t, json.Valid([]byte(req.Body)) && utf8.ValidString(req.Body), req.Body)
			again, err := op.build(e, "", targetIDs, req.Body)
			require.NoError(t, err, req.Body)
			require.Equal(t, req, again)
		}
	})
}

// FuzzIdentifier: any text except "" is accepted as an identifier's raw id, and sent unchanged.
func FuzzIdentifier(f *testing.F) {
	for _, rawID := range []string{jane, "4:+1", "8:orgid:a", "8:dod-acs:r_t_u", "28:gcch:a", "8:teamsvisitor:", "x", "8:acs:é\x00_"} {
		f.Add(rawID)
	}
	f.Fuzz(func(t *testing.T, rawID string) {
		id := chatcore.RawIdentifier(rawID)
		require.Equal(t, rawID, id.RawID)
		request := chatcore.AddChatParticipantsRequest{Participants: []chatcore.ChatParticipant{{CommunicationIdentifier: id}}}
		req, err := chatcore.BuildAddChatParticipants(testEndpoint(t), "2025-03-15", threadID, request)
		if rawID == "" {
			require.Error(t, err)
			return
		}
		require.NoError(t, err)
		var again chatcore.AddChatParticipantsRequest
		require.NoError(t, chatcore.Decode("addParticipants", req.Body, &again))
		if utf8.ValidString(rawID) {
			require.Equal(t, request, again)
		}
	})
}
