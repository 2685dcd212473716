// Where the tree's pieces wait until their number is known, so that a finished list is one slice of exactly its size,
// cut from a larger one.

package shell

// stack holds the pieces of all lists that are still open; those of the innermost are on top.
type stack[T any] struct {
	live []T
	slab []T
	// first is the size of the first slab; 0 for one that holds just what is asked for.
	first int
}

const largestSlab = 64

func (s *stack[T]) push(value T) { s.live = append(s.live, value) }

func (s *stack[T]) height() int { return len(s.live) }

// take gives what was pushed since the stack had this height; nil when that is nothing.
func (s *stack[T]) take(height int) []T {
	count := len(s.live) - height
	if count == 0 {
		return nil
	}
	if cap(s.slab)-len(s.slab) < count {
		s.slab = make([]T, 0, max(count, min(max(s.first, 2*cap(s.slab)), largestSlab)))
	}
	start := len(s.slab)
	s.slab = append(s.slab, s.live[height:]...)
	s.live = s.live[:height]
	return s.slab[start:len(s.slab):len(s.slab)]
}

// drop forgets what was pushed since the stack had this height.
func (s *stack[T]) drop(height int) { s.live = s.live[:height] }

// keep gives one value a place of its own.
func (s *stack[T]) keep(value T) *T {
	height := s.height()
	s.push(value)
	return &s.take(height)[0]
}
