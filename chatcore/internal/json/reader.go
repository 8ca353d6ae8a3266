// Package json reads and writes JSON text (RFC 8259) for chatcore.
//
// It exists because encoding/json would add more to the WebAssembly download than all of the client does. It knows
// only what the chat models need: objects, arrays, strings, booleans and integers; other numbers are checked and
// skipped. Differential tests hold it against encoding/json.
package json

import "unicode/utf8"

// MaxDepth bounds how deep objects and arrays may nest. The service's own documents nest six deep.
const MaxDepth = 100

// Reader walks a JSON text from front to back. The first error sticks: from then on every method returns the zero
// value and every loop ends, so callers read a whole document and look at Err once.
//
// Invalid UTF-8 and lone surrogates in strings read as U+FFFD, as encoding/json has it.
type Reader struct {
	text   string
	pos    int
	strict bool
	valid  bool // UTF-8 as a whole, which saves looking at every string
	path   []step
	err    *Error

	room      [8]step // of the path, in nearly all documents
	unescaped []byte  // memory for strings with escapes
}

// step is one open container, and the member or element of it that is being read.
type step struct {
	end   byte // '}' or ']'
	name  string
	index int
}

// NewReader reads a document from outside, and takes what it can: unknown members are skipped, null stands for an
// absent value, the case of names does not matter, and where a string is expected a number does as well.
func NewReader(text string) *Reader {
	r := &Reader{text: text, valid: utf8.ValidString(text)}
	r.path = r.room[:0]
	return r
}

// NewStrictReader reads what a caller wrote: all that NewReader overlooks is an error.
func NewStrictReader(text string) *Reader {
	r := NewReader(text)
	r.strict = true
	return r
}

// Strict tells whether the reader is one for what a caller wrote.
func (r *Reader) Strict() bool { return r.strict }

// Object enters an object. It tells whether there is a first member, whose Name is known then and whose value must be
// read before Next is asked for another:
//
//	for more := r.Object(); more; more = r.Next() {
//		switch r.Name() {
//
// Anything but an object is an error, or nothing at all for a null that stands for an absent value.
func (r *Reader) Object() bool { return r.enter('{', '}', "an object") }

// Array enters an array as Object does an object.
func (r *Reader) Array() bool { return r.enter('[', ']', "an array") }

// Next moves to the next member or element. It is false after the last, which closes the container, and after an error.
func (r *Reader) Next() bool {
	top := &r.path[len(r.path)-1]
	switch c := r.peek(); {
	case c == ',':
		r.pos++
		top.index++
		return r.member(top)
	case c == top.end:
		r.pos++
		r.path = r.path[:len(r.path)-1]
	default:
		r.syntax("expected ','")
	}
	return false
}

// Name returns the name of the member at hand.
func (r *Reader) Name() string { return r.path[len(r.path)-1].name }

// Is tells whether the member at hand has the given name.
func (r *Reader) Is(name string) bool {
	own := r.Name()
	if own == name {
		return true
	}
	if len(own) != len(name) || r.strict {
		return false
	}
	for i := range len(name) {
		if own[i]|0x20 != name[i]|0x20 {
			return false
		}
	}
	return true
}

// Null reads a null that stands for an absent value, and tells whether there was one.
func (r *Reader) Null() bool {
	if r.strict || r.peek() != 'n' {
		return false
	}
	r.word("null")
	return true
}

// String reads a string.
func (r *Reader) String() string {
	c := r.peek()
	if c == '"' {
		return r.readString()
	}
	if !r.strict && isNumber(c) {
		return r.Raw()
	}
	r.mismatch("a string")
	return ""
}

// Bool reads true or false.
func (r *Reader) Bool() bool {
	switch r.peek() {
	case 't':
		r.word("true")
		return r.err == nil
	case 'f':
		r.word("false")
	default:
		r.mismatch("true or false")
	}
	return false
}

// Kind tells what value comes next, in words fit for a message: "an object", "an array", "a string", "a number",
// "true", "false", "null", or "" where no value can start.
func (r *Reader) Kind() string {
	switch c := r.peek(); {
	case c == '{':
		return "an object"
	case c == '[':
		return "an array"
	case c == '"':
		return "a string"
	case c == 't':
		return "true"
	case c == 'f':
		return "false"
	case c == 'n':
		return "null"
	case isNumber(c):
		return "a number"
	}
	return ""
}

// isNumber tells whether c begins a number.
func isNumber(c byte) bool { return c == '-' || c >= '0' && c <= '9' }

// Peek returns the first byte of the value that comes next, 0 where there is none.
func (r *Reader) Peek() byte { return r.peek() }

// Raw reads any value and returns its text as it stands.
func (r *Reader) Raw() string {
	r.peek()
	start := r.pos
	r.Skip()
	if r.err != nil {
		return ""
	}
	return r.text[start:r.pos]
}

// Skip reads any value and drops it.
func (r *Reader) Skip() {
	switch r.Kind() {
	case "an object":
		for more := r.Object(); more; more = r.Next() {
			r.Skip()
		}
	case "an array":
		for more := r.Array(); more; more = r.Next() {
			r.Skip()
		}
	case "a string":
		r.readString()
	case "a number":
		r.number()
	case "true":
		r.word("true")
	case "false":
		r.word("false")
	case "null":
		r.word("null")
	default:
		r.syntax("expected a value")
	}
}

// Unknown deals with a member that the model does not have: skipped in a document from outside, an error in one
// that a caller wrote.
func (r *Reader) Unknown() {
	if r.strict {
		r.Fail(UnknownField)
		return
	}
	r.Skip()
}

// Fail records that the value at hand breaks a rule; problem continues a sentence that starts with its path.
func (r *Reader) Fail(problem string) { r.fail(problem, false) }

// End checks that nothing but white space is left and returns the first error.
func (r *Reader) End() *Error {
	if r.peek(); r.err == nil && r.pos < len(r.text) {
		r.syntax("expected the end of the text")
	}
	return r.err
}

func (r *Reader) enter(open, end byte, want string) bool {
	if r.peek() != open {
		r.mismatch(want)
		return false
	}
	if len(r.path) == MaxDepth {
		r.syntax("nested too deep")
		return false
	}
	r.pos++
	r.path = append(r.path, step{end: end})
	if r.peek() == end {
		r.pos++
		r.path = r.path[:len(r.path)-1]
		return false
	}
	return r.member(&r.path[len(r.path)-1])
}

// member reads the name of a member, where the container at hand, which is top, is an object.
func (r *Reader) member(top *step) bool {
	if r.err == nil && top.end == '}' {
		top.name = ""
		if r.peek() != '"' {
			r.syntax("expected a member name")
			return false
		}
		top.name = r.readString()
		r.expect(':')
	}
	return r.err == nil
}

// peek skips white space and returns the next byte, 0 at the end of the text or after an error.
func (r *Reader) peek() byte {
	if r.err != nil {
		return 0
	}
	for r.pos < len(r.text) {
		switch c := r.text[r.pos]; c {
		case ' ', '\t', '\n', '\r':
			r.pos++
		default:
			return c
		}
	}
	return 0
}

func (r *Reader) expect(c byte) {
	if r.peek() != c {
		r.syntax("expected '" + string(rune(c)) + "'")
		return
	}
	r.pos++
}

func (r *Reader) word(w string) {
	if len(r.text)-r.pos < len(w) || r.text[r.pos:r.pos+len(w)] != w {
		r.syntax("expected a value")
		return
	}
	r.pos += len(w)
}
