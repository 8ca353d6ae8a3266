package chatcore_test

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"acschat/chatcore"
)

// jwt returns a token with these claims.
func jwt(claims string) string {
	return "eyJhbGciOiJub25lIn0." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".sig"
}

// TestHintTellsTokenExpiry: the hint of a 401 states when the token expired, according to its claims.
func TestHintTellsTokenExpiry(t *testing.T) {
	hint := func(token string) string {
		client := newClient(t, chatcore.Options{Token: token})
		call := startSending(t, client, sendMessage)
		respond(call, testStart, 401, "")
		return requireFailed(t, call, chatcore.Unauthorized).Hint
	}
	random := rand.New(rand.NewPCG(1, 2))
	for _, seconds := range []int64{1, 951782400, 951868799, 1078012800, 1709164800, 1795404319, 4107542400, 253402300799} {
		assert.Contains(t, hint(jwt(fmt.Sprintf(`{"skypeid":"acs:é?>","exp":%d}`, seconds))), "Its expiry time is "+time.Unix(seconds, 0).UTC().Format(time.RFC3339))
	}
	for range 1000 {
		seconds := random.Int64N(253402300800-1) + 1
		assert.Contains(t, hint(jwt(fmt.Sprintf(`{"exp":%d}`, seconds))), "Its expiry time is "+time.Unix(seconds, 0).UTC().Format(time.RFC3339))
	}
	for _, opaque := range []string{"opaque", "a.b.c", "..", "a.~~~.c", jwt(`{}`), jwt(`{"exp":"soon"}`), jwt(`{"exp":-1}`), jwt(`{"exp":1e9}`), jwt(`{"exp":253402300800}`), jwt(`{"exp":1`)[:30], jwt(`[1]`)} {
		assert.NotContains(t, hint(opaque), "expiry time", opaque)
	}
}
