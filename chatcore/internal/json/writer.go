package json

import (
	"strconv"
	"sync/atomic"
)

// Writer builds one JSON text. Commas are put where they belong; that names and values alternate is the caller's
// business.
type Writer struct{ text []byte }

// maxSpare is what is kept of the memory of a writer that is done. Most pages of 200 messages fit.
const maxSpare = 1 << 18

// spare is a writer that is done, or nil: texts are written in its memory, and then copied, which needs no more than their
// length.
var spare atomic.Pointer[Writer]

// NewWriter returns a writer.
func NewWriter() *Writer {
	if w := spare.Swap(nil); w != nil {
		return w
	}
	return new(Writer)
}

// Text returns what was written, and ends the writing: the writer must not be used again.
func (w *Writer) Text() string {
	text := string(w.text)
	if cap(w.text) <= maxSpare {
		clear(w.text) // it may have a token in it
		w.text = w.text[:0]
		spare.Store(w)
	}
	return text
}

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

// Member is Name for a name that needs no escaping.
func (w *Writer) Member(name string) {
	w.comma()
	w.text = append(w.text, '"')
	w.text = append(w.text, name...)
	w.text = append(w.text, '"', ':')
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
	text := append(w.text, '"')
	for others := uint64(tops); ; {
		n := ordinary(s, others)
		text = append(text, s[:n]...)
		if s = s[n:]; s == "" {
			break
		}
		if c := s[0]; c < 0x80 {
			text = append(text, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
			s = s[1:]
		} else {
			s, others = valid(s), 0
		}
	}
	w.text = append(text, '"')
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
