package emulator

import (
	"fmt"
	"net/url"
	"strconv"
	"time"
)

// query reads the parameters of a request's query, in the manner of object: reading goes on past one that is wrong, and
// problem tells of the first. A parameter that is given must not be empty, nor given twice.
type query struct {
	values  url.Values
	problem *communicationError
}

// refuse reports a parameter; the format goes on after its name: "must be …".
func (q *query) refuse(name, format string, args ...any) {
	if q.problem == nil {
		q.problem = badRequest(name, "%s %s.", name, fmt.Sprintf(format, args...))
	}
}

func (q *query) string(name string) (value string, ok bool) {
	values := q.values[name]
	if len(values) == 0 {
		return "", false
	}
	if len(values) > 1 || values[0] == "" {
		q.refuse(name, "must be one value that is not empty")
		return "", false
	}
	return values[0], true
}

// integer reads an int32 that is low or more, and gives absent if the parameter is missing.
func (q *query) integer(name string, low, absent int) int {
	text, ok := q.string(name)
	if !ok {
		return absent
	}
	value, err := strconv.ParseInt(text, 10, 32)
	if err != nil || int(value) < low {
		q.refuse(name, "must be a whole number of 32 bits from %d", low)
	}
	return int(value)
}

// time reads an RFC 3339 date-time, and gives the zero time if the parameter is missing.
func (q *query) time(name string) time.Time {
	text, ok := q.string(name)
	if !ok {
		return time.Time{}
	}
	value, ok := parseDateTime(text)
	if !ok {
		q.refuse(name, "must be an RFC 3339 date-time such as 2020-06-06T05:55:41Z, percent-encoded where it has a plus")
	}
	return value
}
