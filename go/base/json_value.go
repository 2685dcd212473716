// A JSON value. Twin of the types at the head of src/base/canonical-json.ts, which are TypeScript's own values.

package base

// JSONKind tells the kinds of values apart.
type JSONKind byte

// The kinds; the zero value is null.
const (
	JSONNull JSONKind = iota
	JSONBool
	JSONNumber
	JSONString
	JSONArray
	JSONObject
)

// JSONValue is one value of any kind; a field of another kind is zero.
type JSONValue struct {
	Kind    JSONKind
	Bool    bool
	Number  float64
	Text    string
	Items   []JSONValue
	Members []JSONMember
}

// JSONMember is a key and its value. Members stand in the order of the text; a key stands once.
type JSONMember struct {
	Key   string
	Value JSONValue
}

// Get gives the value of a key of an object. It looks at one member after the other: who wants many keys of a large object goes through Members.
func (v *JSONValue) Get(key string) (*JSONValue, bool) {
	for i := range v.Members {
		if v.Members[i].Key == key {
			return &v.Members[i].Value, true
		}
	}
	return nil, false
}
