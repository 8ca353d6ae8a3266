//go:build !js

package main

import (
	"errors"
	"fmt"
	"math"
	"strconv"
)

// limit judges the size of a file.
type limit interface {
	// verdict returns a sentence about the file, and whether the file is within the limit.
	verdict(floor, file sizes) (string, bool)
}

// byteBudget is the largest size of a file with brotli, in bytes.
type byteBudget int

func (b byteBudget) verdict(_, file sizes) (string, bool) {
	left := int(b) - file.brotli
	if left < 0 {
		return fmt.Sprintf("brotli %d bytes is above the budget of %d: %d bytes too many", file.brotli, int(b), -left), false
	}
	return fmt.Sprintf("brotli %d bytes is within the budget of %d: %d bytes left", file.brotli, int(b), left), true
}

// budget is the largest ratio of a file to its floor, both with brotli. 0 is no limit.
type budget float64

func parseBudget(value string) (budget, error) {
	b, err := strconv.ParseFloat(value, 64)
	if err != nil || math.IsNaN(b) || math.IsInf(b, 0) || b < 0 {
		return 0, errors.New("must be a ratio such as 1.12, or 0 for no limit")
	}
	return budget(b), nil
}

func (b budget) verdict(floor, file sizes) (string, bool) {
	r := ratio(file.brotli, floor.brotli)
	if b == 0 {
		return fmt.Sprintf("brotli ratio %.4f, without a budget", r), true
	}
	left := math.Round(float64(b)*float64(floor.brotli)) - float64(file.brotli) // whole bytes
	if left < 0 {
		return fmt.Sprintf("brotli ratio %.4f is above the budget of %g: %.0f bytes too many", r, b, -left), false
	}
	return fmt.Sprintf("brotli ratio %.4f is within the budget of %g: %.0f bytes left", r, b, left), true
}
