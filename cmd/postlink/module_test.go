//go:build !js

package main

import "slices"

// A module made by hand: bytes, and what concatenates them.

func concat(parts ...[]byte) []byte { return slices.Concat(parts...) }

func hand(sections ...[]byte) []byte {
	return concat([]byte(preamble), concat(sections...))
}

func sectionOf(id byte, body ...byte) []byte {
	return concat(appendU32([]byte{id}, uint32(len(body))), body)
}

// onePage is the section that declares a memory of 64 KiB.
var onePage = sectionOf(sectionMemory, 1, 0, 1)

func data(segments ...[]byte) []byte {
	return sectionOf(sectionData, concat(appendU32(nil, uint32(len(segments))), concat(segments...))...)
}

func segment(address uint32, content ...byte) []byte {
	s := append(appendS32([]byte{0, opI32Const}, int32(address)), opEnd)
	return concat(appendU32(s, uint32(len(content))), content)
}

// imageOf is a fresh memory after the segments have been copied to it in their
// order: the bytes that are not zero, by address.
func imageOf(segments []dataSegment) map[uint32]byte {
	memory := make(map[uint32]byte)
	for _, s := range segments {
		for i, b := range s.data {
			if address := s.address + uint32(i); b != 0 {
				memory[address] = b
			} else {
				delete(memory, address)
			}
		}
	}
	return memory
}

// merged is a module with fewer data segments.
type merged struct {
	module                        []byte
	segmentsBefore, segmentsAfter int
}

func merge(in []byte, slim bool) (merged, error) {
	m, err := parseModule(in)
	if err != nil {
		return merged{}, err
	}
	result := merged{segmentsBefore: len(m.segments)}
	if m, err = process(m, slim, beginning{}); err != nil {
		return merged{}, err
	}
	result.segmentsAfter = len(m.segments)
	result.module, err = m.bytes()
	return result, err
}
