package claims_test

import (
	"encoding/base64"
	"testing"

	"github.com/stretchr/testify/assert"

	"acschat/chatcore/internal/claims"
)

func token(payload string) string {
	return "e30." + base64.RawURLEncoding.EncodeToString([]byte(payload)) + ".c2ln"
}

func TestClaims(t *testing.T) {
	for payload, want := range map[string]claims.Claims{
		`{"skypeid":"acs:é?>","exp":1795404319,"iat":1795317919}`: {Expiry: 1795404319, Issued: 1795317919, User: "8:acs:é?>"},
		`{"exp":253402300799}`:                  {Expiry: 253402300799},
		`{"exp":253402300800}`:                  {}, // the year 10000
		`{"exp":-1,"iat":0}`:                    {},
		`{"exp":1e9}`:                           {},
		`{"iat":7,"scp":["chat"],"exp":"soon"}`: {Issued: 7},
		`{}`:                                    {},
		`[1]`:                                   {},
	} {
		assert.Equal(t, want, claims.Of(token(payload)), payload)
	}
	for _, opaque := range []string{"", "opaque", "a.b.c", "..", "a.~~~.c", token(`{"exp":1`)[:10]} {
		assert.Equal(t, claims.Claims{}, claims.Of(opaque), opaque)
	}
}
