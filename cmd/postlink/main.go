//go:build !js

// Command postlink makes a WebAssembly module of the Go linker compress better
// and start faster, and changes nothing else that it does.
//
// The linker leaves every run of zeros out of the module's data, however short,
// and so cuts it into more than 20,000 data segments. Each has an address that
// a compressor cannot guess, where a few zeros would cost next to nothing.
// postlink puts the short runs back: the module grows, and gets smaller on the
// wire. From the tables that the runtime unwinds stacks by, it takes what
// nothing reads. With -slim it takes what only tracebacks read as well, which is
// a fifth of the download. With -snapshot it runs the program up to where it
// waits, so that a page need not.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"acschat/cmd/postlink/linetable"
	"acschat/cmd/postlink/snapshot"
	"acschat/cmd/postlink/wasmfile"
)

const usage = `usage: postlink [-slim] [-snapshot START [-rehearse NAME] [-env NAME=VALUE] [-nofloats]] IN.wasm OUT.wasm

Writes IN.wasm to OUT.wasm with its data segments merged where less than 4096
bytes of zeros are between them, and with the runtime's tables tidied if Go 1.26
made it. They may be the same file.

  -slim  take from the tables what only tracebacks and runtime.Callers read too:
         names, lines and inlined calls. Panics are recovered and reported as
         ever. IN.wasm must be made by Go 1.26.
  -snapshot START  run the program here until main waits, and have it begin
         there: then it calls the exported function START. Before, it must not
         touch JavaScript, so package os is not among its imports. IN.wasm must be
         made by Go 1.26.
  -rehearse NAME  call this exported function before the snapshot is taken
  -env NAME=VALUE  a variable for the Go runtime to find when it sets itself up
  -nofloats  drop the code that prints floating-point numbers, and clear its
         11 KB of powers of ten. For a program that writes none: if other code
         uses them, that is an error. The message of panic(1.5) breaks off.
`

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run returns the exit code: 2 for a command line that cannot be meant, 1 for
// one that cannot be done.
func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("postlink", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // run prints the error and the usage
	slim := flags.Bool("slim", false, "")
	var options snapshot.Options
	flags.BoolVar(&options.NoFloats, "nofloats", false, "")
	flags.StringVar(&options.Start, "snapshot", "", "")
	flags.StringVar(&options.Rehearse, "rehearse", "", "")
	flags.Func("env", "", func(variable string) error {
		if name, _, found := strings.Cut(variable, "="); !found || name == "" {
			return errors.New("wanted is NAME=VALUE")
		}
		options.Environment = append(options.Environment, variable)
		return nil
	})
	err := flags.Parse(args)
	if err == nil && flags.NArg() != 2 {
		err = fmt.Errorf("takes 2 arguments, not %d", flags.NArg())
	}
	if err == nil && options.Start == "" && (options.Rehearse != "" || options.Environment != nil || options.NoFloats) {
		err = errors.New("-rehearse, -env and -nofloats need -snapshot")
	}
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, usage)
		return 0
	case err != nil:
		fmt.Fprintf(stderr, "postlink: %v\n\n%s", err, usage)
		return 2
	}
	if err := postlink(flags.Arg(0), flags.Arg(1), *slim, options, stdout); err != nil {
		fmt.Fprintf(stderr, "postlink: %v\n", err)
		return 1
	}
	return 0
}

func postlink(in, out string, slim bool, options snapshot.Options, stdout io.Writer) error {
	linked, err := os.ReadFile(in)
	if err != nil {
		return err
	}
	m, err := wasmfile.Parse(linked)
	if err != nil {
		return fmt.Errorf("%s: %w", in, err)
	}
	segments := len(m.Segments)
	if m, err = process(m, slim, options); err != nil {
		return fmt.Errorf("%s: %w", in, err)
	}
	result, err := m.Bytes()
	if err != nil {
		return fmt.Errorf("%s: %w", in, err)
	}
	if err := replaceFile(out, result); err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, "postlink: %d data segments became %d, %d bytes became %d\n",
		segments, len(m.Segments), len(linked), len(result))
	return err
}

// process does what the command line asks for. Tables of an unknown version of Go stay as they are.
func process(m *wasmfile.Module, slim bool, options snapshot.Options) (*wasmfile.Module, error) {
	if options.Start != "" {
		var err error
		if m, err = snapshot.Take(m, options); err != nil {
			return nil, err
		}
	}
	known := m.RequireGo()
	if slim && known != nil {
		return nil, known
	}
	if known == nil {
		if err := linetable.Tidy(m, slim); err != nil {
			return nil, err
		}
	}
	m.MergeSegments()
	return m, nil
}

// replaceFile writes a file in one step: who reads it meanwhile, such as a
// server, finds the old content or the new, and a failure leaves the old.
func replaceFile(path string, content []byte) (err error) {
	temp, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			temp.Close() // for the second time perhaps, which does no harm
			os.Remove(temp.Name())
		}
	}()
	if _, err := temp.Write(content); err != nil {
		return err
	}
	if err := temp.Chmod(0o644); err != nil { // CreateTemp's is 0600
		return err
	}
	if err := temp.Close(); err != nil {
		return err
	}
	return os.Rename(temp.Name(), path)
}
