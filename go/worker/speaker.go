// Lines on their way out. Implements spec/backend.md 3.1 and 3.7. A write for each line costs more than many a judgement, and holding lines back until
// there are many would make the last one late: so whoever has others behind it hands its line to a writer that takes all there are each time.

package worker

import (
	"io"
	"sync"
)

// mostHeld is how many bytes may wait for the writer; who says more writes them himself, and so waits for whoever reads.
const mostHeld = 256 * 1024

type speaker struct {
	out io.Writer
	// writing is held while lines are written: lines leave in the order in which they were taken.
	writing sync.Mutex
	lock    sync.Mutex
	held    []byte
	spare   []byte
	failed  error
	wake    chan struct{}
	ended   chan struct{}
}

func newSpeaker(out io.Writer) *speaker {
	s := &speaker{out: out, wake: make(chan struct{}, 1), ended: make(chan struct{})}
	go func() {
		defer close(s.ended)
		for range s.wake {
			s.flush()
		}
	}()
	return s
}

// say: canWait where others come behind this line.
func (s *speaker) say(line []byte, canWait bool) {
	s.lock.Lock()
	s.held = append(append(s.held, line...), '\n')
	size := len(s.held)
	s.lock.Unlock()
	if !canWait || size > mostHeld {
		s.flush()
		return
	}
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func (s *speaker) flush() {
	s.writing.Lock()
	defer s.writing.Unlock()
	s.lock.Lock()
	lines := s.held
	s.held = s.spare[:0]
	s.spare = nil
	s.lock.Unlock()
	if len(lines) > 0 && s.failed == nil {
		_, s.failed = s.out.Write(lines)
	}
	if cap(lines) <= 2*mostHeld {
		s.spare = lines
	}
}

// end writes what is left, and gives the first error of the output. Nothing may be said any more.
func (s *speaker) end() error {
	close(s.wake)
	<-s.ended
	s.flush()
	return s.failed
}
