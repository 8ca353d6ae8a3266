//go:build !js

package wasmfile

import "slices"

// The instructions that matter here.
const (
	OpUnreachable  = 0x00
	OpIf           = 0x04
	OpEnd          = 0x0b
	OpCall         = 0x10
	OpCallIndirect = 0x11
	OpLocalGet     = 0x20
	OpGlobalSet    = 0x24
	OpI64Load      = 0x29
	OpI64Store     = 0x37
	OpI32Const     = 0x41
	OpI64Const     = 0x42
	OpI64Ne        = 0x52

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
	if err := r.locals(); err != nil {
		return found, err
	}
	for len(r.Rest) > 0 {
		op, value, err := r.instruction()
		if err != nil {
			return found, err
		}
		switch op {
		case OpCall:
			found.Calls = append(found.Calls, uint32(value))
		case OpI32Const, OpI64Const:
			found.Constants = append(found.Constants, value)
		}
	}
	return found, nil
}

// RenumberCalls returns the code of a function with other numbers of the functions that it calls.
func RenumberCalls(body []byte, renumber func(function uint32) uint32) ([]byte, error) {
	r := &Reader{Rest: body}
	if err := r.locals(); err != nil {
		return nil, err
	}
	result := slices.Clone(body[:r.Offset])
	for len(r.Rest) > 0 {
		begin := r.Offset
		op, value, err := r.instruction()
		switch {
		case err != nil:
			return nil, err
		case op == OpCall:
			result = AppendU32(append(result, OpCall), renumber(uint32(value)))
		default:
			result = append(result, body[begin:r.Offset]...)
		}
	}
	return result, nil
}

// locals skips the groups of local variables that the code of a function begins with, each a count and a type.
func (r *Reader) locals() error {
	groups, err := r.U32()
	if err != nil {
		return err
	}
	return r.skip(2 * int(groups))
}

// instruction reads an instruction. value is the function of a call, or the constant of an integer type.
func (r *Reader) instruction() (op byte, value uint64, err error) {
	if op, err = r.Byte(); err != nil {
		return op, 0, err
	}
	switch {
	case op == OpCall:
		var function uint32
		function, err = r.U32()
		value = uint64(function)
	case op == OpI32Const || op == OpI64Const:
		var constant int64
		constant, err = r.S64()
		if value = uint64(constant); op == OpI32Const {
			value = uint64(uint32(constant))
		}
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
	case op >= 0x28 && op <= 0x3e, op == OpCallIndirect: // loads and stores: alignment, offset; call_indirect: type, table
		err = r.skip(2)
	case op >= 0x02 && op <= 0x04, op == 0x0c, op == 0x0d, op >= 0x20 && op <= 0x24, op == 0x3f, op == 0x40:
		err = r.skip(1) // blocks: type; branches: label; variables: index; memory
	case op <= 0x01, op == 0x05, op == OpEnd, op == 0x0f, op == 0x1a, op == 0x1b, op >= 0x45 && op <= 0xc4:
	default:
		err = r.Errorf("instruction %#x is not understood", op)
	}
	return op, value, err
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
