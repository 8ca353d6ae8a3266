//go:build !js

package wasmfile

// maxGap is the gap from which on two segments stay apart: beyond some hundreds
// of bytes it makes next to no difference in brotli, and the module would grow.
const maxGap = 4096

// MergeSegments merges data segments that are less than maxGap apart, and fills
// the gaps with zeros, which are what is there anyway: the memory is the
// module's own and all zeros when it is made, the segments are copied to it
// once, before any code runs, and none of them writes between two neighbours.
func (m *Module) MergeSegments() {
	var result []Segment
	for _, s := range m.Segments {
		if len(result) > 0 {
			last := &result[len(result)-1]
			if gap := uint64(s.Address) - last.End(); gap < maxGap {
				last.Data = append(last.Data, make([]byte, gap)...)
				last.Data = append(last.Data, s.Data...)
				continue
			}
		}
		result = append(result, s)
	}
	m.Segments = result
}
