package chathttp

import "acschat/chatcore"

// hints are the hints that name options and functions of this package, by the error's Reason.
var hints = []string{
	chatcore.BadArgument:          "Nothing was sent. The documentation of packages chathttp and chatcore has the fields and options of each method.",
	chatcore.BadIdempotencyToken:  "Recommended: NewIdempotencyToken.",
	chatcore.LimitExceeded:        "Send less at once, or set CheckLimits to false to leave the decision to the service.",
	chatcore.TokenMissing:         "Set Options.Token or Options.TokenFunc.",
	chatcore.FixedTokenRefused:    "With Options.TokenFunc, the client asks for a new token.",
	chatcore.TokenCallbackFailed:  "Options.TokenFunc failed. errors.Is and errors.As find its error.",
	chatcore.TokenCallbackTimeout: "Options.TokenFunc took too long. Check what it asks for the token, or set a longer Timeout.",
	chatcore.NoAnswer:             "Check Options.Endpoint, the connection, and the proxy of the environment. errors.Is and errors.As find the error of net/http.",
	chatcore.NoLocalAnswer:        "Check that the server at Options.Endpoint is running. errors.Is and errors.As find the error of net/http.",
	chatcore.NoAnswerInTime:       "Check the connection, or set a longer Timeout or TotalTimeout.",
	chatcore.PageTooLong:          "Set a smaller MaxPageSize, and start the list again.",
	chatcore.UnknownWithToken:     "The message may have arrived. Send it again, unchanged and with the same SendOptions.IdempotencyToken, to find out.",
	chatcore.ClientClosed:         "Make a new client with New.",
}
