// Scripts for the MongoDB shell: JavaScript with collections. Implements spec/languages.md section 13. Twin of src/change/languages/mongo.ts.
// What JavaScript itself could do is read by the reader for JavaScript; here only calls on databases and collections are looked at.

package languages

import (
	"slices"
	"strings"

	"cavra.dev/runtime/change/model"
)

var (
	mongoWrites = strings.Split("insert insertOne insertMany updateOne replaceOne deleteOne findOneAndDelete findOneAndUpdate "+
		"findOneAndReplace findAndModify save bulkWrite initializeOrderedBulkOp createIndex createIndexes createCollection createView "+
		"mapReduce", " ")
	mongoAlters = strings.Split("dropIndex dropIndexes renameCollection convertToCapped reIndex shutdownServer fsyncLock "+
		"setProfilingLevel adminCommand", " ")
	mongoGrants = strings.Split("createUser dropUser dropAllUsers updateUser changeUserPassword grantRolesToUser revokeRolesFromUser "+
		"createRole dropRole", " ")
	mongoCommands = map[string]string{
		"dropDatabase":     "drop_database",
		"drop":             "drop_table",
		"delete":           "delete_all",
		"update":           "write",
		"insert":           "write",
		"findAndModify":    "write",
		"shutdown":         "alter",
		"create":           "write",
		"collMod":          "alter",
		"dropIndexes":      "alter",
		"renameCollection": "alter",
		"createUser":       "grant",
		"dropUser":         "grant",
		"eval":             "write",
	}
)

// readMongo is the deeds of a script for the MongoDB shell.
func readMongo(code string, context *Context) []model.Deed {
	sink := sinkFor("mongo", context)
	if tokens, read := scan("javascript", &tableOf("javascript").Lexicon, code); read {
		mongoVisit(sink, tokens)
	} else {
		putOpaque(sink, "unknown_code", "mongo")
	}
	return append(readGeneral("javascript", code, context), sink.deeds...)
}

func mongoVisit(sink *Sink, tokens []Token) {
	last := lastOutput(tokens)
	for at := range tokens {
		token := &tokens[at]
		for _, part := range token.Parts {
			if part.Kind == "code" {
				mongoVisit(sink, part.Tokens)
			}
		}
		if token.Kind != "name" || !operatorAt(tokens, at+1, "(") {
			continue
		}
		if token.Text == "load" {
			putScript(sink, "javascript", fixedText(tokenAt(tokens, at+2)))
		} else if operatorAt(tokens, at-1, ".") || operatorAt(tokens, at-1, "?.") {
			mongoMethod(sink, tokens, at, at < last)
		}
	}
}

// lastOutput is where the last stage of a pipeline stands that writes what it gives; -1 where none does.
func lastOutput(tokens []Token) int {
	for at := len(tokens) - 1; at >= 0; at-- {
		if isOutput(tokens[at].Text) || isOutput(fixedText(&tokens[at])) {
			return at
		}
	}
	return -1
}

func isOutput(stage string) bool {
	return stage == "$out" || stage == "$merge"
}

func mongoMethod(sink *Sink, tokens []Token, at int, isWritten bool) {
	name, target := tokens[at].Text, collection(tokens, at)
	switch {
	case name == "dropDatabase":
		putOperation(sink, "drop_database", "")
	case name == "drop":
		putOperation(sink, "drop_table", target)
	case (name == "deleteMany" || name == "remove") && matchesAll(tokens, at+2):
		putOperation(sink, "delete_all", target)
	case (name == "updateMany" || name == "update") && matchesAll(tokens, at+2):
		putOperation(sink, "update_all", target)
	case name == "deleteMany" || name == "remove" || name == "updateMany" || name == "update":
		putOperation(sink, "write", target)
	case name == "runCommand" || name == "adminCommand":
		mongoCommand(sink, tokens, at+2)
	case slices.Contains(mongoWrites, name):
		putOperation(sink, "write", target)
	case slices.Contains(mongoAlters, name):
		putOperation(sink, "alter", target)
	case slices.Contains(mongoGrants, name):
		putOperation(sink, "grant", "")
	case name == "aggregate" && isWritten:
		putOperation(sink, "write", target)
	}
}

// collection reads `db.name.method(`, `db.getCollection("name").method(`.
func collection(tokens []Token, at int) string {
	owner := tokenAt(tokens, at-2)
	switch {
	case owner.Kind == "name" && owner.Text == "db":
		return ""
	case owner.Kind == "name":
		return owner.Text
	case operatorAt(tokens, at-2, ")") || operatorAt(tokens, at-2, "]"):
		return fixedText(tokenAt(tokens, at-3))
	}
	return ""
}

// matchesAll: `()`, `({})`: every document is meant.
func matchesAll(tokens []Token, from int) bool {
	return operatorAt(tokens, from, ")") || operatorAt(tokens, from, "{") && operatorAt(tokens, from+1, "}")
}

// mongoCommand reads `runCommand({drop: "x"})`, `runCommand("shutdown")`.
func mongoCommand(sink *Sink, tokens []Token, from int) {
	key := tokenAt(tokens, from)
	if operatorAt(tokens, from, "{") {
		key = tokenAt(tokens, from+1)
	}
	name := fixedText(key)
	if key.Kind == "name" {
		name = key.Text
	}
	if operation, known := mongoCommands[name]; known {
		putOperation(sink, operation, fixedText(tokenAt(tokens, from+3)))
	}
}

func fixedText(token *Token) string {
	if token.Kind == "string" && len(token.Parts) == 1 && token.Parts[0].Kind == "text" {
		return token.Parts[0].Text
	}
	return ""
}

func operatorAt(tokens []Token, at int, text string) bool {
	return isOperator(tokenAt(tokens, at), text)
}
