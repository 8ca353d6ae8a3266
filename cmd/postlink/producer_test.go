//go:build !js

package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// producersOf is the section as the Go linker writes it.
func producersOf(version string) []byte {
	named := func(s string) string { return string(rune(len(s))) + s }
	return sectionOf(SectionCustom, []byte(named("producers")+"\x02"+
		named("language")+"\x01"+named("Go")+named(version)+
		named("processed-by")+"\x01"+named("Go cmd/compile")+named(version))...)
}

func TestSlimRefusesOtherProducers(t *testing.T) {
	tests := []struct {
		name    string
		in      []byte
		message string
	}{
		{"no section", hand(onePage), "no section says which version of Go made the module"},
		{"next version", hand(producersOf("go1.27.0")), "made by go1.27.0: only go1.26 is understood"},
		{"version before", hand(producersOf("go1.2")), "made by go1.2: only"},
		{"development version", hand(producersOf("devel go1.26-abcdef")), "made by devel go1.26-abcdef: only"},
		{"another compiler", hand(sectionOf(SectionCustom, []byte("\x09producers\x01\x08language\x01\x04Rust\x00")...)), "not made by Go"},
		{"no compiler", hand(sectionOf(SectionCustom, []byte("\x09producers\x00")...)), "not made by Go"},
		{"producers cut", hand(sectionOf(SectionCustom, []byte("\x09producers\x01\x08lang")...)), "producers section: offset 0x2: truncated"},
		{"known version, no data", hand(producersOf("go1.26.8")), "no data"},
		{"known version, no program", hand(onePage, data(segment(0, 1)), producersOf("go1.26")), "no pclntab of a known layout"},
		{"too much data", hand(sectionOf(SectionMemory, 1, 0, 0x80, 0x80, 0x04), data(segment(0, 1), segment(1<<29, 1)), producersOf("go1.26")),
			"data spans 536870913 bytes"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := merge(test.in, true)
			assert.ErrorContains(t, err, test.message)
		})
	}
}
