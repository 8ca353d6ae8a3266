package emulator_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestSignaturesAreChecked(t *testing.T) {
	const target = "/identities" + identityVersion
	const unsigned = "HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature="
	const body = `{"createTokenWithScopes":["chat"]}`
	for name, c := range map[string]struct {
		change  func(*http.Request)
		message string
	}{
		"no Authorization": {func(r *http.Request) { r.Header.Del("Authorization") }, "missing"},
		"bearer":           {func(r *http.Request) { r.Header.Set("Authorization", "Bearer x") }, "must be HMAC-SHA256"},
		"other headers":    {func(r *http.Request) { edit(r, "Authorization", "x-ms-date;host", "host;x-ms-date") }, "must be HMAC-SHA256"},
		"not base64":       {func(r *http.Request) { edit(r, "Authorization", "Signature=", "Signature=!") }, "not base64"},
		"no signature":     {func(r *http.Request) { r.Header.Set("Authorization", unsigned) }, "signature is wrong"},
		"no date":          {func(r *http.Request) { r.Header.Del("x-ms-date") }, "x-ms-date must be"},
		"RFC 3339 date":    {func(r *http.Request) { r.Header.Set("x-ms-date", start.Format(time.RFC3339)) }, "x-ms-date must be"},
		"other date":       {func(r *http.Request) { edit(r, "x-ms-date", ":30 GMT", ":31 GMT") }, "signature is wrong"},
		"too old":          {func(r *http.Request) { sign(r, target, body, start.Add(-5*time.Minute)) }, "five minutes"}, // 456 ms more than five minutes, because the date has whole seconds
		"too new":          {func(r *http.Request) { sign(r, target, body, start.Add(5*time.Minute+time.Second)) }, "five minutes"},
		"no hash":          {func(r *http.Request) { r.Header.Del("x-ms-content-sha256") }, "x-ms-content-sha256"},
		"other body":       {func(r *http.Request) { sign(r, target, body+" ", start) }, "x-ms-content-sha256"},
		"other method":     {func(r *http.Request) { r.Method = "PUT"; sign(r, target, body, start); r.Method = "POST" }, "signature is wrong"},
		"other query":      {func(r *http.Request) { sign(r, target+"&x=y", body, start) }, "signature is wrong"},
		"other path":       {func(r *http.Request) { sign(r, "/identities/x/:issueAccessToken"+identityVersion, body, start) }, "signature is wrong"},
		"other host":       {func(r *http.Request) { r.Host = "localhost:8082" }, "signature is wrong"},
		"no port":          {func(r *http.Request) { r.Host = "localhost" }, "signature is wrong"},
		"almost too old":   {func(r *http.Request) { sign(r, target, body, start.Add(-5*time.Minute+time.Second)) }, ""},
		"valid":            {func(*http.Request) {}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			em, _ := newEmulator()
			r := signed(target, body, start)
			c.change(r)
			w := serve(em, r)
			if c.message == "" {
				assert.Equal(t, http.StatusCreated, w.Code, w.Body)
				return
			}
			assert.Contains(t, requireError(t, w, http.StatusUnauthorized, "Unauthorized").Message, c.message)
		})
	}
}

func edit(r *http.Request, header, old, new string) {
	r.Header.Set(header, strings.Replace(r.Header.Get(header), old, new, 1))
}

func TestIdentityOperationsRefuseUserTokens(t *testing.T) {
	em, _ := newEmulator()
	requireError(t, post(em, "/identities"+identityVersion, em.NewUser().Token, ""), http.StatusUnauthorized, "Unauthorized")
}

func TestSignatureWithoutRequestURI(t *testing.T) {
	em, _ := newEmulator()
	r := signed("/identities"+identityVersion, "", start)
	r.RequestURI = "" // as in a request from http.NewRequest
	assert.Equal(t, http.StatusCreated, serve(em, r).Code)
}
