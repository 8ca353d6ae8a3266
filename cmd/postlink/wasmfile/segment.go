//go:build !js

package wasmfile

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
)

// Segment is what is copied to an address of the memory when the module is
// instantiated: an active data segment, in the specification's words.
type Segment struct {
	Address uint32
	Data    []byte
}

// End is where the next segment may begin: 1<<32 after one that ends the memory.
func (s Segment) End() uint64 { return uint64(s.Address) + uint64(len(s.Data)) }

// parseDataSegments reads a data section, and returns its segments by address.
// They fit into the memory and do not overlap, so that it makes no difference
// in which order they are copied. The Go linker's are in the order of its
// sections, which is another one.
func parseDataSegments(r *Reader, memory uint64) ([]Segment, error) {
	count, err := r.U32()
	if err != nil {
		return nil, err
	}
	var segments []Segment
	for range count {
		at := *r
		s, err := parseDataSegment(r)
		if err != nil {
			return nil, err
		}
		if s.End() > memory {
			return nil, at.Errorf("data segment ends at address %#x, but the memory at %#x", s.End(), memory)
		}
		segments = append(segments, s)
	}
	slices.SortFunc(segments, func(a, b Segment) int {
		return cmp.Or(cmp.Compare(a.Address, b.Address), cmp.Compare(a.End(), b.End()))
	})
	for i := 1; i < len(segments); i++ {
		if a, b := segments[i-1], segments[i]; uint64(b.Address) < a.End() {
			return nil, fmt.Errorf("data segments at addresses %#x to %#x and %#x to %#x overlap", a.Address, a.End(), b.Address, b.End())
		}
	}
	return segments, r.End()
}

func parseDataSegment(r *Reader) (s Segment, err error) {
	flags, err := r.U32()
	if err != nil {
		return s, err
	}
	if flags != 0 {
		return s, r.Errorf("data segment with flags %#x: only 0, active in memory 0, is understood", flags)
	}
	if s.Address, err = parseAddress(r); err != nil {
		return s, err
	}
	size, err := r.U32()
	if err != nil {
		return s, err
	}
	s.Data, err = r.Bytes(size)
	return s, err
}

// parseAddress reads the expression that a segment's address is: a constant,
// written as a signed integer, so that the memory's upper half is negative.
func parseAddress(r *Reader) (uint32, error) {
	op, err := r.Byte()
	if err != nil {
		return 0, err
	}
	if op != OpI32Const {
		return 0, r.Errorf("data segment's address is computed by instruction %#x: only i32.const is understood", op)
	}
	address, err := r.S32()
	if err != nil {
		return 0, err
	}
	if op, err = r.Byte(); err != nil {
		return 0, err
	}
	if op != OpEnd {
		return 0, r.Errorf("instruction %#x after the i32.const of a data segment's address: only end is understood", op)
	}
	return uint32(address), nil
}

// maxMemory bounds the data of a Go program, which has no large holes.
const maxMemory = 1 << 28

// Memory is the module's memory as it is when the program begins, from its first
// byte of data to its last.
func (m *Module) Memory() (Segment, error) {
	if len(m.Segments) == 0 {
		return Segment{}, errors.New("no data")
	}
	first, last := m.Segments[0], m.Segments[len(m.Segments)-1]
	memory := Segment{Address: first.Address}
	size := last.End() - uint64(first.Address)
	if size > maxMemory {
		return memory, fmt.Errorf("data spans %d bytes: more than %d are not understood", size, maxMemory)
	}
	memory.Data = make([]byte, size)
	for _, s := range m.Segments {
		copy(memory.Data[s.Address-first.Address:], s.Data)
	}
	return memory, nil
}

// Split leaves out the zeros, as the linker does: all runs that take more than a
// new segment.
func (s Segment) Split() []Segment {
	const segmentOverhead = 8
	var segments []Segment
	for offset := 0; offset < len(s.Data); {
		size, zeros := 0, 0
		for _, b := range s.Data[offset:] {
			if zeros++; b != 0 {
				size, zeros = size+zeros, 0
			} else if zeros == segmentOverhead {
				break
			}
		}
		if size > 0 {
			segments = append(segments, Segment{s.Address + uint32(offset), s.Data[offset : offset+size : offset+size]})
		}
		offset += size + zeros
	}
	return segments
}

func dataSectionBody(segments []Segment) ([]byte, error) {
	body := AppendU32(nil, uint32(len(segments)))
	for _, s := range segments {
		body = append(body, 0, OpI32Const)
		body = AppendS32(body, int32(s.Address))
		body = append(body, OpEnd)
		body = AppendU32(body, uint32(len(s.Data)))
		body = append(body, s.Data...)
	}
	if uint64(len(body)) > math.MaxUint32 { // a segment's size is less than that
		return nil, fmt.Errorf("merged data section of %d bytes is too large", len(body))
	}
	return body, nil
}
