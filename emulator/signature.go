package emulator

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"time"
)

// maxSignatureAge is how far x-ms-date may differ from the current time, in either direction.
const maxSignatureAge = 5 * time.Minute

// httpTimeFormat is the form of x-ms-date.
const httpTimeFormat = "Mon, 02 Jan 2006 15:04:05 GMT"

const (
	signatureScheme = "HMAC-SHA256 "
	signedHeaders   = "x-ms-date;host;x-ms-content-sha256"
)

// authenticateSignature checks the header Authorization of Identity operations. It must be an HMAC over the request, made with
// the access key, as described in the REST documentation's page Authentication.
func (em *Emulator) authenticateSignature(c *call) *communicationError {
	header := c.request.Header
	authorization := header.Get("Authorization")
	if authorization == "" {
		return unauthorized("The Authorization header is missing.")
	}
	claimed, ok := strings.CutPrefix(authorization, signatureScheme+"SignedHeaders="+signedHeaders+"&Signature=")
	if !ok {
		return unauthorized("Authorization must be " + signatureScheme + "SignedHeaders=" + signedHeaders + "&Signature=…")
	}
	signature, err := base64.StdEncoding.Strict().DecodeString(claimed)
	if err != nil {
		return unauthorized("The signature is not base64.")
	}
	date, err := time.Parse(httpTimeFormat, header.Get("x-ms-date"))
	if err != nil {
		return unauthorized("x-ms-date must be a date such as Mon, 02 Jan 2006 15:04:05 GMT.")
	}
	if em.clock.source().Sub(date).Abs() > maxSignatureAge {
		return unauthorized("x-ms-date must be within five minutes of the service's clock.")
	}
	hash := sha256.Sum256(c.body)
	if header.Get("x-ms-content-sha256") != base64.StdEncoding.EncodeToString(hash[:]) {
		return unauthorized("x-ms-content-sha256 is not the base64 SHA-256 of the body.")
	}
	if !hmac.Equal(signature, em.mac(stringToSign(c.request))) {
		return unauthorized("The signature is wrong: it must be an HMAC, made with this resource's access key, over the method, path and query, and " + signedHeaders + ".")
	}
	return nil
}

func stringToSign(r *Request) string {
	return r.Method + "\n" + r.Target + "\n" +
		r.Header.Get("x-ms-date") + ";" + r.Host + ";" + r.Header.Get("x-ms-content-sha256")
}
