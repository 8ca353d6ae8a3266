//go:build !js

package wasmfile

import "slices"

// A module made by hand: bytes, and what concatenates them.

func concat(parts ...[]byte) []byte { return slices.Concat(parts...) }

func hand(sections ...[]byte) []byte {
	return concat([]byte(preamble), concat(sections...))
}

func sectionOf(id byte, body ...byte) []byte {
	return concat(AppendU32([]byte{id}, uint32(len(body))), body)
}

// onePage is the section that declares a memory of 64 KiB.
var onePage = sectionOf(SectionMemory, 1, 0, 1)

func data(segments ...[]byte) []byte {
	return sectionOf(SectionData, concat(AppendU32(nil, uint32(len(segments))), concat(segments...))...)
}

func segment(address uint32, content ...byte) []byte {
	s := append(AppendS32([]byte{0, OpI32Const}, int32(address)), OpEnd)
	return concat(AppendU32(s, uint32(len(content))), content)
}

// imageOf is a fresh memory after the segments have been copied to it in their
// order: the bytes that are not zero, by address.
func imageOf(segments []Segment) map[uint32]byte {
	memory := make(map[uint32]byte)
	for _, s := range segments {
		for i, b := range s.Data {
			if address := s.Address + uint32(i); b != 0 {
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

func merge(in []byte) (merged, error) {
	m, err := Parse(in)
	if err != nil {
		return merged{}, err
	}
	result := merged{segmentsBefore: len(m.Segments)}
	m.MergeSegments()
	result.segmentsAfter = len(m.Segments)
	result.module, err = m.Bytes()
	return result, err
}
