//go:build !js

package wasmfile

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTypes(t *testing.T) {
	m := &Module{}
	m.Append(SectionType, []byte{2, functionType, 2, TypeI64, TypeI32, 1, TypeI64, functionType, 0, 0})
	m.Append(SectionFunction, AppendFunctionTypes([]uint32{1, 0, 1}))
	parameters, err := m.Parameters()
	require.NoError(t, err)
	assert.Equal(t, []int{2, 0}, parameters)
	types, err := m.FunctionTypes()
	require.NoError(t, err)
	assert.Equal(t, []uint32{1, 0, 1}, types)

	for want, body := range map[string][]byte{
		"type of form 0x5f":  {1, 0x5f, 0},
		"truncated":          {1, functionType, 1},
		"1 trailing bytes":   {1, functionType, 0, 0, 0},
		"needs 9 bytes":      {1, functionType, 0, 9},
		"needs 1 bytes, 0 l": {1},
	} {
		_, err := m.With(SectionType, body).Parameters()
		assert.ErrorContains(t, err, want)
	}
	_, err = m.With(SectionFunction, []byte{2, 0}).FunctionTypes()
	assert.ErrorContains(t, err, "truncated")
	_, err = m.With(SectionFunction, []byte{1, 0, 0}).FunctionTypes()
	assert.ErrorContains(t, err, "trailing")
}
