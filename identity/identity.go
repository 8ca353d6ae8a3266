// Package identity creates users of an Azure Communication Services resource and issues tokens for them. It needs the
// resource's connection string, which contains the access key. So use it in a back end, a test or a development server,
// never in a page or an app.
package identity

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	apiVersion = "2023-10-01"

	// defaultTimeout limits a request if New got no http.Client.
	defaultTimeout = 30 * time.Second

	// maxResponseBytes is far more than any response of the service has.
	maxResponseBytes = 64 << 10
)

// Client calls the Identity operations of one resource. Create it with [New]. It is safe for concurrent use. Printing it
// never shows the access key.
type Client struct {
	endpoint string // scheme and host, no trailing slash
	http     *http.Client
	// sign holds the access key in its closure. In a field, %+v would print the key.
	sign func(*http.Request, []byte)
}

// New returns a client for the resource that connectionString names. Its form is "endpoint=https://…/;accesskey=…", as in
// the Azure portal. The parts may be in any order, their names in any case, and the whole in quotation marks. The endpoint
// must use https, or http on loopback (an emulator).
//
// httpClient sends the requests; nil means a client with a timeout of 30 seconds. Redirects are not followed.
//
// An error says which part of connectionString is wrong. It does not quote the part, because a misplaced separator can
// move the key into any part.
func New(connectionString string, httpClient *http.Client) (*Client, error) {
	endpoint, key, err := parseConnectionString(connectionString)
	if err != nil {
		return nil, err
	}
	withoutRedirects := http.Client{Timeout: defaultTimeout}
	if httpClient != nil {
		withoutRedirects = *httpClient
	}
	// A signature is valid for one host and path, so a redirected request would be refused.
	withoutRedirects.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Client{endpoint, &withoutRedirects, newSigner(key)}, nil
}

// Endpoint returns the resource's URL without a trailing slash, such as "https://contoso.communication.azure.com".
func (c *Client) Endpoint() string { return c.endpoint }

// CreateUser creates a user and returns its raw id ("8:acs:…"). If the service refuses, the error is an [*Error].
//
// REST: Communication Identity - Create, without a token.
// https://learn.microsoft.com/rest/api/communication/identity/communication-identity/create
func (c *Client) CreateUser(ctx context.Context) (id string, err error) {
	created, err := c.create(ctx, "CreateUser", nil)
	return created.Identity.ID, err
}

// CreateUserAndToken creates a user and issues a token for it in one request. [Client.IssueToken] describes lifetime,
// scopes and errors.
//
// REST: Communication Identity - Create.
// https://learn.microsoft.com/rest/api/communication/identity/communication-identity/create
func (c *Client) CreateUserAndToken(ctx context.Context, lifetime time.Duration, scopes ...Scope) (id string, t Token, err error) {
	const operation = "CreateUserAndToken"
	minutes, err := checkTokenOptions(operation, lifetime, scopes)
	if err != nil {
		return "", Token{}, err
	}
	created, err := c.create(ctx, operation, createRequest{scopes, minutes})
	if err != nil {
		return "", Token{}, err
	}
	if created.AccessToken.Token == "" {
		return "", Token{}, fmt.Errorf("identity: %s: the response has no token", operation)
	}
	return created.Identity.ID, created.AccessToken, nil
}

// IssueToken issues a token for a user. The token is valid for lifetime, which is 60 to 1440 whole minutes, or 0 for the
// service's default of 24 hours. At least one scope is required. Invalid arguments are an error, and nothing is sent. If
// the service refuses, the error is an [*Error].
//
// REST: Communication Identity - Issue Access Token.
// https://learn.microsoft.com/rest/api/communication/identity/communication-identity/issue-access-token
func (c *Client) IssueToken(ctx context.Context, userID string, lifetime time.Duration, scopes ...Scope) (Token, error) {
	const operation = "IssueToken"
	if userID == "" {
		return Token{}, fmt.Errorf("identity: %s: the user id is empty", operation)
	}
	minutes, err := checkTokenOptions(operation, lifetime, scopes)
	if err != nil {
		return Token{}, err
	}
	var token Token
	escaped := strings.ReplaceAll(url.PathEscape(userID), ":", "%3A") // PathEscape keeps colons, but the official SDKs encode them
	path := "/identities/" + escaped + "/:issueAccessToken"
	if err := c.post(ctx, operation, path, issueRequest{scopes, minutes}, &token); err != nil {
		return Token{}, err
	}
	if token.Token == "" {
		return Token{}, fmt.Errorf("identity: %s: the response has no token", operation)
	}
	return token, nil
}

type createRequest struct {
	Scopes  []Scope `json:"createTokenWithScopes"`
	Minutes int     `json:"expiresInMinutes,omitempty"`
}

type issueRequest struct {
	Scopes  []Scope `json:"scopes"`
	Minutes int     `json:"expiresInMinutes,omitempty"`
}

type createResult struct {
	Identity struct {
		ID string `json:"id"`
	} `json:"identity"`
	AccessToken Token `json:"accessToken"`
}

func (c *Client) create(ctx context.Context, operation string, request any) (createResult, error) {
	var created createResult
	if err := c.post(ctx, operation, "/identities", request, &created); err != nil {
		return createResult{}, err
	}
	if created.Identity.ID == "" {
		return createResult{}, fmt.Errorf("identity: %s: the response has no identity", operation)
	}
	return created, nil
}

// post sends a signed request and decodes the response into result. If request is nil, the request has no body.
func (c *Client) post(ctx context.Context, operation, path string, request, result any) error {
	var body []byte
	if request != nil {
		body, _ = json.Marshal(request) // cannot fail: strings and integers
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.endpoint+path+"?api-version="+apiVersion, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("identity: %s: %w", operation, err)
	}
	r.Header.Set("Accept", "application/json")
	if len(body) > 0 {
		r.Header.Set("Content-Type", "application/json")
	}
	c.sign(r, body)

	response, err := c.http.Do(r)
	if err != nil {
		return fmt.Errorf("identity: %s: %w", operation, err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, maxResponseBytes))
	// The status is checked before the body: the body of a failure may be empty, cut off, or from a proxy.
	if response.StatusCode < 200 || response.StatusCode > 299 {
		return newError(operation, response.StatusCode, text)
	}
	if err != nil {
		return fmt.Errorf("identity: %s: reading the response: %w", operation, err)
	}
	if json.Unmarshal(text, result) != nil { // the error is not wrapped, because it could quote the token
		return fmt.Errorf("identity: %s: the response is not the documented JSON", operation)
	}
	return nil
}
