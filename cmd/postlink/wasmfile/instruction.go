//go:build !js

package wasmfile

// The instructions that matter here.
const (
	OpUnreachable = 0x00
	OpIf          = 0x04
	OpEnd         = 0x0b
	OpCall        = 0x10
	OpGlobalSet   = 0x24
	OpI64Load     = 0x29
	OpI64Store    = 0x37
	OpI32Const    = 0x41
	OpI64Const    = 0x42
	OpI64Ne       = 0x52

	BlockEmpty = 0x40 // the type of a block without a result
)

// References are what the code of a function refers to.
type References struct {
	Calls     []uint32 // functions
	Constants []uint64
}

// ParseCode returns what the code of a function refers to. Instructions that the Go compiler does not use are an error.
func ParseCode(r *Reader) (References, error) {
	var found References
	groups, err := r.U32() // of local variables, each a count and a type
	if err != nil {
		return found, err
	}
	for range groups {
		if err := r.skip(2); err != nil {
			return found, err
		}
	}
	for len(r.Rest) > 0 {
		op, err := r.Byte()
		if err != nil {
			return found, err
		}
		switch {
		case op == OpCall:
			var function uint32
			function, err = r.U32()
			found.Calls = append(found.Calls, function)
		case op == OpI32Const || op == OpI64Const:
			var value int64
			value, err = r.S64()
			if op == OpI32Const {
				value = int64(uint32(value))
			}
			found.Constants = append(found.Constants, uint64(value))
		case op == 0x43: // f32.const
			_, err = r.Bytes(4)
		case op == 0x44: // f64.const
			_, err = r.Bytes(8)
		case op == 0x0e: // br_table: labels and a default
			var labels uint32
			if labels, err = r.U32(); err == nil {
				err = r.skip(int(labels) + 1)
			}
		case op == 0xfc: // a number follows
			err = r.skipNumbered()
		case op >= 0x28 && op <= 0x3e, op == 0x11: // loads and stores: alignment, offset; call_indirect: type, table
			err = r.skip(2)
		case op >= 0x02 && op <= 0x04, op == 0x0c, op == 0x0d, op >= 0x20 && op <= 0x24, op == 0x3f, op == 0x40:
			err = r.skip(1) // blocks: type; branches: label; variables: index; memory
		case op <= 0x01, op == 0x05, op == OpEnd, op == 0x0f, op == 0x1a, op == 0x1b, op >= 0x45 && op <= 0xc4:
		default:
			err = r.Errorf("instruction %#x is not understood", op)
		}
		if err != nil {
			return found, err
		}
	}
	return found, nil
}

func (r *Reader) skipNumbered() error {
	number, err := r.U32()
	switch {
	case err != nil:
		return err
	case number <= 7: // conversions of floating-point numbers
		return nil
	case number == 10: // memory.copy
		return r.skip(2)
	case number == 11: // memory.fill
		return r.skip(1)
	}
	return r.Errorf("instruction 0xfc %d is not understood", number)
}

// skip skips integers.
func (r *Reader) skip(integers int) error {
	for range integers {
		if _, err := r.S64(); err != nil {
			return err
		}
	}
	return nil
}
