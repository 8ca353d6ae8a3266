package chatcore

import (
	"strconv"

	"acschat/chatcore/internal/json"
)

// claims are what a token tells about itself. The service calls its tokens opaque, but they are JSON Web Tokens (RFC 7519).
type claims struct {
	expiry int    // seconds since 1970; 0 where it does not say
	issued int    // likewise
	user   string // raw id of whom it is for, or empty
}

func claimsOf(token string) (c claims) {
	_, text, _ := cut(token, '.')
	text, _, _ = cut(text, '.')
	r := json.NewReader(decodeBase64URL(text))
	for more := r.Object(); more; more = r.Next() {
		switch r.Name() {
		case "exp":
			c.expiry = seconds(r)
		case "iat":
			c.issued = seconds(r)
		case "skypeid":
			c.user = "8:" + r.String()
		default:
			r.Skip()
		}
	}
	return c
}

// seconds reads a time up to the year 10000.
func seconds(r *json.Reader) int {
	if n := r.Int(); n > 0 && n < 253402300800 {
		return int(n)
	}
	return 0
}

// decodeBase64URL decodes what it can of a text in base64url without padding (RFC 4648).
func decodeBase64URL(text string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	var out []byte
	bits, n := 0, 0
	for i := range len(text) {
		before, _, found := cut(alphabet, text[i])
		if !found {
			break
		}
		if bits, n = bits<<6&0xffff|len(before), n+6; n >= 8 {
			n -= 8
			out = append(out, byte(bits>>n))
		}
	}
	return string(out)
}

// unixTime writes seconds since 1970 as a date and time, by way of days and a calendar whose year begins in March, so
// that the leap day is the last.
func unixTime(seconds int) DateTime {
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

// digits writes n with leading zeros.
func digits(n, width int) string {
	text := strconv.Itoa(n)
	for len(text) < width {
		text = "0" + text
	}
	return text
}
