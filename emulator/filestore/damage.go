//go:build !js

package filestore

import (
	"errors"
	"fmt"
	"runtime/debug"
)

var errDamaged = errors.New("what it holds makes no sense")

// guard makes an error of what would else end the program: bbolt panics when it meets pages that make no sense, and where
// a file has been cut off, such as one that was copied in part, there is no memory behind its pages.
func guard(read func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if damage := recover(); damage != nil {
			err = fmt.Errorf("%w: %v", errDamaged, damage)
		}
	}()
	return read()
}
