package emulator

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The scopes of user access tokens, and those that allow each kind of chat operation. VoIP scopes allow no chat operation.
var (
	tokenScopes = []string{"chat", "chat.join", "chat.join.limited", "voip", "voip.join"}

	scopesToManageThreads      = []string{"chat"}
	scopesToManageParticipants = []string{"chat", "chat.join"}
	scopesToParticipate        = []string{"chat", "chat.join", "chat.join.limited"}
)

const (
	minTokenMinutes     = 60
	maxTokenMinutes     = 1440
	defaultTokenMinutes = 1440
)

// jwtHeader is the encoded header of all tokens.
var jwtHeader = base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256","typ":"JWT"}`))

// claims are the JWT claims of a user access token, named as in the service's tokens.
type claims struct {
	SkypeID    string `json:"skypeid"`  // the user's raw id without its "8:"
	Scopes     string `json:"acsScope"` // separated by commas
	ResourceID string `json:"resourceId"`
	CSI        string `json:"csi"` // iat as a string
	IssuedAt   int64  `json:"iat"` // seconds since 1970
	ExpiresAt  int64  `json:"exp"` // seconds since 1970
	// Revocations is user.Revocations at the time of issue. The real service has no such claim. The emulator needs it because
	// iat has whole seconds: a token can be issued and revoked within one.
	Revocations int `json:"revocations,omitempty"`
}

// newToken returns a new token and when it expires. The claims have that time in whole seconds; expiresOn has the exact time.
func (em *Emulator) newToken(userID string, u user, scopes []string, minutes int) (token string, expiresOn time.Time) {
	issued := em.clock.now().UTC()
	expiresOn = issued.Add(time.Duration(minutes) * time.Minute)
	payload, _ := json.Marshal(claims{ // never fails: strings and integers
		SkypeID:    strings.TrimPrefix(userID, "8:"),
		Scopes:     strings.Join(scopes, ","),
		ResourceID: em.resource,
		CSI:        strconv.FormatInt(issued.Unix(), 10),
		IssuedAt:   issued.Unix(),
		ExpiresAt:  expiresOn.Unix(),

		Revocations: u.Revocations,
	})
	signed := jwtHeader + "." + base64.RawURLEncoding.EncodeToString(payload)
	return signed + "." + base64.RawURLEncoding.EncodeToString(em.mac(signed)), expiresOn
}

// authenticateUser checks the header Authorization of chat operations, which must have a user access token of this resource.
// It sets the call's user and scopes.
func (em *Emulator) authenticateUser(c *call) *communicationError {
	authorization := c.request.Header.Get("Authorization")
	if authorization == "" {
		return unauthorized("The Authorization header is missing.")
	}
	scheme, token, _ := strings.Cut(authorization, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return unauthorized("Authorization must be Bearer, followed by a user access token.")
	}
	claims, failure := em.verifyToken(token)
	if failure != nil {
		return failure
	}
	c.user = "8:" + claims.SkypeID
	c.scopes = strings.Split(claims.Scopes, ",")
	u, known := em.findUser(c.user)
	if claims.ResourceID != em.resource || !known {
		return unknownUser()
	}
	if claims.Revocations != u.Revocations {
		return unauthorized("The token has been revoked.")
	}
	return nil
}

func unknownUser() *communicationError {
	return unauthorized("The token's user is not an identity of this resource.")
}

// verifyToken checks a token's signature and expiry, and returns its claims. It does not decode the claims before the signature
// is verified.
func (em *Emulator) verifyToken(token string) (claims, *communicationError) {
	malformed := unauthorized("The token is malformed: it is not a user access token.")
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return claims{}, malformed
	}
	var header struct {
		Algorithm string `json:"alg"`
	}
	if !decodePart(parts[0], &header) {
		return claims{}, malformed
	}
	if header.Algorithm != "HS256" {
		return claims{}, unauthorized("The token's algorithm must be HS256.")
	}
	signature, err := base64.RawURLEncoding.Strict().DecodeString(parts[2])
	if err != nil {
		return claims{}, malformed
	}
	if !hmac.Equal(signature, em.mac(parts[0]+"."+parts[1])) {
		return claims{}, unauthorized("The token's signature is wrong: it was not issued by this resource.")
	}
	var payload claims
	if !decodePart(parts[1], &payload) {
		return claims{}, malformed
	}
	if em.clock.now().Unix() >= payload.ExpiresAt {
		return claims{}, unauthorized("The token has expired.")
	}
	return payload, nil
}

// decodePart decodes a part of a JWT from base64 and JSON, and reports whether it was valid.
func decodePart(part string, target any) bool {
	text, err := base64.RawURLEncoding.Strict().DecodeString(part)
	return err == nil && json.Unmarshal(text, target) == nil
}

// mac returns the HMAC-SHA256 of text with the resource's key.
func (em *Emulator) mac(text string) []byte {
	mac := hmac.New(sha256.New, em.key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

// readTokenMinutes reads the optional lifetime of a token, in minutes.
func readTokenMinutes(body object) int {
	return body.integer("expiresInMinutes", minTokenMinutes, maxTokenMinutes, defaultTokenMinutes)
}

// readScopes reads an array of token scopes. If the field is missing, it returns nil.
func readScopes(body object, name string) []string {
	var scopes []string
	for _, item := range body.array(name) {
		scope, _ := item.(string)
		if !slices.Contains(tokenScopes, scope) {
			body.refuse(name, "must contain only these scopes: %s", strings.Join(tokenScopes, ", "))
			return nil
		}
		scopes = append(scopes, scope)
	}
	return scopes
}
