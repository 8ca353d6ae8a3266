//go:build !js

package snapshot

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"

	"acschat/cmd/postlink/wasmfile"
)

// The range of the table pow10Tab of package internal/strconv.
const (
	leastPower = -348
	mostPower  = 347
)

// clearPowers zeroes the table of powers of ten, which only the printing of floating-point numbers reads: 11 KB that do not
// compress. It is an error if code still refers to the table. Code refers to an array by the address of its first element.
func clearPowers(memory []byte, bodies [][]byte) error {
	table := powersOfTen()
	at := bytes.Index(memory, table)
	if at < 0 || bytes.Contains(memory[at+1:], table) {
		return errors.New("the module must have one table of the powers of ten, as Go 1.26 writes it")
	}
	for i, body := range bodies {
		found, err := wasmfile.ParseCode(&wasmfile.Reader{Rest: body})
		if err != nil {
			return err
		}
		for _, constant := range found.Constants {
			if constant == uint64(at) {
				return fmt.Errorf("function %d refers to the powers of ten at %#x: the program prints a floating-point number, so build it without -nofloats", i, at)
			}
		}
	}
	clear(memory[at : at+len(table)])
	return nil
}

// powersOfTen returns the table: the upper 128 bits of each power as two words, the higher one first.
func powersOfTen() (table []byte) {
	ten := big.NewInt(10)
	for power := int64(leastPower); power <= mostPower; power++ {
		bits := new(big.Int)
		if power >= 0 {
			bits.Exp(ten, big.NewInt(power), nil)
		} else {
			const enough = 2048 // the divisor has 1157 bits, and 128 must be left
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
