package chatcore_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

// TestInvalidArguments checks the errors for arguments that JSON cannot represent, that are missing, or that have the wrong
// type.
func TestInvalidArguments(t *testing.T) {
	planted := errors.New("planted")
	for _, row := range []struct {
		method, text      string
		attached          chatcore.Attached
		target, problem   string
		isPlantedTheCause bool
	}{
		{"getThread", "", 0, "threadId", "must be a string, not undefined", false},
		{"getThread", "5", 0, "threadId", "must be a string, not a number", false},
		{"getThread", "{}", 0, "threadId", "must be a string, not an object", false},
		{"getThread", "!symbol ", 0, "threadId", "must be a string, not symbol", false},
		{"getThread", "!long ", 0, "threadId", "is too long", false},
		{"getMessage", "\"19:x\"\nnull", 0, "messageId", "must be a string, not null", false},
		{"sendMessage", `"19:x"`, 0, "request", "must be an object, not undefined", false},
		{"sendMessage", "\"19:x\"\n!bigint ", 0, "request", "must be an object, not bigint", false},
		{"sendMessage", "\"19:x\"\n!function metadata.a", 0, "metadata.a", "must not be a function", false},
		{"sendMessage", "\"19:x\"\n!function a name with spaces", 0, "a name with spaces", "must not be a function", false},
		{"sendMessage", "\"19:x\"\n!unreadable ", 0, "request", "cannot be read: planted", true},
		{"addParticipants", "\"19:x\"\n!Date participants[0].shareHistoryTime", 0, "participants[0].shareHistoryTime", "is an invalid Date", false},
		{"removeParticipant", "\"19:x\"\n!symbol ", 0, "identifier", "must be an object or a raw id, not symbol", false},
		{"getThread", "\"19:x\"\n!NaN timeoutMs", 0, "options.timeoutMs", "is NaN", false},
		{"getThread", "\"19:x\"\n!-Infinity retry.maxRetries", 0, "options.retry.maxRetries", "is -Infinity", false},
		{"getThread", "\"19:x\"\n!string signal", 0, "options.signal", "must be an AbortSignal, not string", false},
		{"getThread", "\"19:x\"\n!null fetch", 0, "options.fetch", "must be a function, not null", false},
		{"getThread", "\"19:x\"\n!long signal", 0, "options.signal", "is too long", false},
		{"getThread", "\"19:x\"\n{}", chatcore.TokenCallback, "options.token", "is not a known field", false},
		{"listThreads", "5\n", 0, "byPage", "must be an object", false},
		{"listThreads", "!function ", 0, "byPage", "must be an object, not function", false},
		{"listThreads", "{\"maxPageSize\":1}\n", 0, "byPage.maxPageSize", "is not a known field: only nextLink is", false},
		{"listThreads", "{\"nextLink\":1}\n", 0, "nextLink", "must be a string, not a number", false},
		{"listThreads", "!long nextLink\n", 0, "nextLink", "is too long", false},
		{"listThreads", "!function a\n", 0, "byPage.a", "must not be a function", false},
		{"listThreads", "\n!Date startTime", 0, "options.startTime", "is an invalid Date", false},
	} {
		client := newClient(t, chatcore.Options{})
		call := methodNamed(t, row.method).Invoke(client, chatcore.Arguments{Text: row.text, Attached: row.attached, Thrown: func() error { return planted }})
		call.Start(1)
		e := requireNothingSent(t, client, call, row.method, row.target)
		assert.Contains(t, e.Message, row.method+": "+row.target+" "+row.problem, row.text)
		assert.Equal(t, row.isPlantedTheCause, errors.Is(e, planted), row.text)
	}
}

// TestInvalidCreateClientArguments checks the same for createClient, whose options are its only argument.
func TestInvalidCreateClientArguments(t *testing.T) {
	for _, row := range []struct {
		text            string
		attached        chatcore.Attached
		target, problem string
	}{
		{"", 0, "options", "must be an object, not undefined"},
		{"!bigint ", 0, "options", "must be an object, not bigint"},
		{"!bigint token", 0, "token", "must be a string or a function that returns one, not bigint"},
		{"!number fetch", 0, "fetch", "must be a function, not number"},
		{"!symbol retries", 0, "retries", "must not be a symbol"},
		{"{}", chatcore.Signal, "signal", "is not a known field: pass it to a call instead"},
	} {
		_, err := chatcore.DecodeArguments(chatcore.Arguments{Text: row.text, Attached: row.attached})
		e := requireInvalidArgument(t, err, "createClient", row.target)
		assert.Contains(t, e.Message, row.target+" "+row.problem)
	}
	o, err := chatcore.DecodeArguments(chatcore.Arguments{Text: `{"endpoint":"https://x.example"}`, Attached: chatcore.TokenCallback})
	require.NoError(t, err)
	assert.True(t, o.TokenCallback)
}
