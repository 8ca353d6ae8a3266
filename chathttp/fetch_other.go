//go:build !js

package chathttp

import "net/http"

// setFetchOptions does nothing where net/http opens connections itself.
func setFetchOptions(http.Header) {}

// pastCache leaves it to net/http, which has no cache.
func pastCache() http.RoundTripper { return nil }
