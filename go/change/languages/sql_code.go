// SQL that carries more than itself: files, libraries, code in strings, and functions that leave the database. Implements
// spec/languages.md sections 11.2 and 11.4. Twin of src/change/languages/sql.ts, which has these functions at its end.

package languages

import (
	"slices"
	"strings"

	"cavra.dev/runtime/change/model"
)

// loadedFile reads `LOAD DATA INFILE 'f' INTO TABLE t`; `LOAD 'library'` brings machine code into the server.
func loadedFile(sink *Sink, tokens []sqlToken) {
	if sqlTokenAt(tokens, 1).kind == "string" {
		putOpaque(sink, "unknown_code", "sql")
	} else if file := firstString(tokens); file != nil {
		putFile(sink, "read", file.text)
	}
	if into := indexOfText(tokens, "INTO", 0); into >= 0 {
		putOperation(sink, "write", objectName(tokens, into+1))
	}
}

func attachedFile(sink *Sink, tokens []sqlToken) {
	if file := firstString(tokens); file == nil || file.text != ":memory:" {
		putNamedFile(sink, "write", file)
	}
}

// putNamedFile puts the file that a string names, an unknown one where there is none.
func putNamedFile(sink *Sink, effect string, name *sqlToken) {
	if name == nil {
		putPath(sink, effect, model.UnknownWord)
	} else {
		putFile(sink, effect, name.text)
	}
}

// codeIn reads `DO $$ … $$`, `EXEC('…')`, `PREPARE s FROM '…'`: the text is SQL; without one it is a name, or made while it runs.
func codeIn(sink *Sink, tokens []sqlToken, nesting int) {
	if slices.ContainsFunc(tokens, func(token sqlToken) bool { return strings.HasSuffix(token.text, "XP_CMDSHELL") }) {
		return
	}
	if firstString(tokens) != nil {
		readStrings(sink, tokens, nesting)
		return
	}
	verb := sqlTokenAt(tokens, verbAt(tokens)).text
	if verb == "PREPARE" {
		preparedStatement(sink, tokens, nesting)
		return
	}
	made := slices.ContainsFunc(tokens, func(token sqlToken) bool { return token.text == "(" || strings.HasPrefix(token.raw, "@") })
	if made && (verb == "EXECUTE" || verb == "EXEC") {
		putOpaque(sink, "unknown_code", "sql")
	}
}

// preparedStatement reads `PREPARE s AS DELETE …`: a statement inside of another.
func preparedStatement(sink *Sink, tokens []sqlToken, nesting int) {
	as := indexOfText(tokens, "AS", 0)
	switch {
	case as < 0:
	case nesting >= maxSQLNesting:
		putOpaque(sink, "limit_exceeded", "sql")
	default:
		sqlStatement(sink, tokens[as+1:], nesting+1)
	}
}

// readStrings reads every string of the tokens as SQL.
func readStrings(sink *Sink, tokens []sqlToken, nesting int) {
	for at := range tokens {
		if tokens[at].kind == "string" {
			readSQLInto(sink, tokens[at].text, nesting+1)
		}
	}
}

var sqlFunctions = map[string]string{
	"LOAD_FILE": "read", "PG_READ_FILE": "read", "PG_READ_BINARY_FILE": "read", "PG_LS_DIR": "read", "PG_STAT_FILE": "read",
	"READFILE": "read", "LO_IMPORT": "read", "OPENROWSET": "read",
	"WRITEFILE": "write", "LO_EXPORT": "write", "PG_FILE_WRITE": "write",
	"LOAD_EXTENSION": "opaque", "SYS_EXEC": "opaque", "SYS_EVAL": "opaque",
	"QUERY_TO_XML": "code", "DBLINK": "code", "DBLINK_EXEC": "code",
	"PG_TERMINATE_BACKEND": "operation", "SETVAL": "operation", "NEXTVAL": "operation",
}

// functionsOf reads functions that leave the database: files, programs, machine code; and function bodies, which are SQL.
func functionsOf(sink *Sink, tokens []sqlToken, nesting int) {
	for at := range tokens {
		token := &tokens[at]
		if sink.work < 0 {
			return
		}
		if token.kind != "word" {
			continue
		}
		name := token.text[strings.LastIndexByte(token.text, '.')+1:]
		if name == "XP_CMDSHELL" {
			commandShell(sink, tokens[at:])
		}
		kind, known := sqlFunctions[name]
		if !known || sqlTokenAt(tokens, at+1).text != "(" {
			continue
		}
		end := sqlEndOf(tokens, at+2)
		if !work(sink, end-at) {
			continue
		}
		calledFunction(sink, kind, tokens[at+2:end], nesting)
	}
}

// calledFunction is a function with what stands in its brackets.
func calledFunction(sink *Sink, kind string, inside []sqlToken, nesting int) {
	switch kind {
	case "read", "write":
		putNamedFile(sink, kind, firstString(inside))
	case "opaque":
		putOpaque(sink, "unknown_code", "sql")
	case "code":
		readStrings(sink, inside, nesting)
	case "operation":
		putOperation(sink, "write", "")
	}
}

func commandShell(sink *Sink, tokens []sqlToken) {
	if !work(sink, len(tokens)) {
		return
	}
	putOperation(sink, "run_program", "")
	if code := firstString(tokens); code != nil {
		putShell(sink, &code.text, nil)
	} else {
		putShell(sink, nil, nil)
	}
}

func firstString(tokens []sqlToken) *sqlToken {
	for at := range tokens {
		if tokens[at].kind == "string" {
			return &tokens[at]
		}
	}
	return nil
}

// indexOfText is where a token has the text first, of any kind, not before `from`; -1 where none has.
func indexOfText(tokens []sqlToken, text string, from int) int {
	for at := from; at < len(tokens); at++ {
		if tokens[at].text == text {
			return at
		}
	}
	return -1
}

func (t *sqlToken) isWord(text string) bool {
	return t.kind == "word" && t.text == text
}

// deeper is 1 at an opening bracket, -1 at a closing one, else 0.
func (t *sqlToken) deeper() int {
	switch {
	case t.kind != "mark":
		return 0
	case t.text == "(":
		return 1
	case t.text == ")":
		return -1
	}
	return 0
}
