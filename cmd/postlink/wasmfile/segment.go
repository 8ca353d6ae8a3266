//go:build !js

package wasmfile

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
)

// Segment is an active data segment: the browser copies Data to Address when it instantiates the module.
type Segment struct {
	Address uint32
	Data    []byte
}

// End returns the address after the segment. It can be 1<<32.
func (s Segment) End() uint64 { return uint64(s.Address) + uint64(len(s.Data)) }

// parseDataSegments returns the segments of a data section, sorted by address. It is an error if they overlap or do not fit into
// the memory, so their order does not matter.
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

// parseAddress reads the address of a segment. It is a constant and signed: the upper half of the memory is negative.
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

// maxMemory limits the bytes of data of a program.
const maxMemory = 1 << 28

// Memory returns the initial content of the memory, from address 0 to the last byte of data.
func (m *Module) Memory() (Segment, error) {
	if len(m.Segments) == 0 {
		return Segment{}, errors.New("no data")
	}
	size := m.Segments[len(m.Segments)-1].End()
	if size > maxMemory {
		return Segment{}, fmt.Errorf("data up to address %#x: only %#x is supported", size, maxMemory)
	}
	memory := Segment{Data: make([]byte, size)}
	for _, s := range m.Segments {
		copy(memory.Data[s.Address:], s.Data)
	}
	return memory, nil
}

// Split splits a segment at runs of zeros that take more bytes than the head of a new segment, as the linker does.
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
	if uint64(len(body)) > math.MaxUint32 { // the format has 32 bits for the size
		return nil, fmt.Errorf("merged data section of %d bytes is too large", len(body))
	}
	return body, nil
}
