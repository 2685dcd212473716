// `cavra-runtime serve --policy P [--registry R] [--socket PATH]`: the worker. Implements spec/backend.md section 3.

package main

import (
	"io"
	"os"
	"os/signal"
	"syscall"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/engine"
	"cavra.dev/runtime/worker"
)

func serve(args []string, out, errors io.Writer) int {
	flags, problem := readFlags(args, "--policy", "--registry", "--socket")
	if problem != nil {
		return refuse(errors, problem)
	}
	opened, problem := openEngine(flags)
	if problem != nil {
		return refuse(errors, problem)
	}
	about, problem := aboutWorker(opened)
	if problem != nil {
		return refuse(errors, problem)
	}
	served := &worker.Worker{About: about, Evaluate: opened.Evaluate}
	if flags["--socket"] != "" {
		return serveSocket(served, flags["--socket"], errors)
	}
	// A closed pipe is the caller's end: nothing is left to say to anybody. SIGTERM ends the input, so that what was read is answered.
	// Closing os.Stdin would not break off a read of it that waits; the pipe between ends whether or not one does.
	input, caller := io.Pipe()
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGTERM)
	go func() {
		<-ended
		_ = caller.Close()
	}()
	go func() {
		_, _ = io.Copy(caller, os.Stdin)
		_ = caller.Close()
	}()
	_ = served.Converse(input, out)
	return exitDone
}

func serveSocket(served *worker.Worker, path string, errors io.Writer) int {
	listener, err := worker.Listen(path)
	if err != nil {
		return refuse(errors, base.Bad("socket_unusable", err.Error()))
	}
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGTERM, os.Interrupt)
	go func() {
		<-ended
		_ = listener.Close()
	}()
	served.Serve(listener)
	return exitDone
}

func aboutWorker(opened *engine.Engine) (worker.About, *base.Problem) {
	binary, problem := ownDigest()
	if problem != nil {
		return worker.About{}, problem
	}
	return worker.About{
		Version:         stampedVersion,
		Build:           binary,
		Engine:          stampedSource,
		CatalogueDigest: opened.Policy.CatalogueDigest,
		PolicyID:        opened.Policy.ID,
		PolicyVersion:   opened.Policy.Version,
		PolicyDigest:    opened.Policy.Digest,
		RegistryDigest:  opened.RegistryDigest,
		Pid:             os.Getpid(),
	}, nil
}
