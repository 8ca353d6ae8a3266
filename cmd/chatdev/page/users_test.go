//go:build !js

package page

import (
	"fmt"
	"net/http/httptest"
	"testing"

	"acschat/emulator"
	"acschat/identity"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// newUsers returns Users of a new emulator.
func newUsers(t *testing.T) (*Users, *emulator.Emulator) {
	t.Helper()
	em := emulator.New(emulator.Options{})
	acs := httptest.NewServer(em)
	t.Cleanup(acs.Close)
	client, err := identity.New(em.ConnectionString(acs.URL), nil)
	require.NoError(t, err)
	return NewUsers(client), em
}

func TestNumberOfUsersIsLimited(t *testing.T) {
	users, _ := newUsers(t)
	jane, err := users.Grant(t.Context(), "jane")
	require.NoError(t, err)
	for i := len(users.ids); i < maxUsers; i++ {
		users.ids[fmt.Sprintf("user%d", i)] = "8:acs:somebody"
	}

	_, err = users.Grant(t.Context(), "one.more")
	assert.ErrorIs(t, err, errTooManyUsers)
	again, err := users.Grant(t.Context(), "jane")
	require.NoError(t, err, "users who are there still get tokens")
	assert.Equal(t, jane.ID, again.ID)
}

func TestUsersAreCreatedAgainAfterAReset(t *testing.T) {
	users, em := newUsers(t)
	before, err := users.Grant(t.Context(), "jane")
	require.NoError(t, err)

	em.Reset()
	after, err := users.Grant(t.Context(), "Jane")
	require.NoError(t, err)
	assert.NotEqual(t, before.ID, after.ID, "the resource no longer has the first identity")
	again, err := users.Grant(t.Context(), "jane")
	require.NoError(t, err)
	assert.Equal(t, after.ID, again.ID)

	em.Fail(emulator.Rule{Operation: "issueAccessToken", Status: 503})
	_, err = users.Grant(t.Context(), "jane")
	assert.ErrorContains(t, err, "503")
	em.ClearFaults()
	again, err = users.Grant(t.Context(), "jane")
	require.NoError(t, err)
	assert.Equal(t, after.ID, again.ID, "other failures do not create a new user")

	em.Fail(emulator.Rule{Operation: "issueAccessToken", Status: 404})
	_, err = users.Grant(t.Context(), "jane")
	assert.ErrorContains(t, err, "404", "the second 404 is returned")
}
