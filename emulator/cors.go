package emulator

import "net/http"

// allowAnyOrigin lets any page read an answer, errors too. As at the real service, Location is the only header that a page
// gets to see beside the ones that every browser shows, and other clients are told that they may see all.
func allowAnyOrigin(header http.Header, r *http.Request) {
	if !isOfPage(r) {
		header.Set("Access-Control-Expose-Headers", "*")
		return
	}
	header.Set("Access-Control-Allow-Origin", "*")
	header.Set("Access-Control-Expose-Headers", "Location")
}

// isOfPage tells what a browser sends from a page of another origin.
func isOfPage(r *http.Request) bool { return r.Header.Get("Origin") != "" }

func forbidOrigins(header http.Header) {
	header.Del("Access-Control-Allow-Origin")
	header.Del("Access-Control-Expose-Headers")
}

func isPreflight(r *http.Request) bool {
	return r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != ""
}

// answerPreflight allows whatever headers are asked for, by name: "*" would leave out Authorization.
func (em *Emulator) answerPreflight(w http.ResponseWriter, r *http.Request) {
	route, _, _ := findRoute(r.Header.Get("Access-Control-Request-Method"), r.URL.EscapedPath(), http.Header{})
	if route != nil && em.preflightFails(route.name) {
		forbidOrigins(w.Header())
		w.WriteHeader(http.StatusNoContent)
		return
	}
	w.Header().Del("Access-Control-Expose-Headers")
	w.Header().Set("Access-Control-Allow-Methods", "GET, POST, PATCH, DELETE")
	if headers := r.Header.Get("Access-Control-Request-Headers"); headers != "" {
		w.Header().Set("Access-Control-Allow-Headers", headers)
	}
	maxAge := "3600"
	if bringsFault(r) {
		maxAge = "0" // each such request needs the preflight, which closes the connection
	}
	w.Header().Set("Access-Control-Max-Age", maxAge)
	w.WriteHeader(http.StatusNoContent)
}
