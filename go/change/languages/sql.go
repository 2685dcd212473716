// SQL of PostgreSQL, MySQL, SQLite and SQL Server, with the commands of their clients. Implements spec/languages.md section 11.
// Twin of src/change/languages/sql.ts.
// It says what a statement would change: a dropped table, a delete without a condition, a file that the server writes. Queries give
// nothing.

package languages

import (
	"slices"
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

// maxSQLNesting is the statements inside statements that are read.
const maxSQLNesting = 8

// readSQL is the deeds of an SQL text.
func readSQL(text string, context *Context) []model.Deed {
	sink := sinkFor("sql", context)
	readSQLInto(sink, text, 0)
	return sink.deeds
}

func readSQLInto(sink *Sink, text string, nesting int) {
	if nesting > maxSQLNesting {
		putOpaque(sink, "limit_exceeded", "sql")
		return
	}
	// SECURITY: a string in calls inside each other is read for each of them, and so are the strings in it.
	if nesting > 0 && !work(sink, base.Utf16Length(text)>>4) {
		return
	}
	standard, isStandard := scanSQL(text, false)
	escaped, isEscaped := []sqlPart(nil), false
	if strings.Contains(text, `\`) {
		escaped, isEscaped = scanSQL(text, true)
	}
	if !isStandard && !isEscaped {
		putOpaque(sink, "unknown_code", "sql")
		return
	}
	if isStandard {
		readParts(sink, standard, nesting)
	}
	// Where the two readings of a backslash differ, both are said.
	if isEscaped && !(isStandard && slices.EqualFunc(escaped, standard, sameParts)) {
		readParts(sink, escaped, nesting)
	}
}

func sameParts(one, other sqlPart) bool {
	return one.line == other.line && slices.Equal(one.tokens, other.tokens)
}

func readParts(sink *Sink, parts []sqlPart, nesting int) {
	for _, part := range parts {
		if part.tokens == nil {
			clientCommand(sink, part.line)
		} else {
			sqlStatement(sink, part.tokens, nesting)
		}
	}
}

// noSQLToken stands where there is no token: it is of no kind.
var noSQLToken sqlToken

func sqlTokenAt(tokens []sqlToken, at int) *sqlToken {
	if at < 0 || at >= len(tokens) {
		return &noSQLToken
	}
	return &tokens[at]
}

func sqlStatement(sink *Sink, tokens []sqlToken, nesting int) {
	functionsOf(sink, tokens, nesting)
	from := verbAt(tokens)
	verb := ""
	if token := sqlTokenAt(tokens, from); token.kind == "word" {
		verb = token.text
	}
	switch verb {
	case "DROP":
		droppedObject(sink, tokens, from)
	case "TRUNCATE":
		putOperation(sink, "truncate", objectName(tokens, from+1))
	case "ALTER", "RENAME", "REINDEX":
		operation := "alter"
		if isRole(tokens, from+1) {
			operation = "grant"
		} else if dropsData(tokens, from) {
			operation = "drop_column"
		}
		putOperation(sink, operation, objectName(tokens, from+1))
	case "GRANT", "REVOKE":
		putOperation(sink, "grant", "")
	case "CREATE":
		operation := "write"
		if isRole(tokens, from+1) {
			operation = "grant"
		}
		putOperation(sink, operation, objectName(tokens, from+1))
	case "COPY":
		copiedByServer(sink, tokens, from)
	case "LOAD":
		loadedFile(sink, tokens)
	case "DO", "EXECUTE", "EXEC", "PREPARE":
		codeIn(sink, tokens, nesting)
	case "ATTACH":
		attachedFile(sink, tokens)
	case "VACUUM":
		if indexOfText(tokens, "INTO", 0) >= 0 {
			attachedFile(sink, tokens)
		}
	case "CALL", "IMPORT":
		putOperation(sink, "write", objectName(tokens, from+1))
	default:
		changedRows(sink, tokens, from)
	}
}

var sqlStatements = []string{
	"DELETE", "UPDATE", "INSERT", "REPLACE", "MERGE", "SELECT", "WITH", "CREATE", "EXECUTE", "TABLE", "VALUES",
}

// verbAt: `EXPLAIN ANALYZE DELETE …` does what it explains; plain `EXPLAIN` does not.
func verbAt(tokens []sqlToken) int {
	at := 0
	for slices.Contains([]string{"(", "BEGIN", "ELSE", "THEN"}, sqlTokenAt(tokens, at).text) {
		at++
	}
	if sqlTokenAt(tokens, at).text != "EXPLAIN" {
		return at
	}
	analyzed := slices.IndexFunc(tokens, func(token sqlToken) bool { return token.text == "ANALYZE" || token.text == "ANALYSE" })
	if analyzed < 0 {
		return len(tokens)
	}
	at = analyzed + 1
	for at < len(tokens) && !slices.Contains(sqlStatements, tokens[at].text) {
		at++
	}
	return at
}

func droppedObject(sink *Sink, tokens []sqlToken, from int) {
	what := sqlTokenAt(tokens, from+1).text
	operation := "alter"
	switch {
	case what == "DATABASE":
		operation = "drop_database"
	case what == "SCHEMA" || what == "KEYSPACE":
		operation = "drop_schema"
	case what == "TABLE" || what == "TEMPORARY" && sqlTokenAt(tokens, from+2).text == "TABLE" || what == "FOREIGN":
		operation = "drop_table"
	case isRole(tokens, from+1) || what == "OWNED":
		operation = "grant"
	}
	putOperation(sink, operation, objectName(tokens, from+1))
}

var madeAgain = strings.Split("CONSTRAINT DEFAULT NOT INDEX KEY PRIMARY FOREIGN CHECK IDENTITY EXPRESSION OWNED UNIQUE", " ")

// dropsData: `ALTER TABLE t DROP COLUMN c`, `DROP c`, `DROP PARTITION p`: what is in it is gone. A constraint or default is made again.
func dropsData(tokens []sqlToken, from int) bool {
	for at := from + 1; at < len(tokens); at++ {
		if tokens[at].isWord("DROP") && !slices.Contains(madeAgain, sqlTokenAt(tokens, at+1).text) {
			return true
		}
	}
	return false
}

func isRole(tokens []sqlToken, at int) bool {
	switch sqlTokenAt(tokens, at).text {
	case "ROLE", "USER", "GROUP", "LOGIN", "POLICY":
		return true
	}
	return false
}

var noiseWords = strings.Split("TABLE DATABASE SCHEMA KEYSPACE VIEW INDEX SEQUENCE FUNCTION PROCEDURE TRIGGER TYPE EXTENSION ROLE USER "+
	"GROUP IF EXISTS NOT ONLY TEMPORARY TEMP UNLOGGED MATERIALIZED UNIQUE CONCURRENTLY OR REPLACE FROM INTO VIRTUAL FOREIGN IGNORE "+
	"LOW_PRIORITY QUICK", " ")

// objectName is the first name after words that only say what kind of thing it is.
func objectName(tokens []sqlToken, from int) string {
	return sqlNameOf(sqlTokenAt(tokens, nameAt(tokens, from)))
}

func nameAt(tokens []sqlToken, from int) int {
	at := from
	for at < len(tokens) && tokens[at].kind == "word" && slices.Contains(noiseWords, tokens[at].text) {
		at++
	}
	return at
}

func sqlNameOf(token *sqlToken) string {
	if token.kind == "mark" {
		return ""
	}
	return token.raw
}

// changedRows reads INSERT, UPDATE, DELETE, MERGE, at the beginning and inside of `WITH x AS (DELETE …)`; SELECT … INTO.
func changedRows(sink *Sink, tokens []sqlToken, from int) {
	next := &nextFrom{at: -1}
	for at := from; at < len(tokens) && sink.work >= 0; at++ {
		begins := at == from || slices.Contains([]string{"(", ")", "AS", "THEN", "BEGIN"}, sqlTokenAt(tokens, at-1).text)
		if tokens[at].kind != "word" || !begins {
			continue
		}
		end := sqlEndOf(tokens, at)
		if !work(sink, end-at) {
			return
		}
		if tokens[at].text == "DELETE" {
			deletedRows(sink, tokens, at, end, next)
		} else {
			changedAt(sink, tokens, at, end, at > from)
		}
	}
}

func changedAt(sink *Sink, tokens []sqlToken, at, end int, inside bool) {
	operation, next := "write", sqlTokenAt(tokens, at+1)
	switch tokens[at].text {
	case "UPDATE":
		if next.kind == "mark" {
			return
		}
		if !conditioned(tokens, at, end) {
			operation = "update_all"
		}
		putOperation(sink, operation, objectName(tokens, at+1))
	case "INSERT", "REPLACE", "MERGE", "UPSERT":
		if next.text != "(" {
			putOperation(sink, "write", objectName(tokens, at+1))
		}
	case "TRUNCATE":
		if inside {
			putOperation(sink, "truncate", objectName(tokens, at+1))
		}
	case "DROP", "ALTER":
		if inside {
			putOperation(sink, "alter", objectName(tokens, at+1))
		}
	case "SELECT", "TABLE":
		selectedInto(sink, tokens, at, end)
	}
}

func deletedRows(sink *Sink, tokens []sqlToken, at, end int, next *nextFrom) {
	operation := "delete_all"
	if conditioned(tokens, at, end) {
		operation = "write"
	}
	putOperation(sink, operation, deletedFrom(tokens, at, next))
}

// nextFrom is where the next FROM stands, and the name behind it: kept, because searching again for each DELETE would take the square of the time.
type nextFrom struct {
	at   int
	name string
}

func deletedFrom(tokens []sqlToken, at int, next *nextFrom) string {
	if next.at <= at {
		next.at = indexOfText(tokens, "FROM", at+1)
		if next.at < 0 {
			next.at = len(tokens)
		}
		next.name = objectName(tokens, next.at+1)
	}
	if next.at < len(tokens) {
		return next.name
	}
	return objectName(tokens, at+1)
}

// sqlEndOf is where the bracket around the statement closes.
func sqlEndOf(tokens []sqlToken, from int) int {
	depth := 0
	for at := from; at < len(tokens); at++ {
		if depth += tokens[at].deeper(); depth < 0 {
			return at
		}
	}
	return len(tokens)
}

// conditioned: a condition says something: `WHERE 1 = 1` and `WHERE true` do not. LIMIT counts as a condition, as does a join.
func conditioned(tokens []sqlToken, from, to int) bool {
	depth := 0
	for at := from; at < to; at++ {
		token := &tokens[at]
		depth += token.deeper()
		if depth != 0 {
			continue
		}
		if token.isWord("LIMIT") {
			return true
		}
		if token.isWord("WHERE") {
			return !trivial(tokens[at+1 : to])
		}
	}
	return false
}

func trivial(condition []sqlToken) bool {
	var parts []*sqlToken
	for at := range condition {
		token := &condition[at]
		if token.isWord("RETURNING") || token.isWord("ORDER") {
			break
		}
		if token.text == "(" || token.text == ")" {
			continue
		}
		if parts = append(parts, token); len(parts) > 3 {
			return false
		}
	}
	if len(parts) == 1 {
		_, number := decimal(parts[0].text)
		return parts[0].text == "TRUE" || parts[0].kind == "word" && parts[0].text != "0" && number
	}
	return len(parts) == 3 && parts[1].text == "=" && parts[0].text == parts[2].text && parts[0].kind == parts[2].kind
}

// selectedInto reads `SELECT … INTO OUTFILE 'f'`, `INTO DUMPFILE 'f'`, `INTO new_table`; `INTO @v` is a variable.
func selectedInto(sink *Sink, tokens []sqlToken, from, to int) {
	// The name that stands behind one INTO stands behind all that follow each other.
	name := -1
	for at := from + 1; at < to; at++ {
		if !tokens[at].isWord("INTO") || at+1 >= len(tokens) {
			continue
		}
		next := &tokens[at+1]
		switch {
		case next.text == "OUTFILE" || next.text == "DUMPFILE":
			if at+2 < len(tokens) {
				putFile(sink, "write", tokens[at+2].raw)
			} else {
				putPath(sink, "write", model.UnknownWord)
			}
		case next.kind != "mark" && !strings.HasPrefix(next.raw, "@"):
			if name <= at {
				name = nameAt(tokens, at+1)
			}
			putOperation(sink, "write", sqlNameOf(sqlTokenAt(tokens, name)))
		}
	}
}

// copiedByServer reads `COPY t FROM 'f'`, `COPY t TO PROGRAM 'x'`: files and programs of the server.
func copiedByServer(sink *Sink, tokens []sqlToken, from int) {
	depth, name := 0, objectName(tokens, from+1)
	for at := range tokens {
		word, next := &tokens[at], sqlTokenAt(tokens, at+1)
		depth += word.deeper()
		if at <= from || !word.isWord("FROM") && !word.isWord("TO") {
			continue
		}
		if word.text == "FROM" && depth == 0 {
			putOperation(sink, "write", name)
		}
		switch {
		case next.isWord("PROGRAM"):
			putOperation(sink, "run_program", name)
			program := sqlTokenAt(tokens, at+2)
			if program.kind == "string" {
				putShell(sink, &program.text, nil)
			} else {
				putShell(sink, nil, nil)
			}
		case next.kind == "string" && word.text == "FROM":
			putFile(sink, "read", next.text)
		case next.kind == "string":
			putFile(sink, "write", next.text)
		}
	}
}
