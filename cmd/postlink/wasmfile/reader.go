//go:build !js

package wasmfile

import "fmt"

// Reader reads a part of a module. Its errors say the offset in the module.
type Reader struct {
	Rest   []byte
	Offset int // of Rest in the module
}

func (r *Reader) Errorf(format string, args ...any) error {
	return fmt.Errorf("offset %#x: %s", r.Offset, fmt.Sprintf(format, args...))
}

func (r *Reader) Byte() (byte, error) {
	b, err := r.Bytes(1)
	if err != nil {
		return 0, err
	}
	return b[0], nil
}

func (r *Reader) Bytes(n uint32) ([]byte, error) {
	if uint64(n) > uint64(len(r.Rest)) {
		return nil, r.Errorf("truncated: needs %d bytes, %d left", n, len(r.Rest))
	}
	b := r.Rest[:n:n] // append must not write to the module
	r.Rest, r.Offset = r.Rest[n:], r.Offset+int(n)
	return b, nil
}

// Part returns a reader of the next n bytes.
func (r *Reader) Part(n uint32) (*Reader, error) {
	offset := r.Offset
	b, err := r.Bytes(n)
	return &Reader{Rest: b, Offset: offset}, err
}

// section reads the id of a section, and returns a reader of its content.
func (r *Reader) section() (id byte, body *Reader, err error) {
	if id, err = r.Byte(); err != nil {
		return 0, nil, err
	}
	size, err := r.U32()
	if err != nil {
		return 0, nil, err
	}
	body, err = r.Part(size)
	return id, body, err
}

// Name reads a string: its size, then its bytes.
func (r *Reader) Name() ([]byte, error) {
	size, err := r.U32()
	if err != nil {
		return nil, err
	}
	return r.Bytes(size)
}

// End returns an error if something is left.
func (r *Reader) End() error {
	if len(r.Rest) > 0 {
		return r.Errorf("%d trailing bytes", len(r.Rest))
	}
	return nil
}
