package chathttp

import (
	"strings"

	"acschat/chatcore"
)

// worded returns an error as it leaves the package: with hints for Go programs, and the names of Go's options where chatcore has
// those of the JSON form.
func worded(err error) error {
	core, ok := err.(*chatcore.Error)
	if !ok {
		return err
	}
	e := *core
	e.Hint, e.Reason = e.Hint+hints[e.Reason], 0
	switch e.Code {
	case chatcore.InvalidArgument:
		name(&e)
	case chatcore.TokenError, chatcore.NetworkError: // the cause is not chatcore's
	default:
		e.Cause = worded(e.Cause)
	}
	return &e
}

// name gives an InvalidArgument the names that a Go program has for the operation and the argument.
func name(e *chatcore.Error) {
	problem := strings.TrimPrefix(e.Message, e.Operation+": "+e.Target+" ")
	if isDuration(e.Target) {
		problem = "must be from 1ms to " + maxDuration.String() + ", or 0 for the default"
		if strings.HasSuffix(e.Target, "settleMs") {
			problem = "must be 0, or from 1ms to " + maxDuration.String()
		}
	}
	if e.Operation == "createClient" {
		e.Operation, e.Target = "New", "Options."+fieldsOf(e.Target)
	} else {
		e.Target = argumentOf(e.Operation, e.Target)
	}
	e.Message = e.Operation + ": " + e.Target + " " + problem
}

func isDuration(path string) bool {
	return !strings.Contains(path, "retry.") && (strings.HasSuffix(path, "imeoutMs") || strings.HasSuffix(path, "settleMs"))
}

// argumentOf returns the path of a method's argument: "SendOptions.Timeout" for "options.timeoutMs". Fields of requests keep the
// names of the REST API.
func argumentOf(operation, path string) string {
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
		return optionsOf(operation, option) + "." + fieldsOf(option)
	case path == "options":
		return optionsOf(operation, "")
	}
	return path
}

// optionsOf returns the type of the options of a method that have an option.
func optionsOf(operation, option string) string {
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
	if listOptions, ok := listOptions[operation]; ok {
		return listOptions
	}
	return "CallOptions"
}

var listOptions = map[string]string{
	"listThreads":      "ListChatThreadsOptions",
	"listMessages":     "ListChatMessagesOptions",
	"listParticipants": "ListChatParticipantsOptions",
	"listReadReceipts": "ListChatReadReceiptsOptions",
	"watchMessages":    "WatchMessagesOptions",
}

// fieldsOf returns the fields that a path of JSON names goes through.
func fieldsOf(path string) string {
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
