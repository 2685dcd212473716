// Tells where the second engine's sources can be edited, and how: one JSON object a line, in an order drawn by a seed. Implements the drawing of spec/parity.md 6.3.
//
//	go run scripts/go-mutants/main.go SEED FOLDER…
//
// Each folder is a stratum, looked at without those below it that are named too. Of each stratum a kind of edit is drawn first, and then a place of that kind, so that
// what is frequent in Go does not push out what is rare. Nothing is chosen by hand. It never writes a file.
package main

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

type edit struct {
	Stratum string `json:"stratum"`
	File    string `json:"file"`
	Line    int    `json:"line"`
	Kind    string `json:"kind"`
	From    int    `json:"from"`
	To      int    `json:"to"`
	Before  string `json:"before"`
	After   string `json:"after"`
}

var swapped = map[token.Token]struct {
	kind string
	by   []token.Token
}{
	token.EQL:  {"comparison", []token.Token{token.NEQ}},
	token.NEQ:  {"comparison", []token.Token{token.EQL}},
	token.LSS:  {"comparison", []token.Token{token.LEQ, token.GTR}},
	token.LEQ:  {"comparison", []token.Token{token.LSS, token.GTR}},
	token.GTR:  {"comparison", []token.Token{token.GEQ, token.LSS}},
	token.GEQ:  {"comparison", []token.Token{token.GTR, token.LSS}},
	token.LAND: {"condition", []token.Token{token.LOR}},
	token.LOR:  {"condition", []token.Token{token.LAND}},
}

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: main.go SEED FOLDER…")
		os.Exit(2)
	}
	seed, err := strconv.ParseUint(os.Args[1], 10, 64)
	if err != nil {
		fmt.Fprintln(os.Stderr, "a seed is a number")
		os.Exit(2)
	}
	folders := os.Args[2:]
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for at, folder := range folders {
		for _, one := range drawn(rand.New(rand.NewPCG(seed, uint64(at))), editsIn(folder, folders)) {
			if err := out.Encode(one); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
		}
	}
}

// drawn puts all edits of a stratum in the order in which they are tried: a kind, then a place of it, until none is left.
func drawn(dice *rand.Rand, edits []edit) []edit {
	byKind := map[string][]edit{}
	var kinds []string
	for _, one := range edits {
		if byKind[one.Kind] == nil {
			kinds = append(kinds, one.Kind)
		}
		byKind[one.Kind] = append(byKind[one.Kind], one)
	}
	slices.Sort(kinds)
	order := make([]edit, 0, len(edits))
	for len(kinds) > 0 {
		k := dice.IntN(len(kinds))
		left := byKind[kinds[k]]
		p := dice.IntN(len(left))
		order = append(order, left[p])
		byKind[kinds[k]] = slices.Delete(left, p, p+1)
		if len(byKind[kinds[k]]) == 0 {
			kinds = slices.Delete(kinds, k, k+1)
		}
	}
	return order
}

func editsIn(folder string, others []string) []edit {
	var edits []edit
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if path != folder && slices.Contains(others, path) {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		found, err := editsOf(folder, path)
		edits = append(edits, found...)
		return err
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return edits
}

type finder struct {
	files   *token.FileSet
	text    []byte
	stratum string
	path    string
	edits   []edit
}

func editsOf(stratum, path string) ([]edit, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	f := &finder{files: token.NewFileSet(), text: text, stratum: stratum, path: filepath.ToSlash(path)}
	file, err := parser.ParseFile(f.files, path, text, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	ast.Inspect(file, f.look)
	return f.edits, nil
}

func (f *finder) add(kind string, from, to token.Pos, after string) {
	start, end := f.files.Position(from), f.files.Position(to)
	f.edits = append(f.edits, edit{f.stratum, f.path, start.Line, kind, start.Offset, end.Offset, string(f.text[start.Offset:end.Offset]), after})
}

func (f *finder) look(node ast.Node) bool {
	switch n := node.(type) {
	case *ast.BinaryExpr:
		if change, ok := swapped[n.Op]; ok {
			for _, by := range change.by {
				f.add(change.kind, n.OpPos, n.OpPos+token.Pos(len(n.Op.String())), by.String())
			}
		}
	case *ast.BasicLit:
		f.constant(n)
	case *ast.IfStmt:
		f.turn(n.Cond)
	case *ast.ForStmt:
		if n.Cond != nil {
			f.turn(n.Cond)
		}
	case *ast.ReturnStmt:
		for _, result := range n.Results {
			if name, ok := result.(*ast.Ident); ok && (name.Name == "true" || name.Name == "false") {
				f.add("condition", name.Pos(), name.End(), strconv.FormatBool(name.Name == "false"))
			}
		}
	case *ast.BlockStmt:
		f.dropEach(n.List)
	case *ast.CaseClause:
		f.dropEach(n.Body)
	case *ast.CallExpr:
		// What is told `make` is room, not what is done.
		name, ok := n.Fun.(*ast.Ident)
		return !ok || name.Name != "make"
	}
	return true
}

func (f *finder) constant(n *ast.BasicLit) {
	if n.Kind != token.INT {
		return
	}
	value, err := strconv.ParseInt(n.Value, 0, 64)
	if err != nil {
		return
	}
	f.add("constant", n.Pos(), n.End(), strconv.FormatInt(value+1, 10))
	f.add("constant", n.Pos(), n.End(), "("+strconv.FormatInt(value-1, 10)+")")
}

func (f *finder) turn(condition ast.Expr) {
	start, end := f.files.Position(condition.Pos()), f.files.Position(condition.End())
	f.add("condition", condition.Pos(), condition.End(), "!("+string(f.text[start.Offset:end.Offset])+")")
}

// dropEach leaves out what stands by itself; what declares a name would not compile without it.
func (f *finder) dropEach(list []ast.Stmt) {
	for _, one := range list {
		switch s := one.(type) {
		case *ast.ExprStmt, *ast.IncDecStmt, *ast.BranchStmt, *ast.IfStmt, *ast.RangeStmt:
			f.add("statement", s.Pos(), s.End(), "")
		case *ast.AssignStmt:
			if s.Tok != token.DEFINE {
				f.add("statement", s.Pos(), s.End(), "")
			}
		case *ast.ReturnStmt:
			if len(s.Results) == 0 {
				f.add("statement", s.Pos(), s.End(), "")
			}
		}
	}
}
