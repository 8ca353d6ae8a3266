//go:build !js

package loopback_test

import (
	"testing"

	"acschat/cmd/chatdev/loopback"

	"github.com/stretchr/testify/assert"
)

func TestHosts(t *testing.T) {
	tests := []struct {
		host     string
		name, is bool
	}{
		{"localhost", true, true},
		{"LocalHost", true, true},
		{"localhost.", true, true},
		{"app.localhost", true, true},
		{"a.b.LOCALHOST.", true, true},
		{"127.0.0.1", false, true},
		{"127.9.9.9", false, true},
		{"::1", false, true},
		{"", false, false},
		{"localhost..", false, false},
		{"xlocalhost", false, false},
		{"localhost.example", false, false},
		{"127.0.0.1.example", false, false},
		{"192.0.2.7", false, false},
		{"0.0.0.0", false, false},
	}
	for _, test := range tests {
		t.Run(test.host, func(t *testing.T) {
			assert.Equal(t, test.name, loopback.IsName(test.host))
			assert.Equal(t, test.is, loopback.Is(test.host))
		})
	}
}
