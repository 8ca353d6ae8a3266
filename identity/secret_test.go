package identity_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/identity"
)

// verbs lacks %p: fmt handles it without calling the value's methods, and go vet allows it for pointers only.
var verbs = []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%o", "%t"}

func TestTheKeyIsNeverPrinted(t *testing.T) {
	const canary = "canary-key"
	encoded := base64.StdEncoding.EncodeToString([]byte(canary))
	// Port 0 refuses every connection. The network error must not contain the key either.
	client, err := identity.New("endpoint=http://127.0.0.1:0/;accesskey="+encoded, &http.Client{})
	require.NoError(t, err)
	_, networkError := client.CreateUser(t.Context())
	require.Error(t, networkError)
	asJSON, _ := json.Marshal(client)

	// As text, as base64, and as the bytes that %d, %o, %x and %X print.
	forms := []string{canary, encoded, "99 97 110 97 114 121", "143 141 156 141", "63616e617279", "63616E617279", "0x63, 0x61, 0x6e"}
	for _, form := range forms {
		for _, verb := range verbs {
			assert.NotContains(t, fmt.Sprintf(verb, client), form, verb)
			assert.NotContains(t, fmt.Sprintf(verb, *client), form, verb)
			assert.NotContains(t, fmt.Sprintf(verb, networkError), form, verb)
		}
		assert.NotContains(t, string(asJSON), form)
	}
}

func TestTokensAreNotPrinted(t *testing.T) {
	token := identity.Token{Token: "canary", ExpiresOn: time.Date(2026, 11, 22, 10, 20, 30, 0, time.UTC)}
	for _, verb := range verbs {
		for _, value := range []any{token, &token, []identity.Token{token}, struct{ T identity.Token }{token}} {
			printed := fmt.Sprintf(verb, value)
			assert.NotContains(t, printed, "canary", verb)
			assert.NotContains(t, printed, "63616e617279", verb)
		}
	}
	assert.Equal(t, "identity.Token{REDACTED, expires 2026-11-22T10:20:30Z}", token.String())
	assert.Equal(t, token.String(), token.GoString())
}
