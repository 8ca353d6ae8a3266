package chatcore_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"

	"acschat/chatcore"
)

// TestLocalEndpointHint: the hint of a network failure on this machine mentions that browsers ask the user for permission.
func TestLocalEndpointHint(t *testing.T) {
	for endpoint, isLocal := range map[string]bool{
		"http://localhost:8081": true, "https://localhost": true, "http://127.0.0.1:8081": true, "http://[::1]:8081": true, "http://acs.localhost:8081": true,
		"https://127.0.0.1": true, "https://contoso.communication.azure.com": false, "https://10.0.0.1": false,
	} {
		call := startSending(t, newClient(t, chatcore.Options{Endpoint: endpoint}), getMessage)
		call.NetworkFailed(testStart, call.Step().Number, errors.New("TypeError: Failed to fetch"))
		hint := requireFailed(t, call, chatcore.NetworkError).Hint
		assert.Contains(t, hint, "CORS")
		if isLocal {
			assert.Contains(t, hint, "Local Network Access", endpoint)
		} else {
			assert.NotContains(t, hint, "Local Network Access", endpoint)
		}
	}
	call := startSending(t, newClient(t, chatcore.Options{Endpoint: "http://localhost:8081"}), getMessage)
	respond(call, testStart, 503, "")
	assert.NotContains(t, requireFailed(t, call, chatcore.ServiceUnavailable).Hint, "Local Network Access")
}
