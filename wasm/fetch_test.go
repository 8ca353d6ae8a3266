//go:build js && wasm

package main

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

func TestFetchInit(t *testing.T) {
	type requestInit struct {
		Method, Credentials, Redirect, Cache string
		Headers                              map[string]string
	}
	for _, test := range []struct {
		request chatcore.Request
		want    requestInit
	}{
		{
			chatcore.Request{Method: "POST", Header: []chatcore.HeaderField{
				{Name: "Authorization", Value: "Bearer x"}, {Name: "Content-Type", Value: "application/json"}, {Name: "repeatability-request-id", Value: `a"\"b\`},
			}},
			requestInit{"POST", "omit", "error", "", map[string]string{
				"Authorization": "Bearer x", "Content-Type": "application/json", "repeatability-request-id": `a"\"b\`,
			}},
		},
		{chatcore.Request{Method: "GET"}, requestInit{"GET", "omit", "error", "no-store", map[string]string{}}},
	} {
		var got requestInit
		require.NoError(t, json.Unmarshal([]byte(fetchInit(test.request)), &got))
		assert.Equal(t, test.want, got)
	}
}
