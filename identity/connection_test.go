package identity_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/identity"
)

func TestConnectionStrings(t *testing.T) {
	for connection, endpoint := range map[string]string{
		"endpoint=https://contoso.communication.azure.com/;accesskey=a2V5":      "https://contoso.communication.azure.com",
		"accesskey=a2V5;endpoint=https://contoso.communication.azure.com":       "https://contoso.communication.azure.com",
		" Endpoint = https://contoso.example:8443// ; AccessKey = a2V5a2V5ag==": "https://contoso.example:8443",
		"ENDPOINT=http://localhost:8081/;ACCESSKEY=a2V5;":                       "http://localhost:8081",
		"endpoint=http://acs.LocalHost:8081;accesskey=a2V5":                     "http://acs.LocalHost:8081",
		"endpoint=http://localhost.:8081;accesskey=a2V5":                        "http://localhost.:8081",
		"endpoint=http://a.b.localhost.;accesskey=a2V5":                         "http://a.b.localhost.",
		"endpoint=http://127.0.0.1:8081;accesskey=a2V5":                         "http://127.0.0.1:8081",
		"endpoint=http://[::1]:8081;accesskey=a2V5\n":                           "http://[::1]:8081",
		// With quotation marks from an .env file, and with a byte order mark from an editor.
		`"endpoint=https://contoso.example/;accesskey=a2V5"`:         "https://contoso.example",
		`'endpoint=https://contoso.example/;accesskey=a2V5'`:         "https://contoso.example",
		" \"endpoint=https://contoso.example/;accesskey=a2V5\"\r\n":  "https://contoso.example",
		"\ufeffendpoint=https://contoso.example/;accesskey=a2V5":     "https://contoso.example",
		"\ufeff\"endpoint=https://contoso.example/;accesskey=a2V5\"": "https://contoso.example",
		"\"\ufeffendpoint=https://contoso.example/;accesskey=a2V5\"": "https://contoso.example",
		" ' endpoint=https://contoso.example/ ; accesskey=a2V5 ' ":   "https://contoso.example",
	} {
		client, err := identity.New(connection, nil)
		require.NoError(t, err, connection)
		assert.Equal(t, endpoint, client.Endpoint())
	}
}

func TestBadConnectionStringsAreNotQuoted(t *testing.T) {
	// Mistakes can move the key to any part of the string. No error may quote it.
	const key = "Y2FuYXJ5LWNhbmFyeQ=="
	for connection, message := range map[string]string{
		"":                                 "endpoint is missing",
		"accesskey=a2V5":                   "endpoint is missing",
		"endpoint=https://contoso.example": "accesskey is missing",
		"endpoint=https://contoso.example;accesskey=":                        "accesskey is missing",
		"endpoint=https://contoso.example;accesskey=" + key + "!":            "accesskey is not base64",
		"endpoint=https://contoso.example;accesskey=a2V5;AccessKey=" + key:   "twice",
		"endpoint=https://contoso.example/accesskey=" + key + ";x":           "scheme, host and port",
		"endpoint=https://contoso.example/chat;accesskey=" + key:             "scheme, host and port",
		"endpoint=https://contoso.example/?" + key + ";accesskey=" + key:     "scheme, host and port",
		"endpoint=https://contoso.example/#" + key + ";accesskey=" + key:     "scheme, host and port",
		"endpoint=https://x:" + key + "@contoso.example;accesskey=" + key:    "scheme, host and port",
		"endpoint=http://contoso.example;accesskey=" + key:                   "must use https, or http on loopback",
		"endpoint=http://localhost.example;accesskey=" + key:                 "must use https, or http on loopback",
		"endpoint=http://a.localhost.example;accesskey=" + key:               "must use https, or http on loopback",
		"endpoint=http://xlocalhost;accesskey=" + key:                        "must use https, or http on loopback",
		"endpoint=http://localhost..;accesskey=" + key:                       "must use https, or http on loopback",
		"endpoint=http://a@b.localhost;accesskey=" + key:                     "scheme, host and port",
		"endpoint=ftp://localhost;accesskey=" + key:                          "must use https, or http on loopback",
		`"endpoint=https://contoso.example;accesskey=` + key:                 "quotation mark",
		`endpoint=https://contoso.example;accesskey=` + key + `"`:            "quotation mark",
		`"endpoint=https://contoso.example;accesskey=` + key + `'`:           "quotation mark",
		`endpoint="https://contoso.example/";accesskey="` + key + `"`:        "quotation mark",
		"\u201cendpoint=https://contoso.example;accesskey=" + key + "\u201d": "quotation mark",
		"endpoint=https://contoso.example;\ufeffaccesskey=" + key:            "byte order mark",
		"endpoint=contoso.example;accesskey=" + key:                          "not an absolute URL",
		"endpoint=https://:443;accesskey=" + key:                             "not an absolute URL",
		"endpoint=https://contoso.example:" + key + ";accesskey=" + key:      "not an absolute URL",
		"endpoint=https://contoso.example\x7f" + key + ";accesskey=" + key:   "not an absolute URL",
	} {
		client, err := identity.New(connection, nil)
		assert.Nil(t, client)
		require.ErrorContains(t, err, message, connection)
		assert.NotContains(t, err.Error(), "Y2FuYXJ5", connection)
	}
}
