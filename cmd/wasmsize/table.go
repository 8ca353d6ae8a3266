//go:build !js

package main

import (
	"fmt"
	"io"
	"unicode/utf8"
)

// printTable prints the sizes of a floor and of a file, and their ratio.
func printTable(w io.Writer, floorName string, floor sizes, name string, file sizes) {
	width := max(utf8.RuneCountInString(name), len(floorName))
	fmt.Fprintf(w, "%-*s  %9s  %9s  %9s\n", width, "bytes", "raw", "gzip -9", "brotli 11")
	fmt.Fprintf(w, "%-*s  %9d  %9d  %9d\n", width, floorName, floor.raw, floor.gzip, floor.brotli)
	fmt.Fprintf(w, "%-*s  %9d  %9d  %9d\n", width, name, file.raw, file.gzip, file.brotli)
	fmt.Fprintf(w, "%-*s  %9.2f  %9.2f  %9.2f\n", width, "ratio",
		ratio(file.raw, floor.raw), ratio(file.gzip, floor.gzip), ratio(file.brotli, floor.brotli))
}

func ratio(file, floor int) float64 { return float64(file) / float64(floor) }
