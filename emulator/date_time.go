package emulator

import (
	"regexp"
	"strings"
	"time"
)

// dateTime matches an RFC 3339 date-time. time.Parse alone is not enough: it accepts "T5:55:41", a decimal comma and an
// offset of 24 hours, and it refuses lower-case "t" and "z" and the leap second 60, which RFC 3339 allows.
var dateTime = regexp.MustCompile(`^(\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:)(\d\d)((?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d))$`)

// parseDateTime parses an RFC 3339 date-time and returns it in UTC. A leap second becomes the first second of the next
// minute, because package time has no leap seconds. A time whose year in UTC does not have four digits is refused, because
// RFC 3339 cannot express it.
func parseDateTime(text string) (value time.Time, ok bool) {
	parts := dateTime.FindStringSubmatch(text)
	if parts == nil {
		return time.Time{}, false
	}
	second, leap := parts[2], time.Duration(0)
	if second == "60" {
		second, leap = "59", time.Second
	}
	value, err := time.Parse(time.RFC3339, strings.ToUpper(parts[1]+second+parts[3]))
	value = value.Add(leap).UTC()
	return value, err == nil && value.Year() >= 0 && value.Year() <= 9999
}
