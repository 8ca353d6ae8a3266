package json

import "unicode/utf8"

// readString reads the string whose opening quote is next. Most strings need no change and share the text's memory.
func (r *Reader) readString() string {
	r.pos++
	start := r.pos
	for i := start; i < len(r.text); i++ {
		for i+8 < len(r.text) && areOrdinary(eightAt(r.text, i)) {
			i += 8
		}
		switch c := r.text[i]; {
		case c == '"':
			r.pos = i + 1
			s := r.text[start:i]
			if !r.valid {
				s = valid(s)
			}
			return s
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

// eightAt returns the eight bytes of s at i, as one number.
func eightAt(s string, i int) uint64 {
	b := s[i : i+8]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

const (
	each = 0x0101010101010101 // of eight bytes
	tops = each * 0x80        // their highest bits
)

// areOrdinary tells whether none of eight bytes is a control character, a quote or a backslash: in a difference, the
// highest bit of a byte that is less than what is subtracted is set.
func areOrdinary(x uint64) bool {
	quotes, backslashes := x^each*'"', x^each*'\\'
	return ((x-each*' ')&^x|(quotes-each)&^quotes|(backslashes-each)&^backslashes)&tops == 0
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
