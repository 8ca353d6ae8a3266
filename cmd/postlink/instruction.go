//go:build !js

package main

// The instructions that matter here.
const (
	opUnreachable = 0x00
	opIf          = 0x04
	opEnd         = 0x0b
	opCall        = 0x10
	opGlobalSet   = 0x24
	opI64Load     = 0x29
	opI64Store    = 0x37
	opI32Const    = 0x41
	opI64Const    = 0x42
	opI64Ne       = 0x52

	blockEmpty = 0x40 // the type of a block without a result
)

// references are what a function's code refers to.
type references struct {
	calls     []uint32 // functions
	constants []uint64
}

// parseCode reads the code of a function, as far as it bears on what it refers to. What the Go compiler does not use is an
// error.
func parseCode(r *reader) (references, error) {
	var found references
	groups, err := r.u32() // of local variables: how many of a type
	if err != nil {
		return found, err
	}
	for range groups {
		if err := r.skip(2); err != nil {
			return found, err
		}
	}
	for len(r.rest) > 0 {
		op, err := r.byte()
		if err != nil {
			return found, err
		}
		switch {
		case op == opCall:
			var function uint32
			function, err = r.u32()
			found.calls = append(found.calls, function)
		case op == opI32Const || op == opI64Const:
			var value int64
			value, err = r.s64()
			if op == opI32Const {
				value = int64(uint32(value))
			}
			found.constants = append(found.constants, uint64(value))
		case op == 0x43: // f32.const
			_, err = r.bytes(4)
		case op == 0x44: // f64.const
			_, err = r.bytes(8)
		case op == 0x0e: // br_table: labels, and another
			var labels uint32
			if labels, err = r.u32(); err == nil {
				err = r.skip(int(labels) + 1)
			}
		case op == 0xfc: // followed by its number, and by memories where it is memory.copy or memory.fill
			err = r.skipNumbered()
		case op >= 0x28 && op <= 0x3e, op == 0x11: // to and from memory: alignment and offset; call_indirect: type and table
			err = r.skip(2)
		case op >= 0x02 && op <= 0x04, op == 0x0c, op == 0x0d, op >= 0x20 && op <= 0x24, op == 0x3f, op == 0x40:
			err = r.skip(1) // of a block, its type; of a branch, its label; of a variable, its number; a memory
		case op <= 0x01, op == 0x05, op == opEnd, op == 0x0f, op == 0x1a, op == 0x1b, op >= 0x45 && op <= 0xc4:
		default:
			err = r.errorf("instruction %#x is not understood", op)
		}
		if err != nil {
			return found, err
		}
	}
	return found, nil
}

func (r *reader) skipNumbered() error {
	number, err := r.u32()
	switch {
	case err != nil:
		return err
	case number <= 7: // from floating point
		return nil
	case number == 10: // memory.copy
		return r.skip(2)
	case number == 11: // memory.fill
		return r.skip(1)
	}
	return r.errorf("instruction 0xfc %d is not understood", number)
}

// skip reads so many integers.
func (r *reader) skip(integers int) error {
	for range integers {
		if _, err := r.s64(); err != nil {
			return err
		}
	}
	return nil
}
