package identity_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"
	"time"

	"acschat/emulator"
	"acschat/identity"
)

// A back end makes a user once, keeps the id with its own account of the user, and makes a token whenever a page needs one.
func Example() {
	// An emulator stands in for a Communication Services resource, whose connection string the Azure portal shows.
	em := emulator.New(emulator.Options{})
	server := httptest.NewServer(em)
	defer server.Close()

	client, err := identity.New(em.ConnectionString(server.URL), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	user, err := client.CreateUser(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	token, err := client.IssueToken(ctx, user, time.Hour, identity.ScopeChatJoin)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("a user:", strings.HasPrefix(user, "8:acs:"))
	fmt.Println("valid for an hour:", time.Until(token.ExpiresOn).Round(time.Minute))
	fmt.Println("printed without the secret:", strings.HasPrefix(token.String(), "identity.Token{REDACTED"))
	// Output:
	// a user: true
	// valid for an hour: 1h0m0s
	// printed without the secret: true
}
