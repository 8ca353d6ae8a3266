package json

import "strconv"

// Error tells where a text is not JSON, or which value is not what was asked for.
type Error struct {
	Path    string // of the value, as in participants[0].displayName; empty for the whole document
	Problem string // continues a sentence that starts with the path
	Offset  int    // in bytes
	Syntax  bool   // the text is not JSON at all
}

// UnknownField is the Problem of a member that the model does not have.
const UnknownField = "is not a known field"

func (e *Error) Error() string {
	if e.Path == "" {
		return e.Problem
	}
	return e.Path + " " + e.Problem
}

func (r *Reader) syntax(problem string) { r.fail(problem, true) }

func (r *Reader) fail(problem string, syntax bool) {
	if r.err == nil {
		r.err = &Error{Path: r.where(), Problem: problem, Offset: r.pos, Syntax: syntax}
	}
}

// mismatch deals with a value of another kind than the model's.
func (r *Reader) mismatch(want string) {
	if r.err != nil {
		return
	}
	switch got := r.Kind(); {
	case got == "":
		r.syntax("expected a value")
	case got == "null" && !r.strict:
		r.word("null")
	default:
		r.Fail("must be " + want + ", not " + got)
	}
}

// where writes the path of the value at hand.
func (r *Reader) where() string {
	var out []byte
	for i, s := range r.path {
		if s.end == ']' {
			out = append(strconv.AppendInt(append(out, '['), int64(s.index), 10), ']')
			continue
		}
		if i > 0 && s.name != "" {
			out = append(out, '.')
		}
		out = append(out, s.name...)
	}
	return string(out)
}
