//go:build !js

package filestore

import (
	"errors"
	"fmt"
	"runtime/debug"
)

var errDamaged = errors.New("its content is corrupt")

// recoverDamage calls read and returns an error that wraps errDamaged if read panics. bbolt panics on corrupt pages, and
// reading beyond the end of a truncated file is a memory fault, because bbolt maps the file.
func recoverDamage(read func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if damage := recover(); damage != nil {
			err = fmt.Errorf("%w: %v", errDamaged, damage)
		}
	}()
	return read()
}
