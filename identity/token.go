package identity

import (
	"fmt"
	"io"
	"time"
)

// Scope is what a token allows its user to do.
type Scope string

// The scopes of chat.
const (
	// ScopeChat allows every chat operation.
	ScopeChat Scope = "chat"
	// ScopeChatJoin does not allow to create, update or delete threads.
	ScopeChatJoin Scope = "chat.join"
	// ScopeChatJoinLimited in addition does not allow to add or remove participants.
	ScopeChatJoinLimited Scope = "chat.join.limited"
)

// Token is a user access token. It is a secret of its user: printing a Token in any form leaves it out.
type Token struct {
	Token     string    `json:"token"`
	ExpiresOn time.Time `json:"expiresOn"`
}

// String tells when the token expires, and not the token.
func (t Token) String() string {
	return "identity.Token{REDACTED, expires " + t.ExpiresOn.UTC().Format(time.RFC3339) + "}"
}

// GoString is String, for %#v.
func (t Token) GoString() string { return t.String() }

// Format is String for every verb: fmt asks String for some verbs only and prints fields for the others.
func (t Token) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, t.String()) }

const (
	minLifetime = 60 * time.Minute
	maxLifetime = 1440 * time.Minute
)

// checkToken gives a lifetime in minutes, 0 for the service's default.
func checkToken(operation string, lifetime time.Duration, scopes []Scope) (minutes int, err error) {
	if len(scopes) == 0 {
		return 0, fmt.Errorf("identity: %s: a token needs at least one scope", operation)
	}
	if lifetime != 0 && (lifetime < minLifetime || lifetime > maxLifetime || lifetime%time.Minute != 0) {
		return 0, fmt.Errorf("identity: %s: the lifetime must be 60 to 1440 whole minutes, or 0 for the default, not %v", operation, lifetime)
	}
	return int(lifetime / time.Minute), nil
}
