package identity

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"time"
)

// newSigner returns a function that signs a request with the given body: it sets x-ms-date, x-ms-content-sha256 and
// Authorization. The scheme is HMAC-SHA256, from the REST documentation's page Authentication.
func newSigner(key []byte) func(*http.Request, []byte) {
	return func(r *http.Request, body []byte) {
		hash := sha256.Sum256(body)
		contentHash := base64.StdEncoding.EncodeToString(hash[:])
		date := time.Now().UTC().Format(http.TimeFormat)

		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(r.Method + "\n" + r.URL.RequestURI() + "\n" + date + ";" + r.Host + ";" + contentHash))
		signature := base64.StdEncoding.EncodeToString(mac.Sum(nil))

		r.Header.Set("x-ms-date", date)
		r.Header.Set("x-ms-content-sha256", contentHash)
		r.Header.Set("Authorization", "HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature="+signature)
	}
}
