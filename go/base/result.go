// Bad input as a value with a code; a broken world is an error with a code and its cause. Twin of src/base/result.ts.
// Codes are API: snake_case, listed in spec/, the same in TypeScript, Go, HTTP and CLI. Messages are not.

package base

// Problem is what is wrong with an input: Code for machines, Message and Hint for people, At where it stands (`policy.yaml:3:5`); nil for none.
// The temptation is to return it as an `error`: a nil *Problem in an interface is not nil. Functions return *Problem as it is.
type Problem struct {
	Code    string
	Message string
	Hint    string
	At      string
	// HasAt is true where the problem has a place, also when that is the whole value and At is "".
	HasAt bool
}

// Bad is a problem with a code and a message.
func Bad(code, message string) *Problem {
	return &Problem{Code: code, Message: message}
}

// BadAt is a problem that stands somewhere.
func BadAt(code, message, at string) *Problem {
	return &Problem{Code: code, Message: message, At: at, HasAt: true}
}

// CavraError is a broken world (disk full, folder not writable, damaged installation). The cause is kept.
type CavraError struct {
	Code    string
	Message string
	Hint    string
	Cause   error
}

func (e *CavraError) Error() string {
	return e.Message
}

// Unwrap gives the cause.
func (e *CavraError) Unwrap() error {
	return e.Cause
}
