//go:build !js

package main

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
)

// dataSegment is what is copied to an address of the memory when the module is
// instantiated: an active data segment, in the specification's words.
type dataSegment struct {
	address uint32
	data    []byte
}

// end is where the next segment may begin: 1<<32 after one that ends the memory.
func (s dataSegment) end() uint64 { return uint64(s.address) + uint64(len(s.data)) }

// parseDataSegments reads a data section, and returns its segments by address.
// They fit into the memory and do not overlap, so that it makes no difference
// in which order they are copied. The Go linker's are in the order of its
// sections, which is another one.
func parseDataSegments(r *reader, memory uint64) ([]dataSegment, error) {
	count, err := r.u32()
	if err != nil {
		return nil, err
	}
	var segments []dataSegment
	for range count {
		at := *r
		s, err := parseDataSegment(r)
		if err != nil {
			return nil, err
		}
		if s.end() > memory {
			return nil, at.errorf("data segment ends at address %#x, but the memory at %#x", s.end(), memory)
		}
		segments = append(segments, s)
	}
	slices.SortFunc(segments, func(a, b dataSegment) int {
		return cmp.Or(cmp.Compare(a.address, b.address), cmp.Compare(a.end(), b.end()))
	})
	for i := 1; i < len(segments); i++ {
		if a, b := segments[i-1], segments[i]; uint64(b.address) < a.end() {
			return nil, fmt.Errorf("data segments at addresses %#x to %#x and %#x to %#x overlap", a.address, a.end(), b.address, b.end())
		}
	}
	return segments, r.end()
}

func parseDataSegment(r *reader) (s dataSegment, err error) {
	flags, err := r.u32()
	if err != nil {
		return s, err
	}
	if flags != 0 {
		return s, r.errorf("data segment with flags %#x: only 0, active in memory 0, is understood", flags)
	}
	if s.address, err = parseAddress(r); err != nil {
		return s, err
	}
	size, err := r.u32()
	if err != nil {
		return s, err
	}
	s.data, err = r.bytes(size)
	return s, err
}

// parseAddress reads the expression that a segment's address is: a constant,
// written as a signed integer, so that the memory's upper half is negative.
func parseAddress(r *reader) (uint32, error) {
	op, err := r.byte()
	if err != nil {
		return 0, err
	}
	if op != opI32Const {
		return 0, r.errorf("data segment's address is computed by instruction %#x: only i32.const is understood", op)
	}
	address, err := r.s32()
	if err != nil {
		return 0, err
	}
	if op, err = r.byte(); err != nil {
		return 0, err
	}
	if op != opEnd {
		return 0, r.errorf("instruction %#x after the i32.const of a data segment's address: only end is understood", op)
	}
	return uint32(address), nil
}

// memory is the module's memory as it is when the program begins, from its first
// byte of data to its last.
func (m *module) memory() (dataSegment, error) {
	if len(m.segments) == 0 {
		return dataSegment{}, errors.New("no data")
	}
	first, last := m.segments[0], m.segments[len(m.segments)-1]
	memory := dataSegment{address: first.address}
	size := last.end() - uint64(first.address)
	if size > maxMemory {
		return memory, fmt.Errorf("data spans %d bytes: more than %d are not understood", size, maxMemory)
	}
	memory.data = make([]byte, size)
	for _, s := range m.segments {
		copy(memory.data[s.address-first.address:], s.data)
	}
	return memory, nil
}

// split leaves out the zeros, as the linker does: all runs that take more than a
// new segment.
func (s dataSegment) split() []dataSegment {
	const segmentOverhead = 8
	var segments []dataSegment
	for offset := 0; offset < len(s.data); {
		size, zeros := 0, 0
		for _, b := range s.data[offset:] {
			if zeros++; b != 0 {
				size, zeros = size+zeros, 0
			} else if zeros == segmentOverhead {
				break
			}
		}
		if size > 0 {
			segments = append(segments, dataSegment{s.address + uint32(offset), s.data[offset : offset+size : offset+size]})
		}
		offset += size + zeros
	}
	return segments
}

func dataSectionBody(segments []dataSegment) ([]byte, error) {
	body := appendU32(nil, uint32(len(segments)))
	for _, s := range segments {
		body = append(body, 0, opI32Const)
		body = appendS32(body, int32(s.address))
		body = append(body, opEnd)
		body = appendU32(body, uint32(len(s.data)))
		body = append(body, s.data...)
	}
	if uint64(len(body)) > math.MaxUint32 { // a segment's size is less than that
		return nil, fmt.Errorf("merged data section of %d bytes is too large", len(body))
	}
	return body, nil
}
