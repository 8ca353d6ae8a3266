//go:build !js

package main

// functionBodies returns the code of each function that the module defines.
func (m *module) functionBodies() ([][]byte, error) {
	count, r, err := m.section(sectionCode)
	if err != nil {
		return nil, err
	}
	bodies := make([][]byte, count)
	for i := range bodies {
		size, err := r.u32()
		if err != nil {
			return nil, err
		}
		if bodies[i], err = r.bytes(size); err != nil {
			return nil, err
		}
	}
	return bodies, r.end()
}

// withBodies returns a copy of the module with other code of its functions.
func (m *module) withBodies(bodies [][]byte) *module {
	body := appendU32(nil, uint32(len(bodies)))
	for _, code := range bodies {
		body = append(appendU32(body, uint32(len(code))), code...)
	}
	return m.with(sectionCode, body)
}
