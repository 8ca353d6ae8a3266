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

// user is what the resource knows of an identity.
type user struct {
	Revocations int `json:",omitempty"` // how often its tokens were revoked: those that were made before tell another number
}

// NewUser makes an identity and a token for it that has the scope chat and lasts 24 hours. It panics if there is a Store
// that fails.
func (em *Emulator) NewUser() User {
	id, failure := em.newIdentity()
	if failure != nil {
		panic("emulator: NewUser: " + failure.Message)
	}
	token, _ := em.newToken(id, user{}, []string{"chat"}, defaultTokenMinutes)
	return User{id, token}
}

func (em *Emulator) newIdentity() (string, *communicationError) {
	id := em.userIDPrefix() + uuid.NewString()
	_, failure := em.write(func() (response, *communicationError) {
		em.setUser(id, &user{})
		return response{}, nil
	})
	return id, failure
}

// setUser makes, changes or, with nil, deletes a user. em.mu is held.
func (em *Emulator) setUser(id string, to *user) {
	before, known := em.findUser(id)
	em.putUser(id, to)
	var kept *record
	if to != nil {
		kept = &record{User: &userRecord{id, *to}}
	}
	em.keep("user/"+id, kept, func() {
		if known {
			em.putUser(id, &before)
		} else {
			em.putUser(id, nil)
		}
	})
}

func (em *Emulator) putUser(id string, to *user) {
	em.gate.Lock()
	defer em.gate.Unlock()
	if to == nil {
		delete(em.users, id)
	} else {
		em.users[id] = *to
	}
}

func (em *Emulator) findUser(id string) (u user, known bool) {
	em.gate.Lock()
	defer em.gate.Unlock()
	u, known = em.users[id]
	return u, known
}

func (em *Emulator) isUser(id string) bool {
	_, known := em.findUser(id)
	return known
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
	id, failure := em.newIdentity()
	if failure != nil {
		return response{}, failure
	}
	result := accessTokenResult{Identity: communicationUserIdentifier{id}}
	if len(scopes) > 0 {
		token := em.newAccessToken(id, user{}, scopes, minutes)
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
	u, known := em.findUser(id)
	if !known {
		return response{}, unknownIdentity()
	}
	return response{status: http.StatusOK, body: em.newAccessToken(id, u, scopes, minutes)}, nil
}

func unknownIdentity() *communicationError { return notFound("There is no identity with this id.") }

// newAccessToken writes expiresOn in the identity service's form, which is not the chat service's: up to seven digits of
// a second, without zeros at their end.
func (em *Emulator) newAccessToken(id string, u user, scopes []string, minutes int) accessToken {
	token, expiresOn := em.newToken(id, u, scopes, minutes)
	return accessToken{token, expiresOn.Format("2006-01-02T15:04:05.9999999-07:00")}
}

// revokeAccessTokens is the REST operation Communication Identity - Revoke Access Tokens. It works at once, where the
// service may take minutes.
func (em *Emulator) revokeAccessTokens(c *call) (response, *communicationError) {
	return em.changeIdentity(c, func(u user) *user { return &user{u.Revocations + 1} })
}

// deleteIdentity is the REST operation Communication Identity - Delete. Threads and messages stay as they are.
func (em *Emulator) deleteIdentity(c *call) (response, *communicationError) {
	return em.changeIdentity(c, func(user) *user { return nil })
}

func (em *Emulator) changeIdentity(c *call, change func(user) *user) (response, *communicationError) {
	id := c.parameters["id"]
	return em.write(func() (response, *communicationError) {
		u, known := em.findUser(id)
		if !known {
			return response{}, unknownIdentity()
		}
		em.setUser(id, change(u))
		return response{status: http.StatusNoContent}, nil
	})
}
