//go:build !js

package wasmfile

// Elements is an active element segment: the browser writes Functions to the table, from the index At on.
type Elements struct {
	At        uint32
	Functions []uint32
}

// AppendElements returns the content of an element section for the one table.
func AppendElements(segments []Elements) []byte {
	b := AppendU32(nil, uint32(len(segments)))
	for _, s := range segments {
		b = AppendS32(append(b, 0, OpI32Const), int32(s.At))
		b = AppendU32(append(b, OpEnd), uint32(len(s.Functions)))
		for _, function := range s.Functions {
			b = AppendU32(b, function)
		}
	}
	return b
}
