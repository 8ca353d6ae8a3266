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

// The scopes of user access tokens, and what each kind of chat operation asks for. A token of VoIP scopes alone is
// good for no chat operation.
var (
	tokenScopes = []string{"chat", "chat.join", "chat.join.limited", "voip", "voip.join"}

	mayManageThreads      = []string{"chat"}
	mayManageParticipants = []string{"chat", "chat.join"}
	mayTakePart           = []string{"chat", "chat.join", "chat.join.limited"}
)

const (
	minTokenMinutes     = 60
	maxTokenMinutes     = 1440
	defaultTokenMinutes = 1440
)

// jwtHeader is the same for all tokens, encoded.
var jwtHeader = base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256","typ":"JWT"}`))

// claims are the JWT claims of a user access token, named as in the service's tokens.
type claims struct {
	SkypeID    string `json:"skypeid"`  // the user's raw id without its "8:"
	Scopes     string `json:"acsScope"` // separated by commas
	ResourceID string `json:"resourceId"`
	CSI        string `json:"csi"` // iat as a string
	IssuedAt   int64  `json:"iat"` // seconds since 1970, as is exp
	ExpiresAt  int64  `json:"exp"`
	// Revocations is the emulator's own: how often the user's tokens had been revoked, which seconds cannot tell.
	Revocations int `json:"revocations,omitempty"`
}

// newToken makes a token. Its claims tell when it expires in whole seconds, which expiresOn does not.
func (em *Emulator) newToken(userID string, u user, scopes []string, minutes int) (token string, expiresOn time.Time) {
	issued := em.clock.now().UTC()
	expiresOn = issued.Add(time.Duration(minutes) * time.Minute)
	payload, _ := json.Marshal(claims{ // cannot fail: strings and integers
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

// authenticateUser checks the Authorization of chat operations: "Bearer" and a user access token of this resource.
func (em *Emulator) authenticateUser(c *call) *communicationError {
	authorization := c.request.Header.Get("Authorization")
	if authorization == "" {
		return unauthorized("The Authorization header is missing.")
	}
	scheme, token, _ := strings.Cut(authorization, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return unauthorized("Authorization must be Bearer and a user access token.")
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

// verifyToken reads nothing of a token but its algorithm before the signature has proved right.
func (em *Emulator) verifyToken(token string) (claims, *communicationError) {
	malformed := unauthorized("The token is malformed: it is no user access token.")
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

func decodePart(part string, into any) bool {
	text, err := base64.RawURLEncoding.Strict().DecodeString(part)
	return err == nil && json.Unmarshal(text, into) == nil
}

// mac is the HMAC-SHA256 of text under the resource's key.
func (em *Emulator) mac(text string) []byte {
	mac := hmac.New(sha256.New, em.key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

// readTokenMinutes reads the lifetime that a request may ask for.
func readTokenMinutes(body object) int {
	return body.integer("expiresInMinutes", minTokenMinutes, maxTokenMinutes, defaultTokenMinutes)
}

// readScopes reads an array of token scopes. Nil if the field is missing.
func readScopes(body object, name string) []string {
	var scopes []string
	for _, item := range body.array(name) {
		scope, _ := item.(string)
		if !slices.Contains(tokenScopes, scope) {
			body.refuse(name, "must hold scopes only: %s", strings.Join(tokenScopes, ", "))
			return nil
		}
		scopes = append(scopes, scope)
	}
	return scopes
}
