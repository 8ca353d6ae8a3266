package chatstate

import (
	"strconv"

	"acschat/chatcore"
)

// A record is five lines: the version of the form, when the message was queued in milliseconds since 1970, the id of the conversation whose
// attempt may have sent it, the code of the error that it failed with, and the message as JSON.
const recordVersion = "1"

func encodeRecord(item *pending, attempter string) string {
	failure := ""
	if item.isBlocked && item.err != nil {
		failure = string(item.err.Code)
	}
	return recordVersion + "\n" + strconv.FormatInt(item.createdMs, 10) + "\n" + attempter + "\n" + failure + "\n" + item.request.JSON()
}

// decodeRecord reads a record. It returns nil for one that this version of the client did not write.
func decodeRecord(record Record) *pending {
	var lines [5]string
	rest := record.Text
	for i := range lines {
		at := 0
		for at < len(rest) && rest[at] != '\n' {
			at++
		}
		lines[i] = rest[:at]
		rest = rest[min(at+1, len(rest)):]
	}
	created, ok := parseNumber(lines[1])
	if lines[0] != recordVersion || !ok {
		return nil
	}
	request, err := chatcore.DecodeMessage(lines[4])
	if err != nil {
		return nil
	}
	item := &pending{key: record.Key, sequence: record.Sequence, stored: record.Text, request: &request, createdMs: created, isAttempted: lines[2] != "", attempter: lines[2]}
	item.state = waitingState(item)
	if lines[3] != "" {
		item.isBlocked, item.err = true, newError("sendMessage", chatcore.Code(lines[3]), "the message was not sent")
		if !item.isAttempted {
			item.state = Failed
		}
	}
	return item
}
