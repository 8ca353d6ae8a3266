//go:build !js

package wasmfile

const (
	ExportFunction = 0
	ExportTable    = 1
	ExportGlobal   = 3
)

// Export is something that the module exports.
type Export struct {
	Name  string
	Kind  byte
	Index uint32
}

func (m *Module) Exports() ([]Export, error) {
	count, r, err := m.Section(SectionExport)
	if err != nil {
		return nil, err
	}
	var exports []Export
	for range count {
		name, err := r.Name()
		if err != nil {
			return nil, err
		}
		kind, err := r.Byte()
		if err != nil {
			return nil, err
		}
		index, err := r.U32()
		if err != nil {
			return nil, err
		}
		exports = append(exports, Export{string(name), kind, index})
	}
	return exports, r.End()
}

func (e Export) Append(b []byte) []byte {
	return AppendU32(append(appendName(b, e.Name), e.Kind), e.Index)
}

func AppendExports(exports []Export) []byte {
	b := AppendU32(nil, uint32(len(exports)))
	for _, e := range exports {
		b = e.Append(b)
	}
	return b
}
