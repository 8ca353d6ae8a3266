//go:build !js

package main

import "bytes"

// maxGap is the gap from which on two segments stay apart. Brotli's result no
// longer gets smaller above some 48 bytes; the module would only grow.
const maxGap = 64

// merged is a module with fewer data segments.
type merged struct {
	module                        []byte
	segmentsBefore, segmentsAfter int
}

// merge merges the data segments of a module that are less than maxGap apart.
// A module where there are none comes back as it is.
func merge(b []byte) (merged, error) {
	m, err := parseModule(b)
	if err != nil {
		return merged{}, err
	}
	segments := mergeSegments(m.segments)
	result := merged{module: b, segmentsBefore: len(m.segments), segmentsAfter: len(segments)}
	if len(segments) == len(m.segments) {
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
