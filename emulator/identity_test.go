package emulator_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/emulator"
)

type identityResult struct {
	Identity    struct{ ID string }
	AccessToken *struct{ Token, ExpiresOn string }
}

func TestCreateIdentity(t *testing.T) {
	em, _ := newEmulator()
	for _, body := range []string{"", `{}`, `{"createTokenWithScopes":[],"expiresInMinutes":60}`} {
		w := serve(em, signed("/identities"+identityVersion, body, start))
		result := decode[identityResult](t, w, http.StatusCreated)
		assert.Regexp(t, `^8:acs:[0-9a-f-]{36}_[0-9a-f-]{36}$`, result.Identity.ID)
		assert.JSONEq(t, `{"identity":{"id":"`+result.Identity.ID+`"}}`, w.Body.String(), "without scopes there is no token")
	}

	w := serve(em, signed("/identities"+identityVersion, `{"createTokenWithScopes":["chat","voip"]}`, start))
	result := decode[identityResult](t, w, http.StatusCreated)
	require.NotNil(t, result.AccessToken)
	assert.Equal(t, "2026-11-23T10:20:30.456+00:00", result.AccessToken.ExpiresOn)
	assert.Equal(t, "chat,voip", claimsOf(t, result.AccessToken.Token)["acsScope"])
	thread := decode[createResult](t, post(em, "/chat/threads"+chatVersion, result.AccessToken.Token, `{"topic":"Lunch"}`), http.StatusCreated)
	assert.Equal(t, result.Identity.ID, em.Threads()[0].CreatedBy, thread)
}

func TestIssueAccessToken(t *testing.T) {
	em, _ := newEmulator()
	jane := em.NewUser()
	for _, id := range []string{jane.ID, strings.ReplaceAll(jane.ID, ":", "%3A")} { // the signature covers the encoded form
		w := serve(em, signed("/identities/"+id+"/:issueAccessToken"+identityVersion, `{"scopes":["chat.join"],"expiresInMinutes":60}`, start))
		result := decode[struct{ Token, ExpiresOn string }](t, w, http.StatusOK)
		assert.Equal(t, "2026-11-22T11:20:30.456+00:00", result.ExpiresOn)
		claims := claimsOf(t, result.Token)
		assert.EqualValues(t, start.Add(time.Hour).Unix(), claims["exp"])
		assert.Equal(t, jane.ID, "8:"+claims["skypeid"].(string))
	}
	w := serve(em, signed("/identities/"+jane.ID+"0/:issueAccessToken"+identityVersion, `{"scopes":["chat"]}`, start))
	requireError(t, w, http.StatusNotFound, "NotFound")
}

func TestIdentityRefusesBadFields(t *testing.T) {
	em, _ := newEmulator()
	issue := "/identities/" + em.NewUser().ID + "/:issueAccessToken"
	for _, c := range []struct{ path, body, target string }{
		{"/identities", `{"createTokenWithScopes":"chat"}`, "createTokenWithScopes"},
		{"/identities", `{"createTokenWithScopes":["sms"]}`, "createTokenWithScopes"},
		{"/identities", `{"createTokenWithScopes":[null]}`, "createTokenWithScopes"},
		{"/identities", `{"expiresInMinutes":59}`, "expiresInMinutes"},
		{"/identities", `{"expiresInMinutes":1441}`, "expiresInMinutes"},
		{"/identities", `{"expiresInMinutes":"60"}`, "expiresInMinutes"},
		{issue, `{}`, "scopes"},
		{issue, `{"scopes":[]}`, "scopes"},
		{issue, `{"scopes":["Chat"]}`, "scopes"},
		{issue, `{"scopes":["chat"],"expiresInMinutes":59}`, "expiresInMinutes"},
	} {
		requireBadField(t, serve(em, signed(c.path+identityVersion, c.body, start)), c.target)
	}
	requireBadField(t, serve(em, signed("/identities"+chatVersion, "", start)), "api-version")
	requireError(t, serve(em, signed(issue+identityVersion, "", start)), http.StatusBadRequest, "BadRequest")
}

func TestExpiresOnHasUpToSevenDecimals(t *testing.T) {
	needsPackage(t, "clock with nanoseconds")
	for nanoseconds, want := range map[int]string{
		123_456_789: "2026-11-23T10:20:30.1234567+00:00",
		123_456_000: "2026-11-23T10:20:30.123456+00:00",
		999_999_999: "2026-11-23T10:20:30.9999999+00:00",
		0:           "2026-11-23T10:20:30+00:00",
	} {
		at := start.Truncate(time.Second).Add(time.Duration(nanoseconds))
		em := newResource(emulator.Options{Clock: func() time.Time { return at }})
		w := serve(em, signed("/identities"+identityVersion, `{"createTokenWithScopes":["chat"]}`, at))
		created := decode[identityResult](t, w, http.StatusCreated).AccessToken
		assert.Equal(t, want, created.ExpiresOn)
		assert.EqualValues(t, start.Unix()+24*60*60, claimsOf(t, created.Token)["exp"], "claims have whole seconds")
	}
}

func TestIdentityEchoesTheClientRequestID(t *testing.T) {
	const name = "x-ms-client-request-id"
	s := newScene(t)
	for operation := range operations {
		r := s.request(operation, s.jane, "", "")
		identity := strings.HasPrefix(r.URL.Path, "/identities")
		refused := r.Clone(t.Context())
		refused.Header.Del("Authorization")
		for _, r := range []*http.Request{refused, r} {
			r.Header.Set(name, "7c9444e4")
			w := serve(s.resource, r)
			if identity {
				assert.Equal(t, []string{"7c9444e4"}, w.Header().Values(name), "%s: %d", operation, w.Code)
			} else {
				assert.NotContains(t, w.Header(), http.CanonicalHeaderKey(name), "%s: %d", operation, w.Code)
			}
		}
	}
	assert.NotContains(t, s.do(t, s.jane, "createIdentity", "", 201).Header(), http.CanonicalHeaderKey(name), "the request has no such header")
}

func TestNewToken(t *testing.T) {
	em, clock := newEmulator()
	jane := em.NewUser()
	clock.advance(24 * time.Hour)
	requireError(t, post(em, "/chat/threads"+chatVersion, jane.Token, `{"topic":"Lunch"}`), http.StatusUnauthorized, "Unauthorized")
	token, ok := em.NewToken(jane.ID)
	require.True(t, ok)
	newThread(t, em, emulator.User{ID: jane.ID, Token: token})
	assert.Equal(t, jane.ID, em.Threads()[0].CreatedBy)
	_, ok = em.NewToken("8:acs:unknown")
	assert.False(t, ok)
}
