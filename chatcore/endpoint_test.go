package chatcore_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"acschat/chatcore"
)

func TestEndpoints(t *testing.T) {
	for text, want := range map[string]string{
		"https://contoso.communication.azure.com":       "https://contoso.communication.azure.com",
		"https://contoso.communication.azure.com/":      "https://contoso.communication.azure.com",
		"HTTPS://Contoso.Communication.Azure.COM/":      "https://contoso.communication.azure.com",
		"https://contoso.communication.azure.com:443":   "https://contoso.communication.azure.com:443",
		"https://contoso.communication.azure.us:65535/": "https://contoso.communication.azure.us:65535",
		"https://localhost:8081":                        "https://localhost:8081",
		"https://10.0.0.1:8081":                         "https://10.0.0.1:8081",
		"https://[2001:db8::1]":                         "https://[2001:db8::1]",
		"https://[2001:DB8::1]:8443/":                   "https://[2001:db8::1]:8443",
		"https://[::ffff:127.0.0.1]":                    "https://[::ffff:127.0.0.1]",
		"https://a_b.example":                           "https://a_b.example",
		"https://contoso":                               "https://contoso",
		"HTTPS://AZ.EXAMPLE":                            "https://az.example",
		"http://localhost":                              "http://localhost",
		"http://localhost:8081/":                        "http://localhost:8081",
		"HTTP://LOCALHOST:8081":                         "http://localhost:8081",
		"http://localhost.":                             "http://localhost.",
		"http://localhost.:8081/":                       "http://localhost.:8081",
		"http://acs.localhost:8081":                     "http://acs.localhost:8081",
		"http://A.B.LocalHost./":                        "http://a.b.localhost.",
		"http://127.0.0.1:8081":                         "http://127.0.0.1:8081",
		"http://127.255.255.254":                        "http://127.255.255.254",
		"http://[::1]":                                  "http://[::1]",
		"http://[::1]:8081/":                            "http://[::1]:8081",
	} {
		e, err := chatcore.ParseEndpoint(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, e.String())
	}
}

func TestInvalidEndpoints(t *testing.T) {
	const only, loopback, scheme = "a scheme and a host only", "must be https", `must start with "https://"`
	for text, problem := range map[string]string{
		"": "is required",

		"contoso.communication.azure.com": scheme, "//contoso": scheme, "ftp://contoso": scheme, "ws://localhost": scheme, "https:contoso": scheme, "https:/contoso": scheme,
		" https://contoso": scheme, "\thttps://contoso": scheme, "javascript:alert(1)": scheme, "localhost:8081": scheme, "/": scheme, "http": scheme, "https:": scheme,
		"endpoint=https://contoso.communication.azure.com/;accesskey=a2V5": scheme,

		"https://": "", "https:///": only, "https:////": only, "https://?": only, "https://:443": only, "https://contoso//": only, "https://contoso/chat": only,
		"https://contoso/?": only, "https://contoso?api-version=1": only, "https://contoso#": only, "https://contoso/#a": only, "https://contoso ": only, "https://con toso": only,
		"https://user@contoso": only, "https://user:secret@contoso": only, "https://@contoso": only, "https://contoso:443@evil.example": only, "https://contoso\\evil.example": only,
		"https://contoso:": only, "https://contoso:/": only, "https://contoso:a": only, "https://contoso:-1": only, "https://contoso:1:2": only, "https://contoso:123456": only,
		"https://contoso\x00": only, "https://contoso\n": only, "https://contoso%2eexample": only, "https://.example": only, "https://.": only, "https://-a.example": only,
		"https://café.example": only, "https://contoso;a": only, "https://contoso,a": only, "https://*.example": only, "https://{resource}.communication.azure.com": only,
		"https://[::1": only, "https://[]": only, "https://[::1]a": only, "https://[::1]:": only, "https://[::1]:a": only, "https://[::1]x80": only, "https://[::1]:1:2": only, "https://[::1%25eth0]": only,
		"https://[localhost]": only, "https://::1": only, "https://[::1]]": only, "https://a[::1]": only,

		"http://contoso.communication.azure.com": loopback, "http://": "", "http:///": loopback, "http://10.0.0.1": loopback, "http://128.0.0.1": loopback, "http://0.0.0.0": loopback,
		"http://127.0.0.1.evil.com": loopback, "http://localhost.evil.com": loopback, "http://localhost..": loopback, "http://a.localhost..": loopback, "http://acs.localhost.evil.com": loopback, "http://evil-localhost": loopback, "http://xlocalhost": loopback,
		"http://127.0.0.1@evil.com": loopback, "http://localhost@evil.com": loopback, "http://127.0.0.256": loopback, "http://127.0.0": loopback, "http://127.1": loopback,
		"http://127.0.0.1.1": loopback, "http://127.0.0.": loopback, "http://127...1": loopback, "http://127.0.0.0x1": loopback, "http://127.0.0.0001": loopback, "http://2130706433": loopback,
		"http://[::2]": loopback, "http://[::ffff:127.0.0.1]": loopback, "http://[0:0:0:0:0:0:0:1]": loopback, "http://::1": loopback, "http://1270.0.0.1": loopback,
		"http://evil.com/127.0.0.1": loopback, "http://evil.com#localhost": loopback, "http://evil.com?localhost": loopback, "http://evil.com\\localhost": loopback,
		"http://localhost/chat": loopback, "http://127.0.0.1/chat": loopback, "http://ｌocalhost": loopback,

		"http://.localhost": only, "http://evil.com/.localhost": only, "http://evil.com?.localhost": only, "http://evil.com#.localhost": only, "http://evil@a.localhost": only, "http://-a.localhost": only,
		"http://a.localhost:80@evil.com": only, "http://evil.com:80@a.localhost": loopback, "http://evil.com:80.localhost": loopback,
		"http://localhost:a": only, "http://localhost:80@evil.com": only, "http://localhost:/": only, "http://127.0.0.1:8081/chat": only, "http://[::1]evil.com": only,
		"http://[::1]@evil.com": only, "http://[::1]:80@evil.com": only, "http://[::1].evil.com": only, "http://localhost:80/chat": only, "http://127.0.0.1:1:1": only,
	} {
		e, err := chatcore.ParseEndpoint(text)
		failed := requireInvalidArgument(t, err, "createClient", "endpoint")
		assert.Contains(t, failed.Message, problem, "%q", text)
		assert.NotEmpty(t, failed.Hint)
		assert.Empty(t, e.String())
		if len(text) > len("https://") {
			assert.NotContains(t, failed.Message, text, "the endpoint may contain a secret")
		}
	}
}

// TestEndpointPorts: ports above 65535 are refused, as browsers refuse such URLs.
func TestEndpointPorts(t *testing.T) {
	for _, text := range []string{"https://contoso:65536", "https://contoso:99999", "http://localhost:70000", "http://[::1]:65536"} {
		_, err := chatcore.ParseEndpoint(text)
		if assert.Error(t, err, text) {
			requireInvalidArgument(t, err, "createClient", "endpoint")
		}
	}
}

// TestNewClientChecksEndpoint: NewClient requires a valid endpoint.
func TestNewClientChecksEndpoint(t *testing.T) {
	for _, text := range []string{"", "http://contoso.communication.azure.com"} {
		client, err := chatcore.NewClient(chatcore.Options{Endpoint: text, Token: "secret"})
		requireInvalidArgument(t, err, "createClient", "endpoint")
		assert.Nil(t, client)
	}
}
