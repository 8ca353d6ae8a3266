//go:build !js

// Command dist assembles the npm package of the client, from what make build
// has made and without npm: one folder to host as it is, or to publish. The
// same files in give the same bytes out, whatever the folder and the time.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"

	"acschat/chatcore"
)

const usage = `usage: dist -goroot DIR OUT

Assembles the npm package in the folder OUT, anew, from what make build has made
in the repository's top directory, which is to be the working directory.

  -goroot DIR  the Go toolchain that built it (go env GOROOT), for its license
`

func main() {
	os.Exit(run(os.Args[1:], os.DirFS("."), best, os.Stdout, os.Stderr))
}

// run returns the exit code: 2 for a command line that cannot be meant, 1 for
// one that cannot be done.
func run(args []string, top fs.FS, compressed compression, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("dist", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // run prints the error and the usage
	goroot := flags.String("goroot", "", "")
	err := flags.Parse(args)
	switch {
	case err != nil:
	case *goroot == "":
		err = errors.New("-goroot is required")
	case flags.NArg() != 1:
		err = fmt.Errorf("takes 1 folder, not %d", flags.NArg())
	}
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, usage)
		return 0
	case err != nil:
		fmt.Fprintf(stderr, "dist: %v\n\n%s", err, usage)
		return 2
	}
	files, err := assemble(top, os.DirFS(*goroot), chatcore.Version, compressed)
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
