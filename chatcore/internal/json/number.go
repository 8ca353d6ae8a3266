package json

// Int reads a whole number of at most 15 digits, which every JSON implementation holds exactly.
func (r *Reader) Int() int64 {
	c := r.peek()
	if !isNumber(c) {
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
