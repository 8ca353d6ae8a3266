//go:build !js

package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math/big"
)

// The powers of ten in the table of package internal/strconv.
const (
	leastPower = -348
	mostPower  = 347
)

// withoutPowers returns a module without the powers of ten that floating-point numbers are written with: 11 KB of bits that no
// compressor makes smaller. Zeros take their place, and such numbers come out wrong. A Go program has the table even if it
// writes none, because the runtime can print one for a panic.
func withoutPowers(b []byte) ([]byte, error) {
	m, err := parseModule(b)
	if err != nil {
		return nil, err
	}
	memory, err := m.memory()
	if err != nil {
		return nil, err
	}
	table := powersOfTen()
	at := bytes.Index(memory.data, table)
	if at < 0 || bytes.Contains(memory.data[at+1:], table) {
		return nil, errors.New("powers of ten: the table is not there once, as Go 1.26 has it")
	}
	clear(memory.data[at : at+len(table)])
	result, err := appendDataSection(bytes.Clone(m.beforeData), memory.split())
	return append(result, m.afterData...), err
}

// powersOfTen returns the table: of each power the 128 bits from its highest one on, as two words, the higher one first.
func powersOfTen() (table []byte) {
	ten := big.NewInt(10)
	for power := int64(leastPower); power <= mostPower; power++ {
		bits := new(big.Int)
		if power >= 0 {
			bits.Exp(ten, big.NewInt(power), nil)
		} else {
			const enough = 2048 // more bits than the divisor has, and 128
			bits.Div(bits.Lsh(big.NewInt(1), enough), new(big.Int).Exp(ten, big.NewInt(-power), nil))
		}
		if excess := bits.BitLen() - 128; excess > 0 {
			bits.Rsh(bits, uint(excess))
		} else {
			bits.Lsh(bits, uint(-excess))
		}
		word := bits.FillBytes(make([]byte, 16))
		table = binary.LittleEndian.AppendUint64(table, binary.BigEndian.Uint64(word[:8]))
		table = binary.LittleEndian.AppendUint64(table, binary.BigEndian.Uint64(word[8:]))
	}
	return table
}
