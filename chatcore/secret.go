package chatcore

// Clients and calls hold the access token by a pointer, nil where there is none: fmt does not follow a pointer to a string, so no
// verb shows the token. Methods such as String would not hide it, since fmt does not call them for unexported fields.

// tokenText returns a token, or "" if there is none.
func tokenText(token *string) string {
	if token == nil {
		return ""
	}
	return *token
}
