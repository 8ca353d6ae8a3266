// Package claims reads what an access token says about itself.
package claims

import (
	"acschat/chatcore/internal/ascii"
	"acschat/chatcore/internal/json"
)

// Claims are the claims of an access token. The service calls its tokens opaque, but they are JSON Web Tokens (RFC 7519).
type Claims struct {
	Expiry int64  // seconds since 1970, or 0 if the token does not have it
	Issued int64  // seconds since 1970, or 0
	User   string // raw id of the token's user, or ""
}

// Of returns the claims of a token, without checking its signature. Claims that cannot be read are zero.
func Of(token string) (c Claims) {
	_, text, _ := ascii.Cut(token, '.')
	text, _, _ = ascii.Cut(text, '.')
	r := json.NewReader(decodeBase64URL(text))
	for more := r.Object(); more; more = r.Next() {
		switch r.Name() {
		case "exp":
			c.Expiry = seconds(r)
		case "iat":
			c.Issued = seconds(r)
		case "skypeid":
			c.User = "8:" + r.String()
		default:
			r.Skip()
		}
	}
	return c
}

// seconds reads a time up to the year 10000.
func seconds(r *json.Reader) int64 {
	if n := r.Int(); n > 0 && n < 253402300800 {
		return n
	}
	return 0
}

// decodeBase64URL decodes base64url without padding (RFC 4648), up to the first character outside the alphabet.
func decodeBase64URL(text string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	var out []byte
	bits, n := 0, 0
	for i := range len(text) {
		before, _, found := ascii.Cut(alphabet, text[i])
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
