package json

import (
	"strconv"
	"unsafe"
)

// Writer builds one JSON text. Commas are put where they belong; that names and values alternate is the caller's
// business.
type Writer struct{ text []byte }

// NewWriter returns a writer with room for a text of some length.
func NewWriter(room int) *Writer { return &Writer{make([]byte, 0, room)} }

// Text returns what was written, and ends the writing: the text is not copied.
func (w *Writer) Text() string { return unsafe.String(unsafe.SliceData(w.text), len(w.text)) }

// Begin opens an object with '{' or an array with '['.
func (w *Writer) Begin(open byte) {
	w.comma()
	w.text = append(w.text, open)
}

// End closes what was begun last, with '}' or ']'.
func (w *Writer) End(end byte) { w.text = append(w.text, end) }

// Name writes the name of a member; its value must follow.
func (w *Writer) Name(name string) {
	w.String(name)
	w.text = append(w.text, ':')
}

// Int writes a whole number.
func (w *Writer) Int(n int64) {
	w.comma()
	w.text = strconv.AppendInt(w.text, n, 10)
}

// Bool writes true or false.
func (w *Writer) Bool(b bool) {
	w.comma()
	w.text = strconv.AppendBool(w.text, b)
}

const hexDigits = "0123456789abcdef"

// String writes a string; what is not UTF-8 in it becomes U+FFFD.
func (w *Writer) String(s string) {
	w.comma()
	s = valid(s)
	w.text = append(w.text, '"')
	start := 0
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' {
			w.text = append(append(w.text, s[start:i]...), `\u00`...)
			w.text = append(w.text, hexDigits[c>>4], hexDigits[c&15])
			start = i + 1
		}
	}
	w.text = append(append(w.text, s[start:]...), '"')
}

// comma separates a name or value from the one before it. The last byte tells: after an opening or a colon none is
// due, and no value ends in one of these.
func (w *Writer) comma() {
	if n := len(w.text); n > 0 {
		switch w.text[n-1] {
		case '{', '[', ':':
		default:
			w.text = append(w.text, ',')
		}
	}
}
