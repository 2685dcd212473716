// One conversation: lines in, lines out. Implements spec/backend.md 3.1, 3.5 and 3.7.
// INVARIANT: every request that was read gets exactly one line, whatever the next line holds; no line ends the conversation but `stop` and the end of input.

package worker

import (
	"bufio"
	"io"
	"runtime"
	"sync"
	"time"

	"cavra.dev/runtime/base"
)

// MaxWaiting is how many requests of one conversation may wait.
const MaxWaiting = 1024

// Evaluate gives the judgement bytes. It may be called by several goroutines at once.
type Evaluate func(evaluation *Evaluation) ([]byte, *base.Problem)

// Worker is what is the same for all conversations.
type Worker struct {
	About    About
	Evaluate Evaluate
	// Now is the time of the deadlines; nil takes the machine's.
	Now func() time.Time
}

type conversation struct {
	worker  *Worker
	out     *speaker
	waiting chan task
	done    sync.WaitGroup
}

type task struct {
	request  Request
	deadline time.Time
}

// Converse says hello, answers what comes in, and returns when the input has ended or `stop` came and all is answered. The error is of the output.
func (w *Worker) Converse(in io.Reader, out io.Writer) error {
	c := &conversation{worker: w, out: newSpeaker(out), waiting: make(chan task, MaxWaiting)}
	c.say(helloLine(w.About))
	for range runtime.NumCPU() {
		c.done.Add(1)
		go c.work()
	}
	c.listen(bufio.NewReaderSize(in, 64*1024))
	close(c.waiting)
	c.done.Wait()
	return c.out.end()
}

func (c *conversation) listen(in *bufio.Reader) {
	for {
		line, whole, err := readLine(in)
		if len(line) > 0 || !whole {
			if stop := c.hear(line, whole); stop {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

func (c *conversation) hear(line []byte, whole bool) (stop bool) {
	if !whole {
		c.say(refusedLine("", base.Bad("line_too_long", "the line is longer than 4194304 bytes")))
		return false
	}
	request, problem := ReadRequest(line)
	switch {
	case problem != nil:
		c.say(refusedLine(request.ID, problem))
	case request.Kind == "stop":
		return true
	case request.Kind == "ping":
		c.say(pongLine(request.ID))
	default:
		deadline := c.worker.now().Add(time.Duration(request.DeadlineMs) * time.Millisecond)
		select {
		case c.waiting <- task{request, deadline}:
		default:
			c.say(refusedLine(request.ID, base.Bad("too_many_requests", "1024 requests wait already")))
		}
	}
	return false
}

func (c *conversation) work() {
	defer c.done.Done()
	for task := range c.waiting {
		c.say(c.answer(&task))
	}
}

func (c *conversation) answer(task *task) []byte {
	id := task.request.ID
	late := base.Bad("deadline_exceeded", "the request's time is over")
	if c.worker.now().After(task.deadline) {
		return refusedLine(id, late)
	}
	judgement, problem := c.worker.guarded(&task.request.Evaluation)
	if problem != nil {
		return refusedLine(id, problem)
	}
	if c.worker.now().After(task.deadline) {
		return refusedLine(id, late)
	}
	line := judgementLine(id, task.request.Digest, c.worker.About.PolicyDigest, judgement)
	if len(line) > LineBytes {
		return refusedLine(id, base.Bad("answer_too_large", "the judgement is longer than a line may be"))
	}
	return line
}

// The engine is total: a panic is a defect, and must cost one request and not all that are out.
func (w *Worker) guarded(evaluation *Evaluation) (judgement []byte, problem *base.Problem) {
	defer func() {
		if recover() != nil {
			judgement, problem = nil, base.Bad("internal_error", "the engine broke on this request")
		}
	}()
	return w.Evaluate(evaluation)
}

func (w *Worker) now() time.Time {
	if w.Now == nil {
		return time.Now()
	}
	return w.Now()
}

// say writes a line at once where nobody else waits. Where many do, what is said while the last line is on its way leaves with the next.
func (c *conversation) say(line []byte) {
	c.out.say(line, len(c.waiting) > 0)
}

// readLine gives the next line without its end. Of one that is too long nothing is kept, and whole is false.
func readLine(in *bufio.Reader) (line []byte, whole bool, err error) {
	whole = true
	for {
		piece, err := in.ReadSlice('\n')
		ended := err == nil
		if ended {
			piece = piece[:len(piece)-1]
		}
		if len(line)+len(piece) > LineBytes {
			line, whole = nil, false
		}
		if whole {
			line = append(line, piece...)
		}
		if ended || err != bufio.ErrBufferFull {
			return line, whole, err
		}
	}
}
