//go:build !js

package main

import "fmt"

// reader reads a part of a module. Its errors tell the offset in the module.
type reader struct {
	rest   []byte
	offset int // of rest in the module
}

func (r *reader) errorf(format string, args ...any) error {
	return fmt.Errorf("offset %#x: %s", r.offset, fmt.Sprintf(format, args...))
}

func (r *reader) byte() (byte, error) {
	b, err := r.bytes(1)
	if err != nil {
		return 0, err
	}
	return b[0], nil
}

func (r *reader) bytes(n uint32) ([]byte, error) {
	if uint64(n) > uint64(len(r.rest)) {
		return nil, r.errorf("truncated: %d bytes wanted, %d left", n, len(r.rest))
	}
	b := r.rest[:n:n] // appending to it must not reach into the module
	r.rest, r.offset = r.rest[n:], r.offset+int(n)
	return b, nil
}

// part returns a reader of the next n bytes.
func (r *reader) part(n uint32) (*reader, error) {
	offset := r.offset
	b, err := r.bytes(n)
	return &reader{rest: b, offset: offset}, err
}

// section reads the id of a section, and returns a reader of its content.
func (r *reader) section() (id byte, body *reader, err error) {
	if id, err = r.byte(); err != nil {
		return 0, nil, err
	}
	size, err := r.u32()
	if err != nil {
		return 0, nil, err
	}
	body, err = r.part(size)
	return id, body, err
}

// name reads a text, which has its size in front.
func (r *reader) name() ([]byte, error) {
	size, err := r.u32()
	if err != nil {
		return nil, err
	}
	return r.bytes(size)
}

// end is an error unless everything has been read.
func (r *reader) end() error {
	if len(r.rest) > 0 {
		return r.errorf("%d trailing bytes", len(r.rest))
	}
	return nil
}
