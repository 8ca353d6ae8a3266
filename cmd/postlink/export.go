//go:build !js

package main

const (
	exportFunction = 0
	exportGlobal   = 3
)

// export is what the module gives the host, by its name.
type export struct {
	name  string
	kind  byte
	index uint32
}

func (m *module) exports() ([]export, error) {
	count, r, err := m.section(sectionExport)
	if err != nil {
		return nil, err
	}
	var exports []export
	for range count {
		name, err := r.name()
		if err != nil {
			return nil, err
		}
		kind, err := r.byte()
		if err != nil {
			return nil, err
		}
		index, err := r.u32()
		if err != nil {
			return nil, err
		}
		exports = append(exports, export{string(name), kind, index})
	}
	return exports, r.end()
}

func (e export) append(b []byte) []byte {
	b = appendU32(b, uint32(len(e.name)))
	b = append(b, e.name...)
	return appendU32(append(b, e.kind), e.index)
}

func appendExports(exports []export) []byte {
	b := appendU32(nil, uint32(len(exports)))
	for _, e := range exports {
		b = e.append(b)
	}
	return b
}
