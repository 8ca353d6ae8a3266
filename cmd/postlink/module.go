//go:build !js

package main

import (
	"bytes"
	"errors"
	"slices"
)

// preamble is the magic number and version 1 of the binary format.
const preamble = "\x00asm\x01\x00\x00\x00"

// The sections that matter here, by their ids. The others are copied unread.
const (
	sectionCustom    = 0
	sectionImport    = 2
	sectionFunction  = 3
	sectionMemory    = 5
	sectionGlobal    = 6
	sectionExport    = 7
	sectionStart     = 8
	sectionCode      = 10
	sectionData      = 11
	sectionDataCount = 12
)

// module is a WebAssembly module as its sections, of which the data section is taken apart.
type module struct {
	sections  []section
	segments  []dataSegment
	producers []byte // the custom section of this name: the tools that made the module
}

type section struct {
	id   byte
	body []byte
}

// parseModule reads what the Go linker writes. It refuses whatever else WebAssembly allows that would make merging segments
// wrong, or that it does not know.
func parseModule(b []byte) (*module, error) {
	if !bytes.HasPrefix(b, []byte(preamble)) {
		return nil, errors.New("not a WebAssembly module of version 1")
	}
	r := &reader{rest: b[len(preamble):], offset: len(preamble)}
	m := &module{}
	var memory uint64 // bytes of the module's memory at the start
	var last byte     // the id of the last section that is not a custom one
	for len(r.rest) > 0 {
		id, body, err := r.section()
		if err != nil {
			return nil, err
		}
		m.sections = append(m.sections, section{id, body.rest})
		if id == sectionCustom { // these may be anywhere
			if content, found := bytes.CutPrefix(body.rest, []byte("\x09producers")); found {
				m.producers = content
			}
			continue
		}
		switch {
		case id == sectionDataCount:
			// It exists for instructions that name data segments by index.
			return nil, body.errorf("data count section: the code may refer to the data segments")
		case id > sectionData:
			return nil, body.errorf("unknown section %d", id)
		case id <= last:
			return nil, body.errorf("section %d after section %d", id, last)
		}
		last = id
		switch id {
		case sectionImport:
			err = parseImports(body)
		case sectionMemory:
			memory, err = parseMemory(body)
		case sectionData:
			m.segments, err = parseDataSegments(body, memory)
		}
		if err != nil {
			return nil, err
		}
	}
	return m, nil
}

// bytes returns the module in the binary format.
func (m *module) bytes() ([]byte, error) {
	b := []byte(preamble)
	for _, s := range m.sections {
		body := s.body
		if s.id == sectionData {
			var err error
			if body, err = dataSectionBody(m.segments); err != nil {
				return nil, err
			}
		}
		b = append(b, s.id)
		b = appendU32(b, uint32(len(body)))
		b = append(b, body...)
	}
	return b, nil
}

// has reports whether the module has a section.
func (m *module) has(id byte) bool {
	return slices.ContainsFunc(m.sections, func(s section) bool { return s.id == id })
}

// section returns how many elements a section has, and a reader of them. A section that is missing has none.
func (m *module) section(id byte) (count uint32, elements *reader, err error) {
	for _, s := range m.sections {
		if s.id == id {
			elements = &reader{rest: s.body}
			count, err = elements.u32()
			return count, elements, err
		}
	}
	return 0, &reader{}, nil
}

// with returns a copy of the module with another body of a section.
func (m *module) with(id byte, body []byte) *module {
	result := *m
	result.sections = slices.Clone(m.sections)
	for i := range result.sections {
		if result.sections[i].id == id {
			result.sections[i].body = body
		}
	}
	return &result
}

// withMore returns a copy of the module with more elements at the end of a section.
func (m *module) withMore(id byte, more ...[]byte) (*module, error) {
	count, elements, err := m.section(id)
	body := append(appendU32(nil, count+uint32(len(more))), elements.rest...)
	for _, element := range more {
		body = append(body, element...)
	}
	return m.with(id, body), err
}

// parseImports makes sure that functions are all that is imported. The host may
// have written to a memory of its own before it instantiates the module.
func parseImports(r *reader) error {
	count, err := r.u32()
	if err != nil {
		return err
	}
	for range count {
		for range 2 { // the names of the host's module and of what is in it
			if _, err := r.name(); err != nil {
				return err
			}
		}
		kind, err := r.byte()
		if err != nil {
			return err
		}
		if kind != 0 {
			return r.errorf("import of kind %d: only functions, kind 0, are understood", kind)
		}
		if _, err := r.u32(); err != nil { // the function's type
			return err
		}
	}
	return r.end()
}

const pageSize = 1 << 16 // bytes

// parseMemory returns how many bytes the module's one memory has at the start.
func parseMemory(r *reader) (uint64, error) {
	const maxPages = 1 << 16
	count, err := r.u32()
	if err != nil {
		return 0, err
	}
	if count != 1 {
		return 0, r.errorf("%d memories: only one is understood", count)
	}
	limits, err := r.byte()
	if err != nil {
		return 0, err
	}
	if limits > 1 {
		return 0, r.errorf("memory with flags %#x: only 0 and 1, a maximum, are understood", limits)
	}
	minimum, err := r.u32()
	if err != nil {
		return 0, err
	}
	maximum := uint32(maxPages)
	if limits == 1 {
		if maximum, err = r.u32(); err != nil {
			return 0, err
		}
	}
	if minimum > maximum || maximum > maxPages {
		return 0, r.errorf("memory of %d to %d pages", minimum, maximum)
	}
	return uint64(minimum) * pageSize, r.end()
}
