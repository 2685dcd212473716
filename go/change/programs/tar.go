// tar: -C counts from where it stands, and what is extracted is not named on the line. Implements spec/catalogue.md clause 10.6.
// Twin of src/change/programs/tar.ts.

package programs

import (
	"math"

	"cavra.dev/runtime/change/catalogue"
	"cavra.dev/runtime/change/model"
)

func readTar(call *model.Call) model.Reading {
	context := lineOf(call)
	var deeds []model.Deed
	for _, option := range context.Located.Line.Options {
		if option.Means != "file" {
			continue
		}
		for _, archive := range option.Values {
			deeds = append(deeds, archiveDeeds(archive, context)...)
		}
	}
	return withDeeds(context, append(deeds, memberDeeds(context)...)...)
}

func archiveDeeds(archive model.Argument, context *catalogue.Context) []model.Deed {
	if isStream(archive.Value) {
		return nil
	}
	read := fileDeed("read", archive.Value, "exact", archive.Span)
	write := fileDeed("write", archive.Value, "exact", archive.Span)
	switch meanings := context.Around.Meanings; {
	case meanings.Has("create"):
		return []model.Deed{write}
	case meanings.Has("append"):
		return []model.Deed{read, write}
	}
	return []model.Deed{read}
}

func memberDeeds(context *catalogue.Context) []model.Deed {
	meanings := context.Around.Meanings
	if meanings.Has("create") || meanings.Has("append") {
		return addedDeeds(context)
	}
	if !meanings.Has("extract") || meanings.Has("to_stdout") || meanings.Has("to_command") {
		return nil
	}
	return extractedDeeds(context)
}

// addedDeeds: each operand from the folder of the -C before it.
func addedDeeds(context *catalogue.Context) []model.Deed {
	line := &context.Located.Line
	removes := context.Around.Meanings.Has("remove_files")
	folders := tarFolders{options: line.Options}
	var deeds []model.Deed
	for i, operand := range line.Operands {
		path := catalogue.Within(folders.at(line.OperandsAt[i]), operand.Value)
		deeds = append(deeds, fileDeed("read", path, "tree", operand.Span))
		if removes {
			deeds = append(deeds, fileDeed("delete", path, "tree", operand.Span))
		}
	}
	return deeds
}

// extractedDeeds: what is in the archive is not known, and may be anything below the folder; named members only themselves.
func extractedDeeds(context *catalogue.Context) []model.Deed {
	line := &context.Located.Line
	meanings := context.Around.Meanings
	folders := tarFolders{options: line.Options}
	isNamed := len(line.Operands) > 0 && !meanings.Has("strip_components") && !meanings.Has("transform") && !meanings.Has("wildcards")
	var deeds []model.Deed
	for i, member := range line.Operands {
		if !isNamed || member.Value.Kind != "text" {
			isNamed = false
			break
		}
		path := catalogue.Within(folders.at(line.OperandsAt[i]), member.Value)
		deeds = append(deeds, fileDeed("write", path, "tree", member.Span))
	}
	if isNamed {
		return deeds
	}
	span := context.Call.Span
	folder, at := model.Text("."), span
	if given := folders.at(math.MaxInt); given != nil {
		folder = *given
	}
	if option := lastOption(context, "directory"); option != nil {
		at = option.Span
	}
	below := fileDeed("write", folder, "contents", at)
	if !meanings.Has("absolute_names") {
		return []model.Deed{below}
	}
	// With -P a member that begins with `/` is put where it says.
	return []model.Deed{below, fileDeed("write", model.UnknownWord, "exact", span)}
}

// tarFolders is the folder that the -C options lead to, asked for places that go forwards: to begin anew for each would cost the cube of
// their number.
type tarFolders struct {
	options []catalogue.CutOption
	folder  *model.Value
	next    int
}

func (f *tarFolders) at(position int) *model.Value {
	for ; f.next < len(f.options) && f.options[f.next].At <= position; f.next++ {
		option := &f.options[f.next]
		if option.Means == "directory" && len(option.Values) > 0 {
			inside := catalogue.Within(f.folder, option.Values[0].Value)
			f.folder = &inside
		}
	}
	return f.folder
}
