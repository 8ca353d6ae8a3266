//go:build !js

package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var loopbackAddresses = []string{"127.0.0.1", "::1"}

// listenOn listens on a port of an IP address. It skips the test if the machine does not have the address.
func listenOn(t *testing.T, ip, port string) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", net.JoinHostPort(ip, port))
	if err != nil {
		t.Skipf("this machine has no %s: %v", ip, err)
	}
	t.Cleanup(func() { listener.Close() })
	return listener
}

// A browser may connect to either address of localhost, so chatdev must listen on both.
func TestLocalhostIsBothLoopbackAddresses(t *testing.T) {
	for _, ip := range loopbackAddresses {
		listenOn(t, ip, "0").Close()
	}
	p := start(t, "", "-page", "localhost:0", "-acs", "localhost:0", "-json")
	ready := p.ready(t)
	for flagName, url := range map[string]string{"-page": ready.Page + "/", "-acs": ready.Endpoint + "/emulator/ready"} {
		for _, ip := range loopbackAddresses {
			r, err := http.NewRequest(http.MethodGet, url, nil)
			require.NoError(t, err)
			r.URL.Host = net.JoinHostPort(ip, r.URL.Port())
			response, err := http.DefaultClient.Do(r)
			if assert.NoError(t, err, "%s at %s", flagName, ip) {
				response.Body.Close()
				assert.Equal(t, http.StatusOK, response.StatusCode)
			}
		}
	}
}

// If another program had the port on one of the addresses, browsers that open localhost could reach that program.
func TestStartFailsIfThePortIsTakenOnOneAddress(t *testing.T) {
	for _, ip := range loopbackAddresses {
		for _, host := range []string{"localhost", ""} {
			for _, flagName := range []string{"-page", "-acs"} {
				t.Run(fmt.Sprintf("%s %s: with %s taken", flagName, host, ip), func(t *testing.T) {
					other := listenOn(t, ip, "0")
					port, err := portOf(other)
					require.NoError(t, err)
					taken := net.JoinHostPort(host, port)
					args := map[string]string{"-page": "localhost:0", "-acs": "localhost:0", flagName: taken}
					p := start(t, "", "-page", args["-page"], "-acs", args["-acs"], "-json")
					_, err = p.stdout.ReadByte()
					require.ErrorIs(t, err, io.EOF, "chatdev must not start")
					_ = p.Wait() // the exit code is checked below
					assert.Equal(t, 1, p.ProcessState.ExitCode())
					assert.Contains(t, p.stderr.String(), other.Addr().String())
					assert.Contains(t, p.stderr.String(), "choose another address with "+flagName)
				})
			}
		}
	}
}

// A host name can have addresses of other machines among its own.
func TestAddressesOfOtherMachinesAreSkipped(t *testing.T) {
	listeners, err := listenOnAll([]string{"192.0.2.7", "127.0.0.1"}, "0")
	require.NoError(t, err)
	defer closeAll(listeners)
	require.Len(t, listeners, 1)
	assert.Contains(t, listeners[0].Addr().String(), "127.0.0.1:")

	_, err = listenOnAll([]string{"192.0.2.7"}, "0")
	assert.ErrorContains(t, err, "192.0.2.7")
}
