// `cavra-runtime evaluate --policy P`: one request on standard input, its judgement on standard output. Implements spec/backend.md 4.1.

package main

import (
	"fmt"
	"io"
	"os"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/engine"
	"cavra.dev/runtime/policy"
	"cavra.dev/runtime/worker"
)

func evaluate(args []string, out, errors io.Writer) int {
	flags, problem := readFlags(args, "--policy")
	if problem != nil {
		return refuse(errors, problem)
	}
	opened, problem := openEngine(flags["--policy"])
	if problem != nil {
		return refuse(errors, problem)
	}
	text, err := io.ReadAll(io.LimitReader(os.Stdin, worker.LineBytes+1))
	if err != nil {
		return refuse(errors, base.Bad("request_unreadable", err.Error()))
	}
	asked, problem := worker.ReadEvaluation(text)
	if problem != nil {
		return refuse(errors, problem)
	}
	judged, problem := opened.Evaluate(&asked)
	if problem != nil {
		return refuse(errors, problem)
	}
	fmt.Fprintf(out, "%s\n", judged)
	return exitDone
}

func openEngine(path string) (*engine.Engine, *base.Problem) {
	if path == "" {
		return nil, base.Bad("policy_unreadable", "`--policy PATH` names the compiled policy; `cavra policy compile` writes one")
	}
	about, err := os.Stat(path)
	if err != nil {
		return nil, base.Bad("policy_unreadable", err.Error())
	}
	if !about.Mode().IsRegular() || about.Size() > policy.MaxPolicyBytes {
		return nil, base.Bad("policy_unreadable", "`"+path+"` is no file, or too large")
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, base.Bad("policy_unreadable", err.Error())
	}
	return engine.Open(text)
}

func refuse(errors io.Writer, problem *base.Problem) int {
	fmt.Fprintf(errors, "%s: %s\n", problem.Code, problem.Message)
	return exitWrong
}

// readFlags takes `--name VALUE` pairs of these names, each at most once.
func readFlags(args []string, names ...string) (map[string]string, *base.Problem) {
	flags := map[string]string{}
	for at := 0; at < len(args); at += 2 {
		known := false
		for _, name := range names {
			known = known || args[at] == name
		}
		if _, twice := flags[args[at]]; !known || twice || at+1 == len(args) {
			return nil, base.Bad("unknown_flag", "`"+args[at]+"` is not known here, stands twice, or has no value")
		}
		flags[args[at]] = args[at+1]
	}
	return flags, nil
}
