package chathttp

import (
	"net/http"
	"strings"
	"syscall/js"
)

// inNode tells whether the program runs in Node.js, by the same test as net/http. There net/http does not use fetch, but a fake network
// inside the program. It does not know fetch's options, and refuses their header names.
var inNode = func() bool {
	process := js.Global().Get("process")
	return process.Type() == js.TypeObject && strings.HasPrefix(process.Get("argv0").String(), "node")
}()

// setFetchOptions makes fetch refuse redirects and send no cookies. net/http turns headers with these names into options of fetch. Without
// the first, the browser follows redirects itself, and never calls CheckRedirect.
func setFetchOptions(h http.Header) {
	if inNode {
		return
	}
	h.Set("js.fetch:redirect", "error")
	h.Set("js.fetch:credentials", "omit")
}
