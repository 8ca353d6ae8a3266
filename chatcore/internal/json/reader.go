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
	path   []step
	err    *Error
}

// step is one open container, and the member or element of it that is being read.
type step struct {
	end   byte // '}' or ']'
	name  string
	index int
}

// NewReader reads a document from outside, and takes what it can: unknown members are skipped, null stands for an
// absent value, the case of names does not matter, and where a string is expected a number does as well.
func NewReader(text string) *Reader { return &Reader{text: text} }

// NewStrictReader reads what a caller wrote: all that NewReader overlooks is an error.
func NewStrictReader(text string) *Reader { return &Reader{text: text, strict: true} }

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
	top := len(r.path) - 1
	if c := r.peek(); c != 0 && c == r.path[top].end {
		r.pos++
		r.path = r.path[:top]
		return false
	}
	r.expect(',')
	r.path[top].index++
	return r.member()
}

// Name returns the name of the member at hand.
func (r *Reader) Name() string { return r.path[len(r.path)-1].name }

// Is tells whether the member at hand has the given name.
func (r *Reader) Is(name string) bool {
	own := r.Name()
	if len(own) != len(name) {
		return false
	}
	for i := range len(name) {
		if own[i] != name[i] && (r.strict || own[i]|0x20 != name[i]|0x20) {
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
	switch r.Kind() {
	case "a string":
		return r.readString()
	case "a number":
		if !r.strict {
			return r.Raw()
		}
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

// Int reads a whole number of at most 15 digits, which every JSON implementation holds exactly.
func (r *Reader) Int() int64 {
	c := r.peek()
	if c != '-' && (c < '0' || c > '9') {
		r.mismatch("a whole number")
		return 0
	}
	start := r.pos
	r.number()
	if r.err != nil {
		return 0
	}
	digits, negative := r.text[start:r.pos], c == '-'
	if negative {
		digits = digits[1:]
	}
	var n int64
	for i := range len(digits) {
		if digits[i] < '0' || digits[i] > '9' || i == 15 {
			r.pos = start
			r.Fail("must be a whole number of at most 15 digits")
			return 0
		}
		n = n*10 + int64(digits[i]-'0')
	}
	if negative {
		n = -n
	}
	return n
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
	case c == '-' || c >= '0' && c <= '9':
		return "a number"
	}
	return ""
}

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
		r.Fail("is not a known field")
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
	return r.member()
}

// member reads the name of a member, where the container at hand is an object.
func (r *Reader) member() bool {
	if top := len(r.path) - 1; r.err == nil && r.path[top].end == '}' {
		r.path[top].name = ""
		if r.peek() != '"' {
			r.syntax("expected a member name")
			return false
		}
		r.path[top].name = r.readString()
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

// number checks the grammar of a number and moves past it.
func (r *Reader) number() {
	if r.text[r.pos] == '-' {
		r.pos++
	}
	if r.pos < len(r.text) && r.text[r.pos] == '0' {
		r.pos++
	} else if !r.digits() {
		return
	}
	if r.pos < len(r.text) && r.text[r.pos] == '.' {
		r.pos++
		if !r.digits() {
			return
		}
	}
	if r.pos < len(r.text) && r.text[r.pos]|0x20 == 'e' {
		r.pos++
		if r.pos < len(r.text) && (r.text[r.pos] == '+' || r.text[r.pos] == '-') {
			r.pos++
		}
		r.digits()
	}
}

func (r *Reader) digits() bool {
	start := r.pos
	for r.pos < len(r.text) && r.text[r.pos] >= '0' && r.text[r.pos] <= '9' {
		r.pos++
	}
	if r.pos == start {
		r.syntax("expected a digit")
		return false
	}
	return true
}

// readString reads the string whose opening quote is next. Most strings need no change and share the text's memory.
func (r *Reader) readString() string {
	r.pos++
	start := r.pos
	for i := start; i < len(r.text); i++ {
		switch c := r.text[i]; {
		case c == '"':
			r.pos = i + 1
			return valid(r.text[start:i])
		case c == '\\':
			return r.unescape(start, i)
		case c < ' ':
			r.pos = i
			r.syntax("control character in a string")
			return ""
		}
	}
	r.pos = len(r.text)
	r.syntax("string without an end")
	return ""
}

// Escapes of one letter, and what they stand for.
const (
	letters  = `"\/bfnrt`
	lettersU = "\"\\/\b\f\n\r\t"
)

// unescape reads on from the first backslash, at i.
func (r *Reader) unescape(start, i int) string {
	out := []byte(r.text[start:i])
	for ; i < len(r.text); i++ {
		c := r.text[i]
		switch {
		case c == '"':
			r.pos = i + 1
			return valid(string(out))
		case c < ' ':
			r.pos = i
			r.syntax("control character in a string")
			return ""
		case c == '\\' && i+1 < len(r.text):
			i++
			if n := indexByte(letters, r.text[i]); n >= 0 {
				c = lettersU[n]
				break
			}
			unit, ok := r.unit(i)
			if !ok {
				r.pos = i
				r.syntax("unknown escape in a string")
				return ""
			}
			i += 4
			if low, ok := r.unit(i + 2); ok && r.text[i+1] == '\\' && unit>>10 == 0xD800>>10 && low>>10 == 0xDC00>>10 {
				unit = 0x10000 + (unit-0xD800)<<10 + (low - 0xDC00)
				i += 6
			}
			out = utf8.AppendRune(out, unit) // a lone surrogate becomes U+FFFD
			continue
		}
		out = append(out, c)
	}
	r.pos = len(r.text)
	r.syntax("string without an end")
	return ""
}

func indexByte(s string, c byte) int {
	for i := range len(s) {
		if s[i] == c {
			return i
		}
	}
	return -1
}

// unit reads the UTF-16 code unit of an escape whose letter u is at i.
func (r *Reader) unit(i int) (rune, bool) {
	if i+5 > len(r.text) || r.text[i] != 'u' {
		return 0, false
	}
	var n rune
	for _, c := range []byte(r.text[i+1 : i+5]) {
		digit := indexByte("0123456789abcdef", c)
		if digit < 0 {
			digit = indexByte("0123456789ABCDEF", c)
		}
		if digit < 0 {
			return 0, false
		}
		n = n<<4 + rune(digit)
	}
	return n, true
}

// valid returns s with every byte that is not UTF-8 replaced by U+FFFD.
func valid(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	out := make([]byte, 0, len(s)+8)
	for _, c := range s {
		out = utf8.AppendRune(out, c)
	}
	return string(out)
}
