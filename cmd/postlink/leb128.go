//go:build !js

package main

// WebAssembly's integers are LEB128: 7 bits a byte, the lowest first, the top
// bit set in all but the last byte. They may be padded, which the Go linker
// does with its section sizes, but to no more than the 5 bytes that 32 bits
// can need, and the bits to spare in the fifth must extend the integer.

// leb128 reads up to 5 bytes. It returns their bits, and how many these are.
func (r *reader) leb128() (bits uint64, size int, err error) {
	for size < 5*7 {
		b, err := r.byte()
		if err != nil {
			return 0, 0, err
		}
		bits |= uint64(b&0x7f) << size
		size += 7
		if b&0x80 == 0 {
			return bits, size, nil
		}
	}
	return 0, 0, r.errorf("LEB128 integer of more than 5 bytes")
}

func (r *reader) u32() (uint32, error) {
	bits, _, err := r.leb128()
	if err == nil && bits != uint64(uint32(bits)) {
		err = r.errorf("LEB128 integer of more than 32 bits")
	}
	return uint32(bits), err
}

func (r *reader) s32() (int32, error) {
	bits, size, err := r.leb128()
	v := int64(bits) << (64 - size) >> (64 - size) // extends the sign
	if err == nil && v != int64(int32(v)) {
		err = r.errorf("LEB128 integer of more than 32 bits")
	}
	return int32(v), err
}

func appendU32(b []byte, v uint32) []byte {
	for ; v >= 0x80; v >>= 7 {
		b = append(b, byte(v)|0x80)
	}
	return append(b, byte(v))
}

func appendS32(b []byte, v int32) []byte {
	for ; v < -0x40 || v >= 0x40; v >>= 7 {
		b = append(b, byte(v)|0x80)
	}
	return append(b, byte(v)&0x7f)
}
