// The one program of the second engine. Commands are in files of their own; here is only which word means which, and the exit status.

package main

import (
	"fmt"
	"io"
	"os"
)

// Exit statuses are those of the CLI (spec/cli.md): 0 done, 1 a broken world, 2 a wrong call.
const (
	exitDone   = 0
	exitBroken = 1
	exitWrong  = 2
)

type command struct {
	name string
	help string
	run  func(args []string, out, errors io.Writer) int
}

var commands = []command{
	{"evaluate", "evaluate --policy PATH [--registry PATH]              one request on standard input, its judgement on standard output", evaluate},
	{"hook", "hook AGENT                                            hand a hook's call to the running authority, else to the Node hook", hook},
	{"serve", "serve --policy PATH [--registry PATH] [--socket PATH] a line for each request, until the input ends", serve},
	{"version", "version [--json]                                      protocol, build and digests", version},
}

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

func run(args []string, out, errors io.Writer) int {
	if len(args) > 0 {
		for _, one := range commands {
			if one.name == args[0] {
				return one.run(args[1:], out, errors)
			}
		}
		fmt.Fprintf(errors, "error: there is no command `%s`\n", args[0])
	}
	for _, one := range commands {
		fmt.Fprintf(errors, "usage: cavra-runtime %s\n", one.help)
	}
	return exitWrong
}
