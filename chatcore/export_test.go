package chatcore

// Decode reads the JSON form of a request, or of a list's options, as the method of that name reads it.
func Decode(method, text string, request any) error {
	for _, m := range Methods {
		switch {
		case m.Name != method:
		case m.List:
			own := ownOptions{op: m.op, request: request.(model)}
			return own.decode(text)
		case text != "" || !m.Optional:
			return m.op.decode(m.Argument, text, request.(model))
		}
	}
	return nil
}
