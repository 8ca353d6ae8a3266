//go:build !js

package linetable

import (
	"encoding/binary"
	"fmt"
)

// table is a part of the memory with a name.
type table struct {
	name    string
	address uint64
	bytes   []byte
}

func (t table) end() uint64 { return t.address + uint64(len(t.bytes)) }

// part returns a part of the table by its address.
func (t table) part(name string, address, size uint64) (table, error) {
	if address < t.address || address > t.end() || size > t.end()-address {
		return table{}, fmt.Errorf("%s: %d bytes at %#x, but the %s is at %#x to %#x", name, size, address, t.name, t.address, t.end())
	}
	first := address - t.address
	return table{name, address, t.bytes[first : first+size : first+size]}, nil
}

func (t table) u32(offset int) uint32 { return binary.LittleEndian.Uint32(t.bytes[offset:]) }
func (t table) u64(offset int) uint64 { return binary.LittleEndian.Uint64(t.bytes[offset:]) }

func (t table) setU32(offset int, v uint32) { binary.LittleEndian.PutUint32(t.bytes[offset:], v) }
