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
	// ScopeChatJoin allows every chat operation except creating, updating and deleting threads.
	ScopeChatJoin Scope = "chat.join"
	// ScopeChatJoinLimited allows the same as ScopeChatJoin, except adding and removing participants.
	ScopeChatJoinLimited Scope = "chat.join.limited"
)

// Token is a user access token. Whoever has it can act as the user, so package fmt never prints the field Token.
// Marshalling it as JSON does include the field.
type Token struct {
	Token     string    `json:"token"`
	ExpiresOn time.Time `json:"expiresOn"`
}

// String returns the time of expiry, with the token redacted.
func (t Token) String() string {
	return "identity.Token{REDACTED, expires " + t.ExpiresOn.UTC().Format(time.RFC3339) + "}"
}

// GoString returns the same as String. fmt calls it for %#v.
func (t Token) GoString() string { return t.String() }

// Format writes the same as String for every verb. Without it fmt would print the fields for verbs such as %d.
func (t Token) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, t.String()) }

const (
	minLifetime = 60 * time.Minute
	maxLifetime = 1440 * time.Minute
)

// checkTokenOptions checks the arguments of an operation that issues a token. It returns the lifetime in minutes; 0 means
// the service's default.
func checkTokenOptions(operation string, lifetime time.Duration, scopes []Scope) (minutes int, err error) {
	if len(scopes) == 0 {
		return 0, fmt.Errorf("identity: %s: a token needs at least one scope", operation)
	}
	if lifetime != 0 && (lifetime < minLifetime || lifetime > maxLifetime || lifetime%time.Minute != 0) {
		return 0, fmt.Errorf("identity: %s: the lifetime must be 60 to 1440 whole minutes, or 0 for the default, not %v", operation, lifetime)
	}
	return int(lifetime / time.Minute), nil
}
