//go:build !js

package wasmfile

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// producersOf is the section as the Go linker writes it.
func producersOf(version string) []byte {
	named := func(s string) string { return string(rune(len(s))) + s }
	return sectionOf(SectionCustom, []byte(named("producers")+"\x02"+
		named("language")+"\x01"+named("Go")+named(version)+
		named("processed-by")+"\x01"+named("Go cmd/compile")+named(version))...)
}

func TestRequireGo(t *testing.T) {
	for _, test := range []struct {
		name    string
		in      []byte
		message string // "" if it is the version
	}{
		{"version", hand(producersOf("go1.26")), ""},
		{"patch", hand(producersOf("go1.26.8")), ""},
		{"no section", hand(onePage), "no section says which version of Go made the module"},
		{"next version", hand(producersOf("go1.27.0")), "made by go1.27.0: only go1.26 is understood"},
		{"version before", hand(producersOf("go1.2")), "made by go1.2: only"},
		{"longer number", hand(producersOf("go1.260")), "made by go1.260: only"},
		{"development version", hand(producersOf("devel go1.26-abcdef")), "made by devel go1.26-abcdef: only"},
		{"another compiler", hand(sectionOf(SectionCustom, []byte("\x09producers\x01\x08language\x01\x04Rust\x00")...)), "not made by Go"},
		{"no compiler", hand(sectionOf(SectionCustom, []byte("\x09producers\x00")...)), "not made by Go"},
		{"producers cut", hand(sectionOf(SectionCustom, []byte("\x09producers\x01\x08lang")...)), "producers section: offset 0x2: truncated"},
	} {
		m, err := Parse(test.in)
		require.NoError(t, err, test.name)
		if err = m.RequireGo(); test.message == "" {
			assert.NoError(t, err, test.name)
		} else {
			assert.ErrorContains(t, err, test.message, test.name)
		}
	}
}

func TestMemoryRefuses(t *testing.T) {
	upper := sectionOf(SectionMemory, 1, 0, 0x80, 0x80, 0x04) // all 4 GiB
	for message, in := range map[string][]byte{
		"no data": hand(onePage),
		"data up to address 0x20000001: only 0x10000000 is supported": hand(upper, data(segment(0, 1), segment(1<<29, 1))),
	} {
		m, err := Parse(in)
		require.NoError(t, err)
		_, err = m.Memory()
		assert.ErrorContains(t, err, message)
	}
}
