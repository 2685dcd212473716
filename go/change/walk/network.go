// Host and URL of a network deed's destination. Implements spec/change.md section 3.5. Twin of src/change/walk/network.ts.
// It takes apart as few forms as it can: scheme, user, host, port. A host that is not wholly known is unknown.

package walk

import (
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/change/words"
)

// destinationOf gives the host, and the URL as written: "" when the destination is a host only, `unknown` when only its beginning is known.
func destinationOf(value model.Value) (host, url string) {
	known := words.KnownPrefix(value)
	whole := value.Kind == "text"
	host, is := hostOf(known, whole)
	if !is {
		host = model.Unknown
	}
	switch {
	case !whole:
		return host, model.Unknown
	case strings.Contains(known, "/"):
		return host, known
	}
	return host, ""
}

// hostOf is the host in a URL, `host:port`, `user@host:path`; false when it is not there, or might go on.
func hostOf(text string, whole bool) (string, bool) {
	rest := text
	if scheme := strings.Index(text, "://"); scheme >= 0 {
		rest = text[scheme+3:]
	}
	authority := upTo(rest, `/?#\`)
	if len(authority) == len(rest) && !whole {
		return "", false
	}
	place := authority[strings.LastIndexByte(authority, '@')+1:]
	host := upTo(place, ":")
	if strings.HasPrefix(place, "[") {
		host = upTo(place, "]")[1:]
	}
	host = strings.TrimSuffix(host, ".")
	return base.FoldASCII(host), host != ""
}

func upTo(text, stops string) string {
	if end := strings.IndexAny(text, stops); end >= 0 {
		return text[:end]
	}
	return text
}
