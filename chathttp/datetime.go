package chathttp

import (
	"fmt"
	"strings"
	"time"

	"acschat/chatcore"
)

// Time converts a date and time of the service, to the nanosecond. An empty one becomes the zero time. It returns an error if the text is
// not in RFC 3339 form.
func Time(d chatcore.DateTime) (time.Time, error) {
	if d == "" {
		return time.Time{}, nil
	}
	text := strings.ToUpper(string(d))
	const seconds = len("2006-01-02T15:04:")
	var leap time.Duration
	if len(text) > seconds+2 && text[seconds:seconds+2] == "60" { // a leap second: package time refuses it
		text, leap = text[:seconds]+"59"+text[seconds+2:], time.Second
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, fmt.Errorf("chathttp: %q is not a date and time in RFC 3339 form", d)
	}
	return t.Add(leap), nil
}

// NewDateTime converts a time to the service's form, in UTC. The zero time becomes an empty DateTime.
func NewDateTime(t time.Time) chatcore.DateTime {
	if t.IsZero() {
		return ""
	}
	return chatcore.DateTime(t.UTC().Format(time.RFC3339Nano))
}
