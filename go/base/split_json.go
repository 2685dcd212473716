// Parts a JSON object into its members without reading what is in them, so that a large document is read where it is asked for. Implements
// spec/record.md section 2 for the object itself. No twin: in TypeScript the large document is packed when the installation is built.
// INVARIANT: a value that is given is the one that ParseJSON would find under that key, or text that ParseJSON refuses.

package base

import "bytes"

// RawMember is a key of an object and the text of its value.
type RawMember struct {
	Key string
	Raw []byte
}

// SplitObject gives the members in the order of the text, each key once. What is wrong inside a value is found by whoever reads it.
func SplitObject(text []byte) ([]RawMember, *Problem) {
	splitter := &jsonSplitter{text: text}
	members, split := splitter.object()
	if split {
		return members, nil
	}
	if _, problem := ParseJSON(text, JSONLimits{SizeBytes: len(text), Depth: DefaultJSONLimits.Depth}); problem != nil {
		return nil, problem
	}
	return nil, BadAt("json_unexpected_character", "no JSON object stands here", "byte 0")
}

type jsonSplitter struct {
	text []byte
	at   int
}

func (s *jsonSplitter) object() ([]RawMember, bool) {
	if !s.take('{') {
		return nil, false
	}
	var members []RawMember
	if s.take('}') {
		return members, s.isAtEnd()
	}
	known := map[string]struct{}{}
	for {
		key, is := s.key()
		if _, twice := known[key]; twice || !is || !s.take(':') {
			return nil, false
		}
		known[key] = struct{}{}
		s.skipBlanks()
		start := s.at
		if !s.skipValue() {
			return nil, false
		}
		members = append(members, RawMember{Key: key, Raw: s.text[start:s.at]})
		if s.take('}') {
			return members, s.isAtEnd()
		}
		if !s.take(',') {
			return nil, false
		}
	}
}

func (s *jsonSplitter) skipBlanks() {
	for s.at < len(s.text) && isJSONBlank(s.text[s.at]) {
		s.at++
	}
}

func isJSONBlank(unit byte) bool {
	return unit == ' ' || unit == '\n' || unit == '\r' || unit == '\t'
}

func (s *jsonSplitter) take(mark byte) bool {
	s.skipBlanks()
	if s.at >= len(s.text) || s.text[s.at] != mark {
		return false
	}
	s.at++
	return true
}

func (s *jsonSplitter) isAtEnd() bool {
	s.skipBlanks()
	return s.at == len(s.text)
}

func (s *jsonSplitter) key() (string, bool) {
	s.skipBlanks()
	start := s.at
	if start >= len(s.text) || s.text[start] != '"' || !s.skipString() {
		return "", false
	}
	value, problem := ParseJSON(s.text[start:s.at], DefaultJSONLimits)
	if problem != nil {
		return "", false
	}
	return value.Text, true
}

// skipString leaves the string at which it stands behind.
func (s *jsonSplitter) skipString() bool {
	for at := s.at + 1; ; {
		end := bytes.IndexByte(s.text[at:], '"')
		if end < 0 {
			return false
		}
		end += at
		escapes := 0
		for s.text[end-1-escapes] == '\\' && end-1-escapes > s.at {
			escapes++
		}
		at = end + 1
		if escapes%2 == 0 {
			s.at = at
			return true
		}
	}
}

// skipValue leaves a value behind; of an object or an array it only sees where it ends.
func (s *jsonSplitter) skipValue() bool {
	start := s.at
	depth := 0
	for s.at < len(s.text) {
		switch unit := s.text[s.at]; {
		case unit == '"':
			if !s.skipString() {
				return false
			}
			if depth == 0 {
				return true
			}
			continue
		case unit == '{' || unit == '[':
			depth++
		case unit == '}' || unit == ']':
			if depth == 0 {
				return s.at > start
			}
			depth--
			if depth == 0 {
				s.at++
				return true
			}
		case depth == 0 && (unit == ',' || isJSONBlank(unit)):
			return s.at > start
		}
		s.at++
	}
	return depth == 0 && s.at > start
}
