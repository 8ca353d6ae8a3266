//go:build !js

package main

// rawSection is a section of a module, by its id.
type rawSection struct {
	id   byte
	body []byte
}

// rawModule is a module as the sections that it is made of.
type rawModule []rawSection

// parseSections takes a module apart, of which parseModule has seen that it can be.
func parseSections(b []byte) (rawModule, error) {
	r := &reader{rest: b[len(preamble):], offset: len(preamble)}
	var m rawModule
	for len(r.rest) > 0 {
		id, body, err := r.section()
		if err != nil {
			return nil, err
		}
		m = append(m, rawSection{id, body.rest})
	}
	return m, nil
}

func (m rawModule) bytes() []byte {
	b := []byte(preamble)
	for _, s := range m {
		b = append(b, s.id)
		b = appendU32(b, uint32(len(s.body)))
		b = append(b, s.body...)
	}
	return b
}

// with returns the module with another body for a section.
func (m rawModule) with(id byte, body []byte) rawModule {
	result := make(rawModule, len(m))
	for i, s := range m {
		if result[i] = s; s.id == id {
			result[i].body = body
		}
	}
	return result
}

// section reads a section: how many elements it has, and what these are.
func (m rawModule) section(id byte) (count uint32, elements *reader, err error) {
	for _, s := range m {
		if s.id == id {
			elements = &reader{rest: s.body}
			count, err = elements.u32()
			return count, elements, err
		}
	}
	return 0, &reader{}, nil
}

// appended is a section's body with more elements at its end.
func (m rawModule) appended(id byte, more ...[]byte) ([]byte, error) {
	count, elements, err := m.section(id)
	body := append(appendU32(nil, count+uint32(len(more))), elements.rest...)
	for _, element := range more {
		body = append(body, element...)
	}
	return body, err
}

// functionBodies returns the code of each function that the module defines.
func (m rawModule) functionBodies() ([][]byte, error) {
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

func codeSectionBody(bodies [][]byte) []byte {
	body := appendU32(nil, uint32(len(bodies)))
	for _, code := range bodies {
		body = append(appendU32(body, uint32(len(code))), code...)
	}
	return body
}
