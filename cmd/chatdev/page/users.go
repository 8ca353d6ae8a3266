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

// maxUsers bounds what a runaway script can make: on a real resource every
// identity stays until somebody deletes it.
const maxUsers = 1000

var errTooManyUsers = fmt.Errorf("there are %d users already: use one of their names, or restart the server", maxUsers)

var namePattern = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,64}$`)

// CheckName says whether name may stand for a user.
func CheckName(name string) error {
	if !namePattern.MatchString(name) {
		return errors.New("a user's name has 1 to 64 letters (a to z), digits, dots, hyphens or underscores")
	}
	return nil
}

// Users gives names to identities of a resource. A name, in capitals or not,
// means the same identity for as long as the Users live and the resource has
// it: an emulator forgets all when it is reset. It is safe for concurrent use.
type Users struct {
	client *identity.Client

	mu  sync.Mutex
	ids map[string]string // by lower-case name
}

// NewUsers returns no users yet; client makes them when they are asked for.
func NewUsers(client *identity.Client) *Users {
	return &Users{client: client, ids: make(map[string]string)}
}

// A Grant is what a page needs to chat as a user.
type Grant struct {
	Endpoint  string    `json:"endpoint"`
	ID        string    `json:"id"`
	Token     string    `json:"token"`
	ExpiresOn time.Time `json:"expiresOn"`
}

// Grant issues a fresh token to the user of that name, who is made at first
// use.
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

// forget drops an identity that the resource no longer has, unless the name
// already means another.
func (u *Users) forget(name, id string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.ids[name] == id {
		delete(u.ids, name)
	}
}

// id returns the identity behind a name. The lock is held while one is made,
// so that a name asked for twice at once is still one user; a development
// server can wait that long.
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
