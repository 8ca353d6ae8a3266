package chatcore

import (
	"strconv"

	"acschat/chatcore/internal/ascii"
)

// DateTime is a date and time in RFC 3339 form, such as 2020-06-06T05:55:41Z, with up to nine fractional digits. It is a string, so that
// the service's digits stay as they are, and the download does not contain package time.
type DateTime string

// check returns what is wrong with d, as the end of a sentence, or "".
func (d DateTime) check() string {
	rest := string(d)
	var values [6]int
	for i := range values {
		var ok bool
		if values[i], rest, ok = cutNumber(rest, dateTimeParts[i].digits, dateTimeParts[i].after); !ok {
			return notADateTime
		}
	}
	year, month, day := values[0], values[1], values[2]
	if month < 1 || month > 12 || day < 1 || day > daysIn(year, month) || values[3] > 23 || values[4] > 59 || values[5] > 60 {
		return notADateTime // a 60th second is a leap second
	}
	if rest != "" && rest[0] == '.' {
		digits := 1
		for digits < len(rest) && isDigit(rest[digits]) {
			digits++
		}
		if digits == 1 || digits > 10 {
			return notADateTime
		}
		rest = rest[digits:]
	}
	if rest == "Z" || rest == "z" {
		return ""
	}
	if rest == "" || rest[0] != '+' && rest[0] != '-' {
		return notADateTime
	}
	hours, rest, ok := cutNumber(rest[1:], 2, ":")
	minutes, rest, ok2 := cutNumber(rest, 2, "")
	if !ok || !ok2 || hours > 23 || minutes > 59 || rest != "" {
		return notADateTime
	}
	return ""
}

const notADateTime = `must be a date and time in RFC 3339 form, as in "2020-06-06T05:55:41Z"`

// dateTimeParts are the numbers from the year to the seconds, with the characters that may follow each.
var dateTimeParts = [6]struct {
	digits int
	after  string
}{{4, "-"}, {2, "-"}, {2, "Tt"}, {2, ":"}, {2, ":"}, {2, ""}}

// cutNumber reads a number with the given number of digits, and one of the bytes of after, unless after is empty.
func cutNumber(s string, digits int, after string) (n int, rest string, ok bool) {
	if len(s) < digits {
		return 0, s, false
	}
	for i := range digits {
		if !isDigit(s[i]) {
			return 0, s, false
		}
		n = n*10 + int(s[i]-'0')
	}
	rest = s[digits:]
	if after == "" {
		return n, rest, true
	}
	if rest == "" || !ascii.ConsistsOf(rest[:1], after) {
		return 0, s, false
	}
	return n, rest[1:], true
}

func daysIn(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// MessageTime returns when a message was created, to the second, by its id. It returns "" for what is no id of the service.
func MessageTime(id string) DateTime {
	ms := parseNumber(id)
	if ms == 0 {
		return ""
	}
	return unixTime(ms / 1000)
}

// unixTime returns seconds since 1970 as a date and time. It computes with years that begin in March, because the leap day is then the
// last day of a year.
func unixTime(seconds int64) DateTime {
	days, rest := seconds/86400+719468, seconds%86400
	era, day := days/146097, days%146097
	year := (day - day/1460 + day/36524 - day/146096) / 365
	day -= year*365 + year/4 - year/100
	month := (day*5 + 2) / 153
	day -= (month*153 + 2) / 5
	if month += 3; month > 12 {
		month -= 12
		year++
	}
	return DateTime(digits(era*400+year, 4) + "-" + digits(month, 2) + "-" + digits(day+1, 2) +
		"T" + digits(rest/3600, 2) + ":" + digits(rest/60%60, 2) + ":" + digits(rest%60, 2) + "Z")
}

// digits returns n with leading zeros.
func digits(n int64, width int) string {
	text := strconv.FormatInt(n, 10)
	for len(text) < width {
		text = "0" + text
	}
	return text
}
