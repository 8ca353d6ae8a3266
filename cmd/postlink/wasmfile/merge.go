//go:build !js

package wasmfile

// maxGap is the smallest gap, in bytes, at which two segments stay apart. A larger value makes the module larger, and brotli no
// smaller.
const maxGap = 16384

// MergeSegments merges data segments that are less than maxGap apart, and fills the gaps with zeros. The memory is the same: it
// belongs to the module, so it is zero before the segments are copied, and that happens once, before any code runs.
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
