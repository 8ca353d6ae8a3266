package chatcore

import (
	"acschat/chatcore/internal/ascii"
	"acschat/chatcore/internal/json"
)

// Pages call methods with JavaScript values. A driver passes each argument as a text: JSON, or nothing for undefined. For a value that
// JSON cannot represent, or would drop, the text is a fault: "!", the kind of the value, a space and its path, as in
// "!function metadata.a". This file words the faults, whichever driver reads the values.

// Attached is the set of options that are not data. The driver keeps them, and only tells which ones there are.
type Attached int

const (
	Signal Attached = 1 << iota
	Fetch
	OnExchange
	TokenCallback
	SignalAborted // the signal was aborted before the call
)

var attachable = [...]struct {
	bit        Attached
	name, must string
}{
	{Signal, "signal", "an AbortSignal"},
	{Fetch, "fetch", "a function"},
	{OnExchange, "onExchange", "a function"},
	{TokenCallback, "token", "a string or a function that returns one"},
}

// Arguments are the arguments of a page's call.
type Arguments struct {
	Text     string       // one line for each argument. A list method has one more in front: the settings of byPage
	Attached Attached     // in the options
	Thrown   func() error // returns what the page's code threw while an argument was read

	nextLink string // of the page to request
}

// OptionsIndex returns which argument the options are, counted from 0.
func (m Method) OptionsIndex() int {
	if m.Argument == "" {
		return len(m.IDs)
	}
	return len(m.IDs) + 1
}

// Invoke returns a call of the method. If the arguments are bad, the call fails when it starts.
func (m Method) Invoke(c *Client, arguments Arguments) *Call {
	a := argumentReader{Arguments: arguments, operation: m.Name, lines: json.Lines(arguments.Text)}
	nextLink := ""
	if m.List {
		nextLink = a.pageLink(m)
	}
	var ids [2]string
	for i, name := range m.IDs {
		ids[i] = a.string(name)
	}
	request := ""
	switch m.Argument {
	case "":
	case "identifier":
		request = a.value(m.Argument, "an object or a raw id", true)
	default:
		request = a.value(m.Argument, "an object", !m.Optional)
	}
	options := a.value("options", "an object", false)
	if a.err == nil && a.Attached&TokenCallback != 0 {
		a.err = m.op.invalid("options.token", "is not a known field")
	}
	if options == "{}" { // the page passed only a signal
		options = ""
	}
	if a.err != nil {
		return c.addCall(&Call{op: m.op}, a.err)
	}
	return m.Call(c, ids, request, options, nextLink)
}

// DecodeArguments reads the argument of createClient. The error is an [*Error] with code InvalidArgument.
func DecodeArguments(arguments Arguments) (Options, error) {
	a := argumentReader{Arguments: arguments, operation: createClient.name, lines: []string{arguments.Text}}
	text := a.value("options", "an object", true)
	if a.err == nil && a.Attached&Signal != 0 {
		a.err = createClient.invalid("signal", "is not a known field: pass it to a call instead")
	}
	if a.err != nil {
		return Options{}, a.err
	}
	o, err := DecodeOptions(text)
	o.TokenCallback = a.Attached&TokenCallback != 0
	return o, err
}

// argumentReader reads one argument after another. It keeps the first error.
type argumentReader struct {
	Arguments
	operation string
	lines     []string // the arguments that are not read yet
	err       error
}

// value returns the next argument as JSON, or "" if it is missing.
func (a *argumentReader) value(name, must string, isRequired bool) (text string) {
	if len(a.lines) > 0 {
		text, a.lines = a.lines[0], a.lines[1:]
	}
	if a.err == nil && (text == "" && isRequired || ascii.HasPrefix(text, "!")) {
		a.err = a.badArgument(name, must, text)
	}
	return text
}

// string returns the next argument, which must be a string.
func (a *argumentReader) string(name string) string {
	text := a.value(name, "a string", true)
	if a.err != nil {
		return ""
	}
	r := json.NewStrictReader(text)
	s := r.String()
	if err := r.End(); err != nil {
		a.err = NewInvalidArgument(a.operation, name, err.Problem, nil)
	}
	return s
}

// pageLink returns the URL of the page to request, or "" for the first page.
func (a *argumentReader) pageLink(m Method) string {
	text := a.value("byPage", "an object", false)
	settings := pageSettings{a.nextLink}
	if a.err != nil || text == "" || a.nextLink != "" {
		return settings.nextLink
	}
	a.err = m.op.decode("byPage", text, &settings)
	if e, ok := a.err.(*Error); ok && e.Target != "byPage" && e.Target != "nextLink" {
		a.err = m.op.invalid("byPage."+e.Target, "is not a known field: only nextLink is")
	}
	return settings.nextLink
}

// pageSettings are the settings of byPage.
type pageSettings struct{ nextLink string }

func (s *pageSettings) fields(to []field) []field {
	return appendFields(to, field{name: "nextLink", value: &s.nextLink})
}

// badArgument returns the error for an argument that is missing or has a fault.
func (a *argumentReader) badArgument(name, must, text string) error {
	kind, path := "undefined", ""
	if text != "" {
		kind, path, _ = ascii.Cut(text[1:], ' ')
	}
	isWhole := path == "" // the argument itself, not a field in it
	for _, option := range attachable {
		if name == "options" && path == option.name {
			must, isWhole = option.must, true
		}
	}
	switch {
	case path == "":
		path = name
	case name == "options" && a.operation != createClient.name || name == "byPage" && path != "nextLink":
		path = name + "." + path
	}
	problem, not := "must not be a ", ""
	if isWhole {
		problem, not = "must be ", ", not "
	} else {
		must = ""
	}
	var cause error
	switch kind {
	case "long":
		return NewInvalidArgument(a.operation, path, "is too long: the strings of one argument are limited to 1048576 characters in all", nil)
	case "Date":
		return NewInvalidArgument(a.operation, path, "is an invalid Date", nil)
	case "unreadable":
		cause = a.Thrown()
		problem, must, not, kind = "cannot be read: ", "", "", cause.Error()
	case "NaN", "Infinity", "-Infinity":
		problem, must, not = "is ", "", ""
	}
	return NewInvalidArgument(a.operation, path, problem+must+not+kind, cause)
}
