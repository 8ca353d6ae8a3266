package emulator

// setCORSHeaders allows pages of any origin to read a response, errors included. Like the real service, it exposes to pages
// only Location beside the CORS-safelisted headers. To clients that send no Origin the service says that all are exposed.
func setCORSHeaders(header Header, r *Request) {
	if !isFromPage(r) {
		header.Set("Access-Control-Expose-Headers", "*")
		return
	}
	header.Set("Access-Control-Allow-Origin", "*")
	header.Set("Access-Control-Expose-Headers", "Location")
}

// isFromPage reports whether a browser has sent the request from a page of another origin.
func isFromPage(r *Request) bool { return r.Header.Get("Origin") != "" }

func removeCORSHeaders(header Header) {
	header.Del("Access-Control-Allow-Origin")
	header.Del("Access-Control-Expose-Headers")
}

func isPreflight(r *Request) bool {
	return r.Method == methodOptions && r.Header.Get("Access-Control-Request-Method") != ""
}

// answerPreflight allows all requested headers, by name, because "*" does not include Authorization.
func (em *Emulator) answerPreflight(w ResponseWriter, r *Request) {
	route, _, _ := findRoute(r.Header.Get("Access-Control-Request-Method"), r.path(), Header{})
	if route != nil && em.preflightFails(route.name) {
		removeCORSHeaders(w.Header())
		w.WriteHeader(statusNoContent)
		return
	}
	w.Header().Del("Access-Control-Expose-Headers")
	w.Header().Set("Access-Control-Allow-Methods", "GET, POST, PATCH, DELETE")
	if headers := r.Header.Get("Access-Control-Request-Headers"); headers != "" {
		w.Header().Set("Access-Control-Allow-Headers", headers)
	}
	maxAge := "3600"
	if hasFaultHeader(r) {
		maxAge = "0" // every request with a fault needs a preflight, because that closes the connection
	}
	w.Header().Set("Access-Control-Max-Age", maxAge)
	w.WriteHeader(statusNoContent)
}
