package emulator_test

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/emulator"
)

// jwt returns a JWT with a header and claims, signed with the default access key.
func jwt(header string, claims map[string]any) string {
	payload, _ := json.Marshal(claims)
	signed := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + base64.RawURLEncoding.EncodeToString(payload)
	return signed + "." + base64.RawURLEncoding.EncodeToString(macBytes(signed))
}

const hs256 = `{"alg":"HS256"}`

func claimsOf(t *testing.T, token string) map[string]any {
	t.Helper()
	parts := strings.Split(token, ".")
	require.Len(t, parts, 3)
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	require.NoError(t, err)
	var claims map[string]any
	require.NoError(t, json.Unmarshal(payload, &claims))
	return claims
}

func TestTokenClaims(t *testing.T) {
	em, _ := newEmulator()
	jane := em.NewUser()
	claims := claimsOf(t, jane.Token)
	assert.Equal(t, jane.ID, "8:"+claims["skypeid"].(string))
	assert.Equal(t, "chat", claims["acsScope"])
	assert.Contains(t, jane.ID, claims["resourceId"])
	assert.EqualValues(t, start.Unix(), claims["iat"])
	assert.EqualValues(t, start.Add(24*time.Hour).Unix(), claims["exp"])
	dot := strings.LastIndex(jane.Token, ".")
	signed, signature := jane.Token[:dot], jane.Token[dot+1:]
	assert.Equal(t, base64.RawURLEncoding.EncodeToString(macBytes(signed)), signature, "HMAC-SHA256 with the access key")
}

func TestUserTokensAreChecked(t *testing.T) {
	em, _ := newEmulator()
	jane := em.NewUser()
	claims := claimsOf(t, jane.Token)
	with := func(name string, value any) map[string]any {
		c := maps.Clone(claims)
		c[name] = value
		return c
	}
	parts := strings.Split(jane.Token, ".")
	other := emulator.New(emulator.Options{AccessKey: "b3RoZXI=", Clock: func() time.Time { return start }}).NewUser()

	for name, c := range map[string]struct{ authorization, message string }{
		"missing":          {"", "missing"},
		"basic":            {"Basic abc", "must be Bearer"},
		"token only":       {jane.Token, "must be Bearer"},
		"no token":         {"Bearer ", "malformed"},
		"not a JWT":        {"Bearer abc", "malformed"},
		"two parts":        {"Bearer " + parts[0] + "." + parts[1], "malformed"},
		"header not JSON":  {"Bearer " + jwt(`{`, claims), "malformed"},
		"payload not JSON": {"Bearer " + jwt(hs256, with("exp", "soon")), "malformed"},
		"bad base64":       {"Bearer " + parts[0] + "." + parts[1] + ".!", "malformed"},
		"alg none":         {"Bearer " + jwt(`{"alg":"none"}`, claims), "algorithm"},
		"no signature":     {"Bearer " + parts[0] + "." + parts[1] + ".", "signature"},
		"other payload":    {"Bearer " + parts[0] + "." + strings.Split(jwt(hs256, with("exp", 9e9)), ".")[1] + "." + parts[2], "signature"},
		"other resource":   {"Bearer " + other.Token, "signature"},
		"expired":          {"Bearer " + jwt(hs256, with("exp", start.Unix())), "expired"},
		"no exp":           {"Bearer " + jwt(hs256, with("exp", nil)), "expired"},
		"unknown user":     {"Bearer " + jwt(hs256, with("skypeid", strings.TrimPrefix(jane.ID, "8:")+"0")), "not an identity"},
		"resourceId":       {"Bearer " + jwt(hs256, with("resourceId", "x")), "not an identity"},
	} {
		t.Run(name, func(t *testing.T) {
			r := request("/chat/threads"+chatVersion, "", `{"topic":"Lunch"}`)
			r.Header.Set("Authorization", c.authorization)
			failure := requireError(t, serve(em, r), http.StatusUnauthorized, "Unauthorized")
			assert.Contains(t, failure.Message, c.message)
		})
	}
	assert.Empty(t, em.Threads())

	r := request("/chat/threads"+chatVersion, "", `{"topic":"Lunch"}`)
	r.Header.Set("Authorization", "bearer "+jwt(hs256, claims))
	assert.Equal(t, http.StatusCreated, serve(em, r).Code, "the unchanged claims are accepted")
}

func TestTokensExpireByOptionsClock(t *testing.T) {
	em, clock := newEmulator()
	jane := em.NewUser()
	clock.advance(24*time.Hour - time.Second)
	assert.Equal(t, http.StatusCreated, post(em, "/chat/threads"+chatVersion, jane.Token, `{"topic":"Lunch"}`).Code)
	clock.advance(time.Second)
	requireError(t, post(em, "/chat/threads"+chatVersion, jane.Token, `{"topic":"Lunch"}`), http.StatusUnauthorized, "Unauthorized")
}

func TestScopes(t *testing.T) {
	em, _ := newEmulator()
	jane := em.NewUser()
	path := newThread(t, em, jane)
	claims := claimsOf(t, jane.Token)
	for scopes, want := range map[string][3]int{ // create thread, add participants, send message
		"chat":              {201, 201, 201},
		"voip,chat":         {201, 201, 201},
		"chat.join":         {403, 201, 201},
		"chat.join.limited": {403, 403, 201},
		"voip":              {403, 403, 403},
		"":                  {403, 403, 403},
	} {
		claims["acsScope"] = scopes
		token := jwt(hs256, claims)
		got := [3]int{
			post(em, "/chat/threads"+chatVersion, token, `{"topic":"Lunch"}`).Code,
			post(em, path+"/participants/:add"+chatVersion, token, `{"participants":[]}`).Code,
			post(em, path+"/messages"+chatVersion, token, `{"content":"Hi"}`).Code,
		}
		assert.Equal(t, want, got, scopes)
	}
	claims["acsScope"] = "voip"
	requireError(t, post(em, "/chat/threads"+chatVersion, jwt(hs256, claims), `{"topic":"x"}`), http.StatusForbidden, "Forbidden")
}
