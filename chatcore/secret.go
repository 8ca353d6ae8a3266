package chatcore

// secret is a text that no verb of fmt shows, because fmt does not follow a pointer to a string. Methods such as String would not
// hide it: fmt does not call them for unexported fields.
type secret struct{ pointer *string }

// newSecret returns an empty secret for an empty text.
func newSecret(text string) secret {
	if text == "" {
		return secret{}
	}
	return secret{&text}
}

func (s secret) isEmpty() bool { return s.pointer == nil }

func (s secret) text() string {
	if s.pointer == nil {
		return ""
	}
	return *s.pointer
}
