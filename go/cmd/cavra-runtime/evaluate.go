// `cavra-runtime evaluate --policy P [--registry R]`: one request on standard input, its judgement on standard output. Implements spec/backend.md 4.1.

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
	flags, problem := readFlags(args, "--policy", "--registry")
	if problem != nil {
		return refuse(errors, problem)
	}
	opened, problem := openEngine(flags)
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

// openEngine: the policy is told of first, because without it nobody judges. What is wrong with the registry has `registry.` before its code.
func openEngine(flags map[string]string) (*engine.Engine, *base.Problem) {
	if flags["--policy"] == "" {
		return nil, base.Bad("policy_unreadable", "`--policy PATH` names the compiled policy; `cavra policy compile` writes one")
	}
	text, problem := readWhole(flags["--policy"], policy.MaxPolicyBytes, "policy_unreadable")
	if problem != nil {
		return nil, problem
	}
	var registry *policy.McpRegistry
	if path, given := flags["--registry"]; given {
		if registry, problem = readRegistry(path); problem != nil {
			problem.Code = "registry." + problem.Code
			return nil, problem
		}
	}
	return engine.OpenWith(text, registry)
}

func readRegistry(path string) (*policy.McpRegistry, *base.Problem) {
	text, problem := readWhole(path, policy.MaxRegistryBytes, "registry_unreadable")
	if problem != nil {
		return nil, problem
	}
	return policy.ParseRegistry(text)
}

func readWhole(path string, most int64, code string) ([]byte, *base.Problem) {
	about, err := os.Stat(path)
	if err != nil {
		return nil, base.Bad(code, err.Error())
	}
	if !about.Mode().IsRegular() || about.Size() > most {
		return nil, base.Bad(code, "`"+path+"` is no file, or too large")
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, base.Bad(code, err.Error())
	}
	return text, nil
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
