package chathttp

import (
	"strings"

	"acschat/chatcore"
)

// goError converts an error of the core for Go programs: it adds this package's hints, and replaces the JSON names of options with the
// names in Go.
func goError(err error) error {
	core, ok := err.(*chatcore.Error)
	if !ok {
		return err
	}
	e := *core
	space := ""
	if e.Hint != "" && e.Reason != 0 {
		space = " "
	}
	e.Hint, e.Reason = e.Hint+space+hints[e.Reason], 0
	switch e.Code {
	case chatcore.InvalidArgument:
		useGoNames(&e)
	case chatcore.TokenError, chatcore.NetworkError: // the cause is an error of the program or of net/http
	default:
		e.Cause = goError(e.Cause)
	}
	return &e
}

// useGoNames replaces the names of the operation and the argument in an InvalidArgument.
func useGoNames(e *chatcore.Error) {
	problem := strings.TrimPrefix(e.Message, e.Operation+": "+e.Target+" ")
	if isDurationOption(e.Target) {
		problem = "must be from 1ms to " + maxDuration.String() + ", or 0 for the default"
		if strings.HasSuffix(e.Target, "settleMs") {
			problem = "must be 0, or from 1ms to " + maxDuration.String()
		}
	}
	if e.Operation == "createClient" {
		e.Operation, e.Target = "New", "Options."+goFields(e.Target)
	} else {
		e.Target = goArgument(e.Operation, e.Target)
	}
	e.Message = e.Operation + ": " + e.Target + " " + problem
}

func isDurationOption(path string) bool {
	return !strings.Contains(path, "retry.") && (strings.HasSuffix(path, "imeoutMs") || strings.HasSuffix(path, "settleMs"))
}

// goArgument returns the Go name of a method's argument: "SendOptions.Timeout" for "options.timeoutMs". Fields of requests keep the names
// of the REST API.
func goArgument(operation, path string) string {
	switch path {
	case "threadId":
		return "chatThreadID"
	case "messageId":
		return "chatMessageID"
	case "nextLink":
		path = "options.nextLink"
	}
	option, isOption := strings.CutPrefix(path, "options.")
	switch {
	case isOption:
		return optionsType(operation, option) + "." + goFields(option)
	case path == "options":
		return optionsType(operation, "")
	}
	return path
}

// optionsType returns the name of the struct that has an option of a method.
func optionsType(operation, option string) string {
	first, _, _ := strings.Cut(option, ".")
	switch first {
	case "apiVersion", "timeoutMs", "totalTimeoutMs", "retry", "settleMs", "checkLimits", "idempotencyToken":
		switch operation {
		case "createThread":
			return "CreateThreadOptions"
		case "sendMessage":
			return "SendOptions"
		}
		return "CallOptions"
	}
	if listOptions, ok := listOptionsTypes[operation]; ok {
		return listOptions
	}
	return "CallOptions"
}

var listOptionsTypes = map[string]string{
	"listThreads":      "ListChatThreadsOptions",
	"listMessages":     "ListChatMessagesOptions",
	"listParticipants": "ListChatParticipantsOptions",
	"listReadReceipts": "ListChatReadReceiptsOptions",
	"watchMessages":    "WatchMessagesOptions",
}

// goFields converts a path of JSON names to Go's field names: "Retry.MaxRetries" for "retry.maxRetries".
func goFields(path string) string {
	members := strings.Split(path, ".")
	for i, member := range members {
		switch member {
		case "apiVersion":
			member = "APIVersion"
		case "timeoutMs", "totalTimeoutMs", "settleMs":
			member = strings.TrimSuffix(member, "Ms")
		case "sinceMessageId":
			member = "SinceMessageID"
		}
		members[i] = strings.ToUpper(member[:1]) + member[1:]
	}
	return strings.Join(members, ".")
}
