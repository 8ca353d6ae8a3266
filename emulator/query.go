package emulator

import (
	"fmt"
	"net/url"
	"strconv"
	"time"
)

// query reads the query parameters of a request. As with object, the reading methods return a zero value for a wrong
// parameter, and problem is the first problem. A parameter must not be empty or be given twice.
type query struct {
	values  url.Values
	problem *communicationError
}

// refuse records a problem with a parameter. The message is the parameter's name followed by format, such as "must be …".
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
		q.refuse(name, "must be given once and not be empty")
		return "", false
	}
	return values[0], true
}

// integer reads a 32-bit integer that is at least minimum. If the parameter is missing, it returns defaultValue.
func (q *query) integer(name string, minimum, defaultValue int) int {
	text, ok := q.string(name)
	if !ok {
		return defaultValue
	}
	value, err := strconv.ParseInt(text, 10, 32)
	if err != nil || int(value) < minimum {
		q.refuse(name, "must be a whole number from %d to 2147483647", minimum)
	}
	return int(value)
}

// time reads an RFC 3339 date-time. If the parameter is missing, it returns the zero time.
func (q *query) time(name string) time.Time {
	text, ok := q.string(name)
	if !ok {
		return time.Time{}
	}
	value, ok := parseDateTime(text)
	if !ok {
		q.refuse(name, "must be an RFC 3339 date-time such as 2020-06-06T05:55:41Z; a plus sign must be percent-encoded")
	}
	return value
}
