//go:build !js

package wasmfile

const functionType = 0x60

// Parameters returns how many parameters each type of function has, by the index of the type.
func (m *Module) Parameters() ([]int, error) {
	count, r, err := m.Section(SectionType)
	if err != nil {
		return nil, err
	}
	var parameters []int
	for range count {
		form, err := r.Byte()
		if err != nil {
			return nil, err
		}
		if form != functionType {
			return nil, r.Errorf("type of form %#x: only functions, %#x, are understood", form, functionType)
		}
		taken, err := r.Name() // has the form of a name: how many, and a byte for each
		if err != nil {
			return nil, err
		}
		if _, err := r.Name(); err != nil { // the results
			return nil, err
		}
		parameters = append(parameters, len(taken))
	}
	return parameters, r.End()
}

// FunctionTypes returns the index of the type of each function that the module defines.
func (m *Module) FunctionTypes() ([]uint32, error) {
	count, r, err := m.Section(SectionFunction)
	if err != nil {
		return nil, err
	}
	types := make([]uint32, count)
	for i := range types {
		if types[i], err = r.U32(); err != nil {
			return nil, err
		}
	}
	return types, r.End()
}

// AppendFunctionTypes returns the content of a function section.
func AppendFunctionTypes(types []uint32) []byte {
	b := AppendU32(nil, uint32(len(types)))
	for _, t := range types {
		b = AppendU32(b, t)
	}
	return b
}
