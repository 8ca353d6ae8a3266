package chathttp

import (
	"net/http"
	"strings"
	"syscall/js"
)

// inNode tells, by the test that net/http makes, whether it uses a fake network inside the program instead of fetch, as it
// does in Node.js. There it takes no options of fetch, and refuses them as header names.
var inNode = func() bool {
	process := js.Global().Get("process")
	return process.Type() == js.TypeObject && strings.HasPrefix(process.Get("argv0").String(), "node")
}()

// setFetchOptions has fetch follow no redirect, of which CheckRedirect would never learn, and send no cookies. Of headers
// with these names net/http makes options of fetch.
func setFetchOptions(h http.Header) {
	if inNode {
		return
	}
	h.Set("js.fetch:redirect", "error")
	h.Set("js.fetch:credentials", "omit")
}
