// Names with one star, as conditions and sub-command names have them. Implements spec/catalogue.md clause 2.5 and section 4.
// Twin of go/change/catalogue/star.go.
// One star only: the whole of it is a comparison of two ends, and nobody has to know how a glob is matched.

/** `*` stands for any text, also none. A name without it stands for itself. */
export function starMatches(name: string, text: string): boolean {
  const star = name.indexOf("*");
  if (star < 0) return name === text;
  return text.length >= name.length - 1 && text.startsWith(name.slice(0, star)) && text.endsWith(name.slice(star + 1));
}
