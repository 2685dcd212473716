// Here-documents: `<<"X"`, `<<~X`, `<<<X`. Implements spec/languages.md section 3.6. Twin of src/change/languages/heredocs.ts.
// For now none begins anywhere: the reader replaces what stands in readHeredoc.

package languages

// readHeredoc reads what begins at the scanner's place; false where no here-document begins there.
func readHeredoc(*Scanner, bool) bool {
	return false
}
