//go:build !js

package chathttp

import "net/http"

// setFetchOptions does nothing where net/http opens connections itself.
func setFetchOptions(http.Header) {}
