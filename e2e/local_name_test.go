//go:build !js

package e2e

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"acschat/cmd/chatdev/page"
	"acschat/identity"
)

// TestNamesUnderLocalhost checks that the demo page works under names such as jane.localhost, which browsers resolve to this machine.
func TestNamesUnderLocalhost(t *testing.T) {
	site := newSite(t)
	endpoint := strings.Replace(site.endpoint, "127.0.0.1", "acs.localhost", 1)
	require.NotEqual(t, site.endpoint, endpoint)
	acs := strings.TrimPrefix(site.endpoint, "http://")
	// Few operating systems resolve such a name.
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "tcp", acs)
	}}
	defer transport.CloseIdleConnections()
	client, err := identity.New(site.emulator.ConnectionString(endpoint), &http.Client{Transport: transport})
	require.NoError(t, err)
	pages := httptest.NewServer(page.New(web, page.NewUsers(client)))
	defer pages.Close()

	tab := openTab(t, strings.Replace(pages.URL, "127.0.0.1", "app.localhost", 1))
	tab.waitText("#service", "Emulator at acs.localhost:")
	tab.waitText(alexs+" .messages", "shall we meet for lunch?")
	tab.requireQuiet()
}
