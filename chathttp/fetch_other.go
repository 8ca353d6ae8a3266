//go:build !js

package chathttp

import "net/http"

// setFetchOptions does nothing, because net/http does not use fetch.
func setFetchOptions(http.Header) {}

// defaultTransport returns nil, which is net/http's own transport. It has no cache.
func defaultTransport() http.RoundTripper { return nil }
