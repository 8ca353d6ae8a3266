package emulator

// User is an identity with a user access token.
type User struct {
	ID    string // raw id: "8:acs:<resource GUID>_<GUID>"
	Token string // user access token, for "Authorization: Bearer"
}

// user is the stored state of an identity.
type user struct {
	// Revocations is how often the identity's tokens were revoked. A token contains the number at the time it was issued, and
	// is valid only while the number is the same.
	Revocations int `json:",omitempty"`
}

// NewUser creates an identity and a token for it. The token has the scope chat and is valid for 24 hours. NewUser panics if
// Options.Store returns an error.
func (em *Emulator) NewUser() User {
	id, failure := em.newIdentity()
	if failure != nil {
		panic("emulator: NewUser: " + failure.Message)
	}
	token, _ := em.newToken(id, user{}, []string{"chat"}, defaultTokenMinutes)
	return User{id, token}
}

// NewToken returns another token for an identity, as NewUser does. It returns false if there is no identity with this raw id.
func (em *Emulator) NewToken(userID string) (token string, ok bool) {
	u, known := em.findUser(userID)
	if !known {
		return "", false
	}
	token, _ = em.newToken(userID, u, []string{"chat"}, defaultTokenMinutes)
	return token, true
}

func (em *Emulator) newIdentity() (string, *communicationError) {
	id := em.userIDPrefix() + newUUID().String()
	_, failure := em.write(func() (response, *communicationError) {
		em.setUser(id, &user{})
		return response{}, nil
	})
	return id, failure
}

// setUser creates or changes a user. With nil it deletes the user. em.mu is held.
func (em *Emulator) setUser(id string, updated *user) {
	before, known := em.findUser(id)
	em.putUser(id, updated)
	var saved *record
	if updated != nil {
		saved = &record{User: &userRecord{id, *updated}}
	}
	em.stage("user/"+id, saved, func() {
		if known {
			em.putUser(id, &before)
		} else {
			em.putUser(id, nil)
		}
	})
}

func (em *Emulator) putUser(id string, updated *user) {
	em.admissionMu.Lock()
	defer em.admissionMu.Unlock()
	if updated == nil {
		delete(em.users, id)
	} else {
		em.users[id] = *updated
	}
}

func (em *Emulator) findUser(id string) (u user, known bool) {
	em.admissionMu.Lock()
	defer em.admissionMu.Unlock()
	u, known = em.users[id]
	return u, known
}

func (em *Emulator) isUser(id string) bool {
	_, known := em.findUser(id)
	return known
}

// userIDPrefix returns the prefix of the raw ids of this resource's users. No other raw id has it.
func (em *Emulator) userIDPrefix() string { return "8:acs:" + em.resource + "_" }

type accessToken struct {
	Token     string `json:"token"`
	ExpiresOn string `json:"expiresOn"`
}

type accessTokenResult struct {
	Identity    communicationUserIdentifier `json:"identity"`
	AccessToken *accessToken                `json:"accessToken,omitempty"`
}

// createIdentity is the REST operation Communication Identity - Create. If the request has scopes, it also issues a token.
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
	return response{status: statusCreated, body: result}, nil
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
	return response{status: statusOK, body: em.newAccessToken(id, u, scopes, minutes)}, nil
}

func unknownIdentity() *communicationError { return notFound("There is no identity with this id.") }

// newAccessToken issues a token. It formats expiresOn as the identity service does, unlike the chat service: with up to seven
// decimals, without trailing zeros.
func (em *Emulator) newAccessToken(id string, u user, scopes []string, minutes int) accessToken {
	token, expiresOn := em.newToken(id, u, scopes, minutes)
	return accessToken{token, expiresOn.Format("2006-01-02T15:04:05.9999999-07:00")}
}

// revokeAccessTokens is the REST operation Communication Identity - Revoke Access Tokens. It takes effect at once, while the
// service may take minutes.
func (em *Emulator) revokeAccessTokens(c *call) (response, *communicationError) {
	return em.changeIdentity(c, func(u user) *user { return &user{u.Revocations + 1} })
}

// deleteIdentity is the REST operation Communication Identity - Delete. The user's threads and messages do not change.
func (em *Emulator) deleteIdentity(c *call) (response, *communicationError) {
	return em.changeIdentity(c, func(user) *user { return nil })
}

// changeIdentity replaces the user of a call with the result of change; nil deletes the user.
func (em *Emulator) changeIdentity(c *call, change func(user) *user) (response, *communicationError) {
	id := c.parameters["id"]
	return em.write(func() (response, *communicationError) {
		u, known := em.findUser(id)
		if !known {
			return response{}, unknownIdentity()
		}
		em.setUser(id, change(u))
		return response{status: statusNoContent}, nil
	})
}
