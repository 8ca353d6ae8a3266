//go:build !js

package main

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// newTrustingClient returns a client that trusts only the certificates in a file.
func newTrustingClient(t *testing.T, file string) *http.Client {
	t.Helper()
	content, err := os.ReadFile(file)
	require.NoError(t, err)
	pool := x509.NewCertPool()
	require.True(t, pool.AppendCertsFromPEM(content))
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
	t.Cleanup(client.CloseIdleConnections)
	return client
}

// readyStatus returns the status of GET /emulator/ready.
func readyStatus(client *http.Client, endpoint string) (int, error) {
	response, err := client.Get(endpoint + "/emulator/ready")
	if err != nil {
		return 0, err
	}
	return response.StatusCode, response.Body.Close()
}

func TestTLS(t *testing.T) {
	cache := t.TempDir()
	setCache(t, cache)
	p := start(t, "", "-page", "localhost:0", "-acs", "localhost:0", "-tls", "-users", "jane", "-json")
	ready := p.ready(t)
	assert.Regexp(t, `^http://localhost:[1-9]\d*$`, ready.Page, "-tls does not change the page")
	assert.Regexp(t, `^https://localhost:[1-9]\d*$`, ready.Endpoint)
	assert.True(t, strings.HasPrefix(ready.ConnectionString, "endpoint="+ready.Endpoint+"/;"))
	assert.True(t, strings.HasPrefix(ready.Certificate, cache+string(filepath.Separator)))

	client := newTrustingClient(t, ready.Certificate)
	for _, endpoint := range []string{ready.Endpoint, strings.Replace(ready.Endpoint, "localhost", "127.0.0.1", 1)} {
		status, err := readyStatus(client, endpoint)
		require.NoError(t, err)
		assert.Equal(t, http.StatusOK, status)
	}
	_, err := readyStatus(http.DefaultClient, ready.Endpoint)
	var unknown x509.UnknownAuthorityError
	assert.ErrorAs(t, err, &unknown, "other clients do not trust the CA")
	answer := postToken(t, ready.Page, "jane")
	assert.Equal(t, ready.Endpoint, answer.Endpoint)
	assert.Equal(t, ready.Users["jane"].ID, answer.ID)
	p.interrupt(t)

	p = start(t, "", "-page", "", "-acs", "localhost:0", "-tls")
	text := p.text(t)
	assert.Contains(t, text, "\n"+ready.Certificate+"\n", "the path is on a line of its own")
	_, endpoint, _ := strings.Cut(text, "Endpoint  ")
	endpoint, _, _ = strings.Cut(endpoint, "\n")
	status, err := readyStatus(client, endpoint)
	require.NoError(t, err, "the CA stays the same in the next run")
	assert.Equal(t, http.StatusOK, status)
	p.interrupt(t)
}
