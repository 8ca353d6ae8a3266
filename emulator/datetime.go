package emulator

import (
	"regexp"
	"strings"
	"time"
)

// dateTime is the form of RFC 3339. time.Parse takes "T5:55:41", a decimal comma and an offset of 24 hours too, and takes
// neither small letters nor the 60th second, which RFC 3339 has.
var dateTime = regexp.MustCompile(`^(\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:)(\d\d)((?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d))$`)

// parseDateTime gives UTC. A leap second is the first second of the next minute, since package time has none. The year
// keeps its four digits in UTC, too: no other can be written again.
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
