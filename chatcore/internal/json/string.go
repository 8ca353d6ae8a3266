package json

import (
	"math/bits"
	"unicode/utf8"
)

// readString reads the string whose opening quote is next. Most strings need no change and share the text's memory.
func (r *Reader) readString() string {
	start := r.pos + 1
	end := start + ordinary(r.text[start:], 0)
	if end == len(r.text) || r.text[end] != '"' {
		return r.unescape(start, end)
	}
	r.pos = end + 1
	s := r.text[start:end]
	if !r.valid {
		s = valid(s)
	}
	return s
}

// ordinary returns how many bytes s begins with that are no control characters, quotes and backslashes, and have none of the
// other bits.
func ordinary(s string, others uint64) int {
	i := 0
	for ; i+8 <= len(s); i += 8 {
		if found := special(eightAt(s, i)) | eightAt(s, i)&others; found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
	for ; i < len(s); i++ {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c&byte(others) != 0 {
			break
		}
	}
	return i
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

// special returns the highest bit of the first of eight bytes that is a control character, a quote or a backslash, and perhaps of
// later ones; 0 where none is: in a difference, the highest bit of a byte that is less than what is subtracted is set.
func special(x uint64) uint64 {
	quotes, backslashes := x^each*'"', x^each*'\\'
	return ((x-each*' ')&^x | (quotes-each)&^quotes | (backslashes-each)&^backslashes) & tops
}

// Escapes of one letter, and what they stand for.
const (
	letters  = `"\/bfnrt`
	lettersU = "\"\\/\b\f\n\r\t"
)

// unescape reads on where a string has something else than ordinary bytes, at i.
func (r *Reader) unescape(start, i int) string {
	out := append(r.unescaped[:0], r.text[start:i]...)
	for i < len(r.text) {
		switch c := r.text[i]; {
		case c == '"':
			r.pos = i + 1
			r.unescaped = out
			return valid(string(out))
		case c < ' ':
			r.pos = i
			r.syntax("control character in a string")
			return ""
		case i+1 < len(r.text): // a backslash
			i++
			if n := indexByte(letters, r.text[i]); n >= 0 {
				out = append(out, lettersU[n])
				i++
				break
			}
			unit, ok := r.unit(i)
			if !ok {
				r.pos = i
				r.syntax("unknown escape in a string")
				return ""
			}
			i += 5
			if low, ok := r.unit(i + 1); ok && r.text[i] == '\\' && unit>>10 == 0xD800>>10 && low>>10 == 0xDC00>>10 {
				unit = 0x10000 + (unit-0xD800)<<10 + (low - 0xDC00)
				i += 6
			}
			out = utf8.AppendRune(out, unit) // a lone surrogate becomes U+FFFD
		default:
			i++
		}
		n := ordinary(r.text[i:], 0)
		out = append(out, r.text[i:i+n]...)
		i += n
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

// Lines splits a text at its line breaks.
func Lines(s string) []string {
	lines := make([]string, 0, 4)
	start := 0
	for i := 0; i < len(s); {
		if i+8 <= len(s) {
			x := eightAt(s, i) ^ each*'\n' // whose bytes are 0 where there is a line break
			found := (x - each) &^ x & tops
			if found == 0 {
				i += 8
				continue
			}
			i += bits.TrailingZeros64(found) / 8
		} else if s[i] != '\n' {
			i++
			continue
		}
		lines = append(lines, s[start:i])
		i++
		start = i
	}
	return append(lines, s[start:])
}
