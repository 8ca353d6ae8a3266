//go:build js && wasm

package main

import "acschat/chatcore"

// fetchInit returns the RequestInit of a request as JSON, without its body. It sends no cookies, and it does not follow redirects: the
// token is for the configured origin only.
//
// The browser must not answer a read from its cache: a lookup would not find the message that was just sent, and the client would send it
// again. Browsers never answer other methods from the cache. For those the cache mode is left out, because with it Chromium sends a CORS
// preflight for each request.
func fetchInit(r chatcore.Request) string {
	json := `{"method":"` + r.Method + `","credentials":"omit","redirect":"error"`
	if r.Method == "GET" {
		json += `,"cache":"no-store"`
	}
	json += `,"headers":{`
	for i, header := range r.Header {
		if i > 0 {
			json += ","
		}
		json += `"` + header.Name + `":"` + escapeQuotes(header.Value) + `"`
	}
	return json + "}}"
}

// escapeQuotes escapes a header's value for JSON. A value is visible ASCII.
func escapeQuotes(value string) string {
	for i := range len(value) {
		if value[i] == '"' || value[i] == '\\' {
			return value[:i] + `\` + value[i:i+1] + escapeQuotes(value[i+1:])
		}
	}
	return value
}
