package emulator

import (
	"net/http"

	"github.com/google/uuid"
)

// User is an identity with a user access token.
type User struct {
	ID    string // raw id: "8:acs:<resource GUID>_<GUID>"
	Token string // for "Authorization: Bearer"
}

// NewUser makes an identity and a token for it that has the scope chat and lasts 24 hours.
func (em *Emulator) NewUser() User {
	id := em.newIdentity()
	token, _ := em.newToken(id, []string{"chat"}, defaultTokenMinutes)
	return User{id, token}
}

func (em *Emulator) newIdentity() string {
	id := em.userIDPrefix() + uuid.NewString()
	em.mu.Lock()
	defer em.mu.Unlock()
	em.users[id] = true
	return id
}

// userIDPrefix begins the raw ids of this resource's users and of no others.
func (em *Emulator) userIDPrefix() string { return "8:acs:" + em.resource + "_" }

type accessToken struct {
	Token     string `json:"token"`
	ExpiresOn string `json:"expiresOn"`
}

type accessTokenResult struct {
	Identity    communicationUserIdentifier `json:"identity"`
	AccessToken *accessToken                `json:"accessToken,omitempty"`
}

// createIdentity is the REST operation Communication Identity - Create. A token comes with the identity if scopes for
// it are given.
func (em *Emulator) createIdentity(c *call) (response, *communicationError) {
	var scopes []string
	minutes := defaultTokenMinutes
	if len(c.body) > 0 {
		body := c.readBody()
		scopes = readScopes(body, "createTokenWithScopes")
		minutes = readTokenMinutes(body)
		if failure := body.problem(); failure != nil {
			return response{}, failure
		}
	}
	id := em.newIdentity()
	result := accessTokenResult{Identity: communicationUserIdentifier{id}}
	if len(scopes) > 0 {
		token := em.newAccessToken(id, scopes, minutes)
		result.AccessToken = &token
	}
	return response{status: http.StatusCreated, body: result}, nil
}

// issueAccessToken is the REST operation Communication Identity - Issue Access Token.
func (em *Emulator) issueAccessToken(c *call) (response, *communicationError) {
	body := c.readBody()
	body.require("scopes")
	scopes := readScopes(body, "scopes")
	if len(scopes) == 0 {
		body.refuse("scopes", "must not be empty")
	}
	minutes := readTokenMinutes(body)
	if failure := body.problem(); failure != nil {
		return response{}, failure
	}
	id := c.parameters["id"]
	if !em.isUser(id) {
		return response{}, notFound("There is no identity with this id.")
	}
	return response{status: http.StatusOK, body: em.newAccessToken(id, scopes, minutes)}, nil
}

func (em *Emulator) isUser(id string) bool {
	em.mu.Lock()
	defer em.mu.Unlock()
	return em.users[id]
}

// newAccessToken writes expiresOn in the identity service's form, which is not the chat service's.
func (em *Emulator) newAccessToken(id string, scopes []string, minutes int) accessToken {
	token, expiresOn := em.newToken(id, scopes, minutes)
	return accessToken{token, expiresOn.Format("2006-01-02T15:04:05.0000000-07:00")}
}
