//go:build !js

package wasmfile

// WebAssembly writes integers in LEB128: 7 bits a byte, the lowest first, with the top bit set in all bytes except the last. The
// Go linker pads section sizes to 5 bytes, the most that 32 bits may take. The spare bits of the fifth byte extend the integer.

// leb128 reads an integer of at most bytes bytes. size is how many bits it has read.
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

// S64 reads a signed integer of up to 64 bits.
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
