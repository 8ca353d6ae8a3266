package chatcore

import "acschat/chatcore/internal/ascii"

// suggestion returns the field that a caller may have meant by an unknown one, or "". The official SDK has other names for who a
// participant is.
func suggestion(argument, path string) string {
	name := path
	if ascii.HasPrefix(path, "participants[") {
		_, name, _ = ascii.Cut(path, '.')
		if name == "id" || name == "communicationUserId" {
			return "communicationIdentifier"
		}
		_, name, _ = ascii.Cut(name, '.')
	} else if argument != "identifier" {
		return ""
	}
	switch name {
	case "id":
		return "rawId"
	case "communicationUserId":
		return "communicationUser"
	}
	return ""
}
