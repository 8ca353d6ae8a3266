//go:build js && wasm

package main

import "acschat/chatcore"

const noAnswer = "The browser's developer tools show the cause, such as a stopped server, a wrong endpoint, CORS, or connect-src."

// hints are the hints that name options and functions of the JavaScript client, by the error's Reason.
var hints = []string{
	chatcore.BadArgument:          "Nothing was sent. See chat.d.ts for the fields and options of each method.",
	chatcore.BadIdempotencyToken:  "Recommended: newIdempotencyToken().",
	chatcore.LimitExceeded:        "Send less at once, or set checkLimits: false to leave the decision to the service.",
	chatcore.TokenMissing:         "Pass a token, or a callback that gets one from your server.",
	chatcore.FixedTokenRefused:    "With a token callback, the client asks for a new token.",
	chatcore.TokenCallbackFailed:  "Your token callback failed. error.cause is what it threw.",
	chatcore.TokenCallbackTimeout: "Your token callback took too long. Check your server, or set a longer timeoutMs.",
	chatcore.NoAnswer:             noAnswer,
	chatcore.NoLocalAnswer:        noAnswer + " If the browser asks, allow Local Network Access.",
	chatcore.NoAnswerInTime:       "Check the connection, or set a longer timeoutMs or totalTimeoutMs.",
	chatcore.PageTooLong:          "Set a smaller maxPageSize, and start the list again.",
	chatcore.UnknownWithToken:     "The message may have arrived. Send it again, unchanged and with the same idempotencyToken, to find out.",
	chatcore.ClientClosed:         "Create a new client.",
}
