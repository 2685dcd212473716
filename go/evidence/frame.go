// One record in the journal: newline, length, digest, JSON, newline. Implements spec/record.md section 7. Twin of src/evidence/frame.ts.
// A frame begins with a newline of its own, so that a frame torn by a crash never swallows the next one.
// INVARIANT: reading is linear, whatever the bytes are: every line is looked at once, and hashed at most once.

package evidence

import (
	"bytes"
	"strconv"

	"cavra.dev/runtime/base"
)

// FrameBytes: no frame is longer: newline, 7 digits, space, 71 of digest, space, record, newline.
const FrameBytes = RecordBytes + 82

const digestLength = 71

// FrameItem is a record, or what stands where none can be read. They follow each other without a gap.
type FrameItem struct {
	Offset int64
	Length int64
	// Damage is "" for a record, else `foreign_bytes`, `torn_frame`, `torn_tail`, `bad_header`, `bad_length`, `digest_mismatch`, `not_canonical` or
	// `not_a_record`.
	Damage string
	// Digest, Text and Record of a record; Text is the canonical bytes, as they stand in the frame.
	Digest string
	Text   []byte
	Record *base.JSONValue
}

// EncodeFrame is the frame of a record's canonical bytes.
func EncodeFrame(text []byte, digest string) []byte {
	frame := append(make([]byte, 0, len(text)+82), '\n')
	frame = strconv.AppendInt(frame, int64(len(text)), 10)
	frame = append(append(append(frame, ' '), digest...), ' ')
	return append(append(frame, text...), '\n')
}

// ScanFrames reads the frames at the beginning of content, which stands at offset in the file. consumed bytes are done with; the rest must come again
// with more behind it. With final nothing comes after content and all is consumed.
func ScanFrames(content []byte, offset int64, final bool) (items []FrameItem, consumed int) {
	at := 0
	for at < len(content) {
		end := lineEnd(content, at)
		tooLong := end < 0 && len(content)-at > FrameBytes
		// One byte of looking ahead tells a frame's own last newline from the first one of the next frame.
		if !final && !tooLong && (end < 0 || end+1 == len(content)) {
			break
		}
		item := FrameItem{Length: FrameBytes, Damage: "foreign_bytes"}
		if !tooLong {
			item = readLine(content, at, end)
		}
		item.Offset = offset + int64(at)
		items = append(items, item)
		at += int(item.Length)
	}
	return items, at
}

// lineEnd is the newline that ends the line at `at`, or -1 when there is none within the length of a frame.
func lineEnd(content []byte, at int) int {
	from := at
	if content[at] == '\n' {
		from++
	}
	found := bytes.IndexByte(content[from:min(at+FrameBytes, len(content))], '\n')
	if found < 0 {
		return -1
	}
	return from + found
}

func readLine(content []byte, at, end int) FrameItem {
	damaged := func(code string, to int) FrameItem { return FrameItem{Length: int64(to - at), Damage: code} }
	begins := content[at] == '\n'
	switch {
	case end < 0 && begins:
		return damaged("torn_tail", len(content))
	case end < 0:
		return damaged("foreign_bytes", len(content))
	case end == at+1 && begins:
		return damaged("torn_frame", end)
	}
	read := FrameItem{Damage: "foreign_bytes"}
	if begins {
		read = readFrame(content[at+1 : end])
	}
	own := ownsNewline(content, end)
	read.Length = int64(end - at)
	if own {
		read.Length++
	}
	// All there but its last newline: the write was cut one byte short and never answered.
	if read.Damage == "" && !own {
		return damaged("torn_frame", end)
	}
	return read
}

// A newline with a digit behind it begins the next frame; any other ends this one.
func ownsNewline(content []byte, at int) bool {
	return at+1 >= len(content) || !isDigit(content[at+1]) || content[at+1] == '0'
}

func readFrame(line []byte) FrameItem {
	length, digest, size, damage := readHeader(line)
	if damage != "" {
		return FrameItem{Damage: damage}
	}
	body := line[size:]
	switch {
	case len(body) < length:
		return FrameItem{Damage: "torn_frame"}
	case len(body) > length:
		return FrameItem{Damage: "bad_length"}
	case base.Sha256(body) != digest:
		return FrameItem{Damage: "digest_mismatch"}
	}
	record, damage := ReadRecord(body)
	if damage != "" {
		return FrameItem{Damage: damage}
	}
	return FrameItem{Digest: digest, Text: body, Record: record}
}

// ReadRecord gives the record whose canonical bytes these are; else `not_canonical` or `not_a_record` (spec/record.md 7.3, 4).
func ReadRecord(text []byte) (*base.JSONValue, string) {
	value, problem := base.ParseJSON(text, base.JSONLimits{SizeBytes: RecordBytes, Depth: base.CanonicalDepth})
	if problem != nil {
		return nil, "not_canonical"
	}
	canonical, problem := base.CanonicalRecord(value)
	if problem != nil || !bytes.Equal(canonical, text) {
		return nil, "not_canonical"
	}
	if !isRecord(value) {
		return nil, "not_a_record"
	}
	return value, ""
}

// readHeader reads length without leading zeros, space, digest, space. A line that ends inside a header that is right so far was torn.
func readHeader(line []byte) (length int, digest string, size int, damage string) {
	at := 0
	for at < len(line) && at < 7 && isDigit(line[at]) {
		length = length*10 + int(line[at]-'0')
		at++
	}
	if at == len(line) {
		if line[0] == '0' {
			return 0, "", 0, "bad_header"
		}
		return 0, "", 0, "torn_frame"
	}
	if at == 0 || line[0] == '0' || line[at] != ' ' || length > RecordBytes {
		return 0, "", 0, "bad_header"
	}
	end := at + 1 + digestLength
	digest = string(line[at+1 : min(end, len(line))])
	for i := 0; i < len(digest); i++ {
		if !fitsDigest(digest[i], i) {
			return 0, "", 0, "bad_header"
		}
	}
	if len(line) <= end {
		return 0, "", 0, "torn_frame"
	}
	if line[end] != ' ' {
		return 0, "", 0, "bad_header"
	}
	return length, digest, end + 1, ""
}

func fitsDigest(unit byte, i int) bool {
	if i < len("sha256:") {
		return unit == "sha256:"[i]
	}
	return isDigit(unit) || unit >= 'a' && unit <= 'f'
}

func isDigit(unit byte) bool {
	return unit >= '0' && unit <= '9'
}

func isRecord(value *base.JSONValue) bool {
	texts := [3]string{}
	for i, key := range []string{"schema_version", "record_id", "recorded_at"} {
		text, has := value.Get(key)
		if !has || text.Kind != base.JSONString {
			return false
		}
		texts[i] = text.Text
	}
	_, momentMs, problem := base.ParseID(texts[1])
	return problem == nil && texts[2] == base.FormatTime(momentMs)
}
