//go:build !js

package main

import (
	"bytes"
	"errors"
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

// module is a WebAssembly module, as far as it bears on its data segments.
type module struct {
	beforeData []byte // up to the data section
	afterData  []byte
	segments   []dataSegment
	producers  []byte // what the section of this name says of the tools that made the module
}

// parseModule reads what the Go linker writes. Whatever else WebAssembly allows
// that would make merging unsound, or that is not known to be sound, is an error.
func parseModule(b []byte) (*module, error) {
	if !bytes.HasPrefix(b, []byte(preamble)) {
		return nil, errors.New("not a WebAssembly module of version 1")
	}
	r := &reader{rest: b[len(preamble):], offset: len(preamble)}
	m := &module{beforeData: b}
	var memory uint64 // bytes of the module's memory at the start
	var last byte     // the id of the last section that is not a custom one
	for len(r.rest) > 0 {
		start := r.offset
		id, body, err := r.section()
		if err != nil {
			return nil, err
		}
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
			m.beforeData, m.afterData = b[:start], r.rest
			m.segments, err = parseDataSegments(body, memory)
		}
		if err != nil {
			return nil, err
		}
	}
	return m, nil
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
