// Package identity makes users of an Azure Communication Services resource and tokens for them. It needs the resource's
// connection string, and with it the access key: it belongs in a back end, a test or a development server, never in a
// page or an app.
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

	// defaultTimeout limits a request when the caller brings no http.Client.
	defaultTimeout = 30 * time.Second

	// maxResponseBytes is far above anything the service answers.
	maxResponseBytes = 64 << 10
)

// Client calls the Identity operations of one resource. Make it with [New]. It may be used from any number of
// goroutines. Printing it in any form does not show the access key.
type Client struct {
	endpoint string // scheme and host, no trailing slash
	http     *http.Client
	// sign closes over the access key. The key stands in no field, where %+v or a dump would find it.
	sign func(*http.Request, []byte)
}

// New makes a client of the resource that connectionString names: "endpoint=https://…/;accesskey=…", as in the Azure
// portal. The names of its parts may be in any case and order, and the whole may be in quotation marks. The endpoint must be
// https, or http on loopback (an emulator). httpClient does the requests, without following redirects; nil means one with a
// time limit of 30 seconds.
//
// Errors say which part is wrong without quoting it, since a misplaced separator can put the key anywhere.
func New(connectionString string, httpClient *http.Client) (*Client, error) {
	endpoint, key, err := parseConnectionString(connectionString)
	if err != nil {
		return nil, err
	}
	own := http.Client{Timeout: defaultTimeout}
	if httpClient != nil {
		own = *httpClient
	}
	// A signature holds for one host and path: following a redirect with it cannot succeed.
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Client{endpoint, &own, newSigner(key)}, nil
}

// Endpoint is the resource's address, without a trailing slash: "https://contoso.communication.azure.com".
func (c *Client) Endpoint() string { return c.endpoint }

// CreateUser makes a user and gives its id ("8:acs:…"). The error is an [*Error] if the service refused.
//
// REST: Communication Identity - Create, without a token.
// https://learn.microsoft.com/rest/api/communication/identity/communication-identity/create
func (c *Client) CreateUser(ctx context.Context) (id string, err error) {
	created, err := c.create(ctx, "CreateUser", nil)
	return created.Identity.ID, err
}

// CreateUserAndToken makes a user and a token for it in one request. For lifetime and scopes see [Client.IssueToken].
//
// REST: Communication Identity - Create.
// https://learn.microsoft.com/rest/api/communication/identity/communication-identity/create
func (c *Client) CreateUserAndToken(ctx context.Context, lifetime time.Duration, scopes ...Scope) (id string, t Token, err error) {
	const operation = "CreateUserAndToken"
	minutes, err := checkToken(operation, lifetime, scopes)
	if err != nil {
		return "", Token{}, err
	}
	created, err := c.create(ctx, operation, createRequest{scopes, minutes})
	if err != nil {
		return "", Token{}, err
	}
	if created.AccessToken.Token == "" {
		return "", Token{}, fmt.Errorf("identity: %s: the answer holds no token", operation)
	}
	return created.Identity.ID, created.AccessToken, nil
}

// IssueToken makes another token for a user. The token lives for lifetime, which is 60 to 1440 whole minutes, or 0 for the
// service's default of 24 hours. At least one scope is needed. Arguments outside of that are an error before anything is
// sent; the error is an [*Error] if the service refused.
//
// REST: Communication Identity - Issue Access Token.
// https://learn.microsoft.com/rest/api/communication/identity/communication-identity/issue-access-token
func (c *Client) IssueToken(ctx context.Context, userID string, lifetime time.Duration, scopes ...Scope) (Token, error) {
	const operation = "IssueToken"
	if userID == "" {
		return Token{}, fmt.Errorf("identity: %s: the user id is empty", operation)
	}
	minutes, err := checkToken(operation, lifetime, scopes)
	if err != nil {
		return Token{}, err
	}
	var token Token
	escaped := strings.ReplaceAll(url.PathEscape(userID), ":", "%3A") // colons are encoded too, as in the official SDKs
	path := "/identities/" + escaped + "/:issueAccessToken"
	if err := c.post(ctx, operation, path, issueRequest{scopes, minutes}, &token); err != nil {
		return Token{}, err
	}
	if token.Token == "" {
		return Token{}, fmt.Errorf("identity: %s: the answer holds no token", operation)
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
		return createResult{}, fmt.Errorf("identity: %s: the answer holds no identity", operation)
	}
	return created, nil
}

// post sends a signed request and decodes the answer into result. A nil request is sent as no body.
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
	// The status is judged before the body: that of a failure may be empty, cut off, or from a proxy.
	if response.StatusCode < 200 || response.StatusCode > 299 {
		return newError(operation, response.StatusCode, text)
	}
	if err != nil {
		return fmt.Errorf("identity: %s: reading the answer: %w", operation, err)
	}
	if json.Unmarshal(text, result) != nil { // its error could quote the token
		return fmt.Errorf("identity: %s: the answer is not the documented JSON", operation)
	}
	return nil
}
