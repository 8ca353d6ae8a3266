//go:build !js

// Command dist assembles the client's npm package from the files that make build
// has built. It does not need npm. The result is a folder that can be hosted or
// published as it is. The build is reproducible: the same input gives the same
// bytes, in any folder and at any time.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"

	"acschat/chatcore"
)

const usage = `usage: dist [-site] -goroot DIR [-readme FILE] OUT

Assembles the npm package in the folder OUT, from the files that make build has
built. Replaces an earlier package in OUT. Run it in the repository's top
directory.

  -goroot DIR   root of the Go toolchain (go env GOROOT), which has Go's license
  -readme FILE  write the sizes of the package's files to the table in this
                README, if a figure is off by more than 1 KB and 1 percent
  -site         assemble the demo page, with the emulator in it, for any server
                of files, instead of the package
`

func main() {
	os.Exit(run(os.Args[1:], os.DirFS("."), best, os.Stdout, os.Stderr))
}

// run returns the exit code: 2 for an invalid command line, 1 for any other
// failure.
func run(args []string, top fs.FS, compressed compression, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("dist", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // run prints the error and the usage
	goroot := flags.String("goroot", "", "")
	readme := flags.String("readme", "", "")
	isSite := flags.Bool("site", false, "")
	err := flags.Parse(args)
	switch {
	case err != nil:
	case *goroot == "":
		err = errors.New("-goroot is required")
	case flags.NArg() != 1:
		err = fmt.Errorf("give 1 folder, not %d", flags.NArg())
	}
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, usage)
		return 0
	case err != nil:
		fmt.Fprintf(stderr, "dist: %v\n\n%s", err, usage)
		return 2
	}
	var files map[string][]byte
	if *isSite {
		files, err = assembleSite(top, os.DirFS(*goroot), chatcore.Version)
	} else {
		files, err = assemble(top, os.DirFS(*goroot), chatcore.Version, compressed)
	}
	if err == nil && *readme != "" {
		err = writeSizes(*readme, files, stdout)
	}
	if err == nil {
		err = replaceFolder(flags.Arg(0), files)
	}
	if err != nil {
		fmt.Fprintf(stderr, "dist: %v\n", err)
		return 1
	}
	fmt.Fprintf(stdout, "dist: %d files of acschat %s in %s\n", len(files), chatcore.Version, flags.Arg(0))
	return 0
}

// writeSizes writes the sizes of the package's files to the table in a README,
// and says so if that changes it.
func writeSizes(readme string, files map[string][]byte, stdout io.Writer) error {
	old, err := os.ReadFile(readme)
	if err != nil {
		return err
	}
	text, err := withSizes(old, files)
	if err != nil || bytes.Equal(old, text) {
		return err
	}
	fmt.Fprintf(stdout, "dist: wrote the sizes of the files to %s\n", readme)
	return os.WriteFile(readme, text, 0o644)
}
