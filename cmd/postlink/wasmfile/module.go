//go:build !js

// Package wasmfile reads and writes WebAssembly modules as the Go linker writes them, and merges their data segments.
package wasmfile

import (
	"bytes"
	"errors"
	"slices"
)

// preamble is the magic number and version 1 of the binary format.
const preamble = "\x00asm\x01\x00\x00\x00"

// The ids of the sections that matter here. Others are copied.
const (
	SectionCustom    = 0
	SectionType      = 1
	SectionImport    = 2
	SectionFunction  = 3
	SectionTable     = 4
	SectionMemory    = 5
	SectionGlobal    = 6
	SectionExport    = 7
	SectionStart     = 8
	SectionElement   = 9
	SectionCode      = 10
	SectionData      = 11
	SectionDataCount = 12
)

// Module is a WebAssembly module. Segments is the content of its data section.
type Module struct {
	sections  []section
	Segments  []Segment
	producers []byte // content of the custom section with this name, which names the tools that made the module
}

type section struct {
	id   byte
	body []byte
}

// Parse reads a module of the Go linker. It refuses other features of WebAssembly if merging segments could break them, or if it
// does not know them.
func Parse(b []byte) (*Module, error) {
	if !bytes.HasPrefix(b, []byte(preamble)) {
		return nil, errors.New("not a WebAssembly module of version 1")
	}
	r := &Reader{Rest: b[len(preamble):], Offset: len(preamble)}
	m := &Module{}
	var memory uint64 // initial size in bytes
	var last byte     // id of the last section that is not custom
	for len(r.Rest) > 0 {
		id, body, err := r.section()
		if err != nil {
			return nil, err
		}
		m.sections = append(m.sections, section{id, body.Rest})
		if id == SectionCustom { // allowed anywhere
			if content, found := bytes.CutPrefix(body.Rest, []byte("\x09producers")); found {
				m.producers = content
			}
			continue
		}
		switch {
		case id == SectionDataCount:
			// Its purpose are instructions that refer to data segments by index.
			return nil, body.Errorf("data count section: the code may refer to the data segments")
		case id > SectionData:
			return nil, body.Errorf("unknown section %d", id)
		case id <= last:
			return nil, body.Errorf("section %d after section %d", id, last)
		}
		last = id
		switch id {
		case SectionImport:
			err = parseImports(body)
		case SectionMemory:
			memory, err = parseMemory(body)
		case SectionData:
			m.Segments, err = parseDataSegments(body, memory)
		}
		if err != nil {
			return nil, err
		}
	}
	return m, nil
}

// Append adds a section at the end. The body of the data section does not matter, because Bytes writes Segments.
func (m *Module) Append(id byte, body []byte) { m.sections = append(m.sections, section{id, body}) }

// Bytes returns the module in the binary format.
func (m *Module) Bytes() ([]byte, error) {
	b := []byte(preamble)
	for _, s := range m.sections {
		body := s.body
		if s.id == SectionData {
			var err error
			if body, err = dataSectionBody(m.Segments); err != nil {
				return nil, err
			}
		}
		b = append(b, s.id)
		b = AppendU32(b, uint32(len(body)))
		b = append(b, body...)
	}
	return b, nil
}

// Has reports whether the module has a section.
func (m *Module) Has(id byte) bool {
	return slices.ContainsFunc(m.sections, func(s section) bool { return s.id == id })
}

// Section returns how many elements a section has, and a reader of them. A section that is missing has none.
func (m *Module) Section(id byte) (count uint32, elements *Reader, err error) {
	for _, s := range m.sections {
		if s.id == id {
			elements = &Reader{Rest: s.body}
			count, err = elements.U32()
			return count, elements, err
		}
	}
	return 0, &Reader{}, nil
}

// With returns a copy of the module that has another body for a section.
func (m *Module) With(id byte, body []byte) *Module {
	result := *m
	result.sections = slices.Clone(m.sections)
	for i := range result.sections {
		if result.sections[i].id == id {
			result.sections[i].body = body
		}
	}
	return &result
}

// WithMore returns a copy of the module with more elements at the end of a section.
func (m *Module) WithMore(id byte, more ...[]byte) (*Module, error) {
	count, elements, err := m.Section(id)
	body := append(AppendU32(nil, count+uint32(len(more))), elements.Rest...)
	for _, element := range more {
		body = append(body, element...)
	}
	return m.With(id, body), err
}

// parseImports returns an error if the module imports anything but functions. An imported memory may have content already.
func parseImports(r *Reader) error {
	count, err := r.U32()
	if err != nil {
		return err
	}
	for range count {
		for range 2 { // module and name
			if _, err := r.Name(); err != nil {
				return err
			}
		}
		kind, err := r.Byte()
		if err != nil {
			return err
		}
		if kind != 0 {
			return r.Errorf("import of kind %d: only functions, kind 0, are understood", kind)
		}
		if _, err := r.U32(); err != nil { // the function's type
			return err
		}
	}
	return r.End()
}

const PageSize = 1 << 16 // bytes

// parseMemory returns the initial size in bytes of the one memory.
func parseMemory(r *Reader) (uint64, error) {
	const maxPages = 1 << 16
	count, err := r.U32()
	if err != nil {
		return 0, err
	}
	if count != 1 {
		return 0, r.Errorf("%d memories: only one is understood", count)
	}
	limits, err := r.Byte()
	if err != nil {
		return 0, err
	}
	if limits > 1 {
		return 0, r.Errorf("memory with flags %#x: only 0 and 1, a maximum, are understood", limits)
	}
	minimum, err := r.U32()
	if err != nil {
		return 0, err
	}
	maximum := uint32(maxPages)
	if limits == 1 {
		if maximum, err = r.U32(); err != nil {
			return 0, err
		}
	}
	if minimum > maximum || maximum > maxPages {
		return 0, r.Errorf("memory of %d to %d pages", minimum, maximum)
	}
	return uint64(minimum) * PageSize, r.End()
}
