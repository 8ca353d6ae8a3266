package chatcore

// suggestions are fields for members that the official SDK has in a participant, which is in a list, and in an identifier.
var suggestions = []struct{ end, field string }{
	{"].id", "communicationIdentifier"},
	{"].communicationUserId", "communicationIdentifier"},
	{"dentifier.id", "rawId"},
	{"dentifier.communicationUserId", "communicationUser"},
}

// suggestion returns the field that a caller may have meant by an unknown one, or "".
func suggestion(argument, path string) string {
	path = argument + "." + path
	for i := range suggestions {
		s := &suggestions[i]
		if n := len(path) - len(s.end); n >= 0 && path[n:] == s.end {
			return s.field
		}
	}
	return ""
}
