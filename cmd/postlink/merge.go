//go:build !js

package main

import "bytes"

// maxGap is the gap from which on two segments stay apart: beyond some hundreds
// of bytes it makes next to no difference in brotli, and the module would grow.
const maxGap = 4096

// merged is a module with fewer data segments.
type merged struct {
	module                        []byte
	segmentsBefore, segmentsAfter int
}

// merge merges the data segments of a module that are less than maxGap apart.
// Go's tables, where their layout is known, are tidied first, or made slim. A
// module where there is nothing to do comes back as it is.
func merge(b []byte, slim bool) (merged, error) {
	m, err := parseModule(b)
	if err != nil {
		return merged{}, err
	}
	result := merged{module: b, segmentsBefore: len(m.segments)}
	known := m.requireGo(knownGo)
	switch {
	case known == nil:
		err = m.rewritePclntab(slim)
	case slim:
		err = known
	}
	if err != nil {
		return merged{}, err
	}
	segments := mergeSegments(m.segments)
	result.segmentsAfter = len(segments)
	if known != nil && result.segmentsAfter == result.segmentsBefore {
		return result, nil
	}
	result.module, err = appendDataSection(bytes.Clone(m.beforeData), segments)
	result.module = append(result.module, m.afterData...)
	return result, err
}

// mergeSegments merges segments that are in the order of their addresses, and
// fills the gaps with zeros, which are what is there anyway: the memory is the
// module's own and all zeros when it is made, the segments are copied to it
// once, before any code runs, and none of them writes between two neighbours.
func mergeSegments(segments []dataSegment) []dataSegment {
	var result []dataSegment
	for _, s := range segments {
		if len(result) > 0 {
			last := &result[len(result)-1]
			if gap := uint64(s.address) - last.end(); gap < maxGap {
				last.data = append(last.data, make([]byte, gap)...)
				last.data = append(last.data, s.data...)
				continue
			}
		}
		result = append(result, s)
	}
	return result
}
