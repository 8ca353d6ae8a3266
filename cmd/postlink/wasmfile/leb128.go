//go:build !js

package wasmfile

// WebAssembly's integers are LEB128: 7 bits a byte, the lowest first, the top
// bit set in all but the last byte. They may be padded, which the Go linker
// does with its section sizes, but to no more than the 5 bytes that 32 bits
// can need, and the bits to spare in the fifth must extend the integer.

// leb128 reads up to so many bytes. It returns their bits, and how many these are.
func (r *Reader) leb128(bytes int) (bits uint64, size int, err error) {
	for size < bytes*7 {
		b, err := r.Byte()
		if err != nil {
			return 0, 0, err
		}
		bits |= uint64(b&0x7f) << size
		size += 7
		if b&0x80 == 0 {
			return bits, size, nil
		}
	}
	return 0, 0, r.Errorf("LEB128 integer of more than %d bytes", bytes)
}

func (r *Reader) U32() (uint32, error) {
	bits, _, err := r.leb128(5)
	if err == nil && bits != uint64(uint32(bits)) {
		err = r.Errorf("LEB128 integer of more than 32 bits")
	}
	return uint32(bits), err
}

func (r *Reader) S32() (int32, error) {
	bits, size, err := r.leb128(5)
	v := int64(bits) << (64 - size) >> (64 - size) // extends the sign
	if err == nil && v != int64(int32(v)) {
		err = r.Errorf("LEB128 integer of more than 32 bits")
	}
	return int32(v), err
}

// S64 reads an integer of any size: in code there are some of 64 bits.
func (r *Reader) S64() (int64, error) {
	bits, size, err := r.leb128(10)
	if size < 64 {
		return int64(bits) << (64 - size) >> (64 - size), err
	}
	return int64(bits), err
}

func AppendU32(b []byte, v uint32) []byte {
	for ; v >= 0x80; v >>= 7 {
		b = append(b, byte(v)|0x80)
	}
	return append(b, byte(v))
}

func AppendS32(b []byte, v int32) []byte { return AppendS64(b, int64(v)) }

func AppendS64(b []byte, v int64) []byte {
	for ; v < -0x40 || v >= 0x40; v >>= 7 {
		b = append(b, byte(v)|0x80)
	}
	return append(b, byte(v)&0x7f)
}
