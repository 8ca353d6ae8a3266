//go:build !js

package page

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"

	"acschat/identity"
)

// maxUsers limits how many users a runaway script can create. On a real resource
// identities stay until somebody deletes them.
const maxUsers = 1000

var errTooManyUsers = fmt.Errorf("there are %d users already: use one of their names, or restart the server", maxUsers)

var namePattern = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,64}$`)

// CheckName returns an error if name cannot be the name of a user.
func CheckName(name string) error {
	if !namePattern.MatchString(name) {
		return errors.New("a user's name must have 1 to 64 characters: letters (a to z), digits, dots, hyphens or underscores")
	}
	return nil
}

// Users maps names to identities of a resource. Names are case-insensitive. A name
// keeps its identity until the resource no longer has it, for example because an
// emulator was reset. Users is safe for concurrent use.
type Users struct {
	client *identity.Client

	mu  sync.Mutex
	ids map[string]string // by lower-case name
}

// NewUsers returns an empty Users. Users are created with client when their names
// are first used.
func NewUsers(client *identity.Client) *Users {
	return &Users{client: client, ids: make(map[string]string)}
}

// Grant is what a page needs to chat as a user.
type Grant struct {
	Endpoint  string    `json:"endpoint"`
	ID        string    `json:"id"`
	Token     string    `json:"token"`
	ExpiresOn time.Time `json:"expiresOn"`
}

// Grant issues a new token for the user of that name. It creates the user if the
// name is new or the resource no longer has the user.
func (u *Users) Grant(ctx context.Context, name string) (Grant, error) {
	if err := CheckName(name); err != nil {
		return Grant{}, err
	}
	name = strings.ToLower(name)
	id, token, err := u.issue(ctx, name)
	var failure *identity.Error
	if errors.As(err, &failure) && failure.Status == http.StatusNotFound {
		u.forget(name, id)
		id, token, err = u.issue(ctx, name)
	}
	if err != nil {
		return Grant{}, err
	}
	return Grant{Endpoint: u.client.Endpoint(), ID: id, Token: token.Token, ExpiresOn: token.ExpiresOn}, nil
}

func (u *Users) issue(ctx context.Context, name string) (id string, token identity.Token, err error) {
	if id, err = u.id(ctx, name); err != nil {
		return "", identity.Token{}, err
	}
	token, err = u.client.IssueToken(ctx, id, 0, identity.ScopeChat)
	return id, token, err
}

// forget removes an identity that the resource no longer has, unless the name
// already has another.
func (u *Users) forget(name, id string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.ids[name] == id {
		delete(u.ids, name)
	}
}

// id returns the identity of a name, and creates it if the name is new. It holds
// the lock meanwhile, so that two concurrent requests for a name create one user.
// For a development server that wait is acceptable.
func (u *Users) id(ctx context.Context, name string) (string, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if id, ok := u.ids[name]; ok {
		return id, nil
	}
	if len(u.ids) >= maxUsers {
		return "", errTooManyUsers
	}
	id, err := u.client.CreateUser(ctx)
	if err != nil {
		return "", err
	}
	u.ids[name] = id
	return id, nil
}
