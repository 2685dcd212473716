// Moments as text: RFC 3339 in UTC with milliseconds, always 24 bytes, so that text order is time order. Implements spec/record.md section 3.
// Twin of src/base/time.ts. Moments come in as arguments; nothing here may read a clock. The package time accepts more and is not used.

package base

import "strconv"

// LastMomentMs is the last millisecond that has a 24-byte form: 9999-12-31T23:59:59.999Z.
const LastMomentMs = 253_402_300_799_999

const dayMs = 86_400_000

// FormatTime is `2026-11-03T12:34:56.789Z`. A moment outside 1970 to 9999 is moved to the nearer end.
func FormatTime(momentMs int64) string {
	ms := clampMoment(momentMs)
	rest := ms % dayMs
	text := append(make([]byte, 0, 24), FormatDay(ms)...)
	text = appendPadded(append(text, 'T'), rest/3_600_000, 2)
	text = appendPadded(append(text, ':'), rest/60_000%60, 2)
	text = appendPadded(append(text, ':'), rest/1000%60, 2)
	text = appendPadded(append(text, '.'), rest%1000, 3)
	return string(append(text, 'Z'))
}

// FormatDay is `2026-11-03`, the UTC day of a moment.
func FormatDay(momentMs int64) string {
	// Days to civil date, counted in eras of 400 years that begin on the first of March.
	days := clampMoment(momentMs)/dayMs + 719_468
	era := days / 146_097
	dayOfEra := days - era*146_097
	yearOfEra := (dayOfEra - dayOfEra/1460 + dayOfEra/36_524 - dayOfEra/146_096) / 365
	dayOfYear := dayOfEra - (365*yearOfEra + yearOfEra/4 - yearOfEra/100)
	shifted := (5*dayOfYear + 2) / 153
	day := dayOfYear - (153*shifted+2)/5 + 1
	month := shifted + 3
	if shifted >= 10 {
		month = shifted - 9
	}
	year := yearOfEra + era*400
	if month <= 2 {
		year++
	}
	text := appendPadded(make([]byte, 0, 10), year, 4)
	text = appendPadded(append(text, '-'), month, 2)
	return string(appendPadded(append(text, '-'), day, 2))
}

// ParseTime gives milliseconds since 1970 of a text in exactly the form of FormatTime.
func ParseTime(text string) (int64, *Problem) {
	const shape = "dddd-dd-ddTdd:dd:dd.dddZ"
	fits := len(text) == len(shape)
	for i := 0; fits && i < len(shape); i++ {
		if shape[i] == 'd' {
			fits = isDigit(text[i])
		} else {
			fits = text[i] == shape[i]
		}
	}
	if !fits {
		return 0, badTime()
	}
	days := daysFromCivil(digits(text[0:4]), digits(text[5:7]), digits(text[8:10]))
	ms := days*dayMs + digits(text[11:13])*3_600_000 + digits(text[14:16])*60_000 + digits(text[17:19])*1000 + digits(text[20:23])
	// Whatever does not come back as it went in names no moment: month 13, 30 February, second 60, a year before 1970.
	if FormatTime(ms) != text {
		return 0, badTime()
	}
	return ms, nil
}

func badTime() *Problem {
	return Bad("bad_time", "a time is written like `2026-11-03T12:34:56.789Z`")
}

func digits(text string) int64 {
	value := int64(0)
	for i := 0; i < len(text); i++ {
		value = value*10 + int64(text[i]-'0')
	}
	return value
}

func daysFromCivil(year, month, day int64) int64 {
	shiftedYear, shiftedMonth := year, month-3
	if month <= 2 {
		shiftedYear, shiftedMonth = year-1, month+9
	}
	// Year 0 begins before its era does.
	era := shiftedYear / 400
	if shiftedYear < 0 {
		era = -1
	}
	yearOfEra := shiftedYear - era*400
	dayOfYear := (153*shiftedMonth+2)/5 + day - 1
	return era*146_097 + yearOfEra*365 + yearOfEra/4 - yearOfEra/100 + dayOfYear - 719_468
}

func clampMoment(momentMs int64) int64 {
	return max(0, min(momentMs, LastMomentMs))
}

func appendPadded(dst []byte, value int64, width int) []byte {
	digits := strconv.FormatInt(value, 10)
	for range width - len(digits) {
		dst = append(dst, '0')
	}
	return append(dst, digits...)
}
