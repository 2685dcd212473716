// All that the readers of roles look at while one command line is interpreted. Implements spec/catalogue.md section 8.
// Twin of src/change/catalogue/context.ts.

package catalogue

import "cavra.dev/runtime/change/model"

// Context is one command line, cut, with every word in its role.
type Context struct {
	Call    *model.Call
	Located *Located
	Around  Circumstances
	Uses    []Use
	// Folder is the working folder that the line itself sets; nil when it sets none.
	Folder *model.Value
}

// ContextOf gives every word of a cut line its role.
func ContextOf(located *Located, call *model.Call) *Context {
	around := circumstances(&located.Line, &call.Stdin)
	uses := usesOf(&located.Line, located.Program.Operands, &around)
	return &Context{Call: call, Located: located, Around: around, Uses: uses, Folder: folderSet(uses)}
}

func folderSet(uses []Use) *model.Value {
	var folder *model.Value
	for i := range uses {
		if name, _ := ParseRole(uses[i].Role); name == "chdir" {
			inside := Within(folder, uses[i].Argument.Value)
			folder = &inside
		}
	}
	return folder
}
