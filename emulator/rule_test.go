package emulator_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/emulator"
)

// badRules maps invalid rules to a part of their errors.
var badRules = map[string]string{
	`{}`:               "needs one of refuse, drop, hang, cut, status, trickleMs, noCORS, visibleAfterMs, eventsTwice, eventsAfterMs or eventsLost",
	`{"after":true}`:   "needs one of",
	`{"hangMs":1}`:     "needs one of",
	`{"retryAfter":1}`: "needs one of",
	`{"operation":"createChat","status":503}`:                              "createThread, listThreads, ",
	`{"call":-1,"status":503}`:                                             "call must not be negative",
	`{"times":-1,"status":503}`:                                            "times must not be negative",
	`{"status":399}`:                                                       "from 400 to 599",
	`{"status":600}`:                                                       "from 400 to 599",
	`{"status":-1}`:                                                        "from 400 to 599",
	`{"refuse":true,"drop":true}`:                                          "can have only one of",
	`{"drop":true,"hang":true}`:                                            "can have only one of",
	`{"hang":true,"cut":true}`:                                             "can have only one of",
	`{"cut":true,"status":503}`:                                            "can have only one of",
	`{"status":503,"refuse":true}`:                                         "can have only one of",
	`{"hang":true,"hangMs":-1}`:                                            "hangMs must be from 0 to 86400000",
	`{"hang":true,"hangMs":86400001}`:                                      "hangMs must be from 0 to 86400000",
	`{"drop":true,"hangMs":1}`:                                             "hangMs needs hang",
	`{"trickleMs":-1}`:                                                     "trickleMs must be from",
	`{"trickleMs":1,"refuse":true}`:                                        "which send no response",
	`{"trickleMs":1,"drop":true}`:                                          "which send no response",
	`{"noCORS":true,"drop":true}`:                                          "which send no response",
	`{"noCORS":true,"hang":true}`:                                          "which send no response",
	`{"refuse":true,"after":true}`:                                         "after cannot be combined with refuse",
	`{"status":429,"after":true}`:                                          "after cannot be combined with status 429",
	`{"status":400,"after":true}`:                                          "after cannot be combined with status 400",
	`{"status":499,"after":true}`:                                          "after cannot be combined with status 499",
	`{"operation":"sendMessage","visibleAfterMs":-1}`:                      "visibleAfterMs must be from",
	`{"visibleAfterMs":1}`:                                                 "visibleAfterMs needs the operation sendMessage",
	`{"operation":"updateMessage","visibleAfterMs":1}`:                     "visibleAfterMs needs the operation sendMessage",
	`{"operation":"sendMessage","visibleAfterMs":1,"drop":true}`:           "needs a message that is sent",
	`{"operation":"sendMessage","visibleAfterMs":1,"refuse":true}`:         "needs a message that is sent",
	`{"operation":"sendMessage","visibleAfterMs":1,"status":503}`:          "needs a message that is sent",
	`{"eventsAfterMs":-1}`:                                                 "eventsAfterMs must be from",
	`{"operation":"listMessages","eventsTwice":true}`:                      "need an operation that publishes events",
	`{"operation":"sendMessage","eventsLost":true,"drop":true}`:            "need a call that is performed",
	`{"eventsTwice":true,"status":503}`:                                    "need a call that is performed",
	`{"eventsUnordered":true}`:                                             "eventsUnordered needs eventsAfterMs",
	`{"eventsLost":true,"eventsTwice":true}`:                               "eventsLost cannot be combined with",
	`{"eventsLost":true,"eventsAfterMs":1}`:                                "eventsLost cannot be combined with",
	`{"drop":true,"retryAfter":1}`:                                         "need a status",
	`{"noCORS":true,"body":"x","contentType":"text/plain"}`:                "need a status",
	`{"drop":true,"empty":true}`:                                           "need a status",
	`{"cut":true,"observed":true}`:                                         "need a status",
	`{"status":503,"retryAfter":-1}`:                                       "retryAfter must not be negative",
	`{"status":503,"exposeRetryAfter":true}`:                               "exposeRetryAfter needs retryAfter",
	`{"status":503,"empty":true,"body":"x"}`:                               "empty cannot be combined with",
	`{"status":503,"empty":true,"contentType":"text/html"}`:                "empty cannot be combined with",
	`{"status":503,"observed":true,"empty":true}`:                          "observed cannot be combined with",
	`{"status":503,"observed":true,"body":"x","contentType":"text/plain"}`: "observed cannot be combined with",
	`{"operation":"issueAccessToken","status":503,"observed":true}`:        "observed needs a chat operation",
	`{"status":503,"body":"x"}`:                                            "must be given together",
	`{"status":503,"contentType":"text/html"}`:                             "must be given together",
}

func TestFailRefusesBadRules(t *testing.T) {
	for text, message := range badRules {
		_, err := emulator.ParseRule(text)
		require.ErrorContains(t, err, message, text)

		var rule emulator.Rule
		require.NoError(t, json.Unmarshal([]byte(text), &rule))
		em, _ := newEmulator()
		assert.PanicsWithValue(t, "emulator: Fail: "+err.Error(), func() { em.Fail(rule) })
		assert.Empty(t, post(em, "/chat/threads"+chatVersion, "", "").Header().Get("Connection"), "the rule is not planted")
	}
}

func TestValidRules(t *testing.T) {
	for text, want := range map[string]emulator.Rule{
		`{"refuse":true,"call":2,"times":3}`:                    {Refuse: true, Call: 2, Times: 3},
		`{"hang":true,"hangMs":86400000,"after":true}`:          {Hang: true, HangMs: 86400000, After: true},
		`{"cut":true,"trickleMs":1,"noCORS":true,"after":true}`: {Cut: true, TrickleMs: 1, NoCORS: true, After: true},
		`{"status":408,"after":true}`:                           {Status: 408, After: true},
		`{"status":500,"after":true,"trickleMs":1}`:             {Status: 500, After: true, TrickleMs: 1},
		`{"status":429,"retryAfter":3,"observed":true}`:         {Status: 429, RetryAfter: 3, Observed: true},
		`{"operation":"sendMessage","visibleAfterMs":1,"drop":true,"after":true}`: {
			Operation: "sendMessage", VisibleAfterMs: 1, Drop: true, After: true},
		`{"operation":"sendMessage","visibleAfterMs":1,"cut":true}`: {Operation: "sendMessage", VisibleAfterMs: 1, Cut: true},
	} {
		rule, err := emulator.ParseRule(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, rule)
	}
}
