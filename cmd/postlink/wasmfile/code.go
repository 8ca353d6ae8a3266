//go:build !js

package wasmfile

// Bodies returns the code of each function that the module defines.
func (m *Module) Bodies() ([][]byte, error) {
	count, r, err := m.Section(SectionCode)
	if err != nil {
		return nil, err
	}
	bodies := make([][]byte, count)
	for i := range bodies {
		size, err := r.U32()
		if err != nil {
			return nil, err
		}
		if bodies[i], err = r.Bytes(size); err != nil {
			return nil, err
		}
	}
	return bodies, r.End()
}

// WithBodies returns a copy of the module with other code of its functions.
func (m *Module) WithBodies(bodies [][]byte) *Module {
	return m.With(SectionCode, AppendBodies(bodies))
}

// AppendBodies returns the content of a code section.
func AppendBodies(bodies [][]byte) []byte {
	body := AppendU32(nil, uint32(len(bodies)))
	for _, code := range bodies {
		body = append(AppendU32(body, uint32(len(code))), code...)
	}
	return body
}
