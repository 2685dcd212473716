// The look of the reference page: readable on a phone, in the dark, and on paper; nothing from elsewhere. Implements spec/service.md 14.3.

export const STYLE = `
:root { color-scheme: light dark; --ink: #1c2024; --dim: #5b6470; --line: #d9dee4; --page: #ffffff; --box: #f5f7f9; --get: #0b6bcb; --post: #0a7d43; --put: #9a5b00; --delete: #b42318; }
@media (prefers-color-scheme: dark) { :root { --ink: #e7eaee; --dim: #9aa5b1; --line: #2f363e; --page: #14181c; --box: #1c2228; --get: #6cb4ff; --post: #57d28f; --put: #f0b35c; --delete: #ff8f85; } }
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 62rem; background: var(--page); color: var(--ink); font: 1rem/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: .5rem 0; }
h2 { font-size: 1.35rem; margin: 3rem 0 .25rem; padding-top: 1rem; border-top: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.25rem 0 .35rem; }
p { margin: .35rem 0; }
a { color: var(--get); }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--get); outline-offset: 2px; }
.dim { color: var(--dim); }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .875em; }
pre { margin: .5rem 0; padding: .75rem; background: var(--box); border: 1px solid var(--line); border-radius: .4rem; overflow-x: auto; white-space: pre; overflow-wrap: normal; max-height: 32rem; }
nav ul { list-style: none; margin: .5rem 0; padding: 0; columns: 24rem; }
nav li { break-inside: avoid; padding: .15rem 0; }
nav a { display: flex; text-decoration: none; }
nav a .method { flex: none; }
nav a:hover { text-decoration: underline; }
details { border: 1px solid var(--line); border-radius: .5rem; margin: .6rem 0; background: var(--page); }
summary { padding: .6rem .8rem; cursor: pointer; }
summary p { color: var(--dim); margin: .1rem 0 0; font-size: .95rem; }
details > div { padding: 0 .8rem .8rem; border-top: 1px solid var(--line); }
.method { display: inline-block; min-width: 4.2em; font-weight: 700; font-size: .8rem; letter-spacing: .03em; }
.GET { color: var(--get); } .POST { color: var(--post); } .PUT { color: var(--put); } .DELETE { color: var(--delete); }
.scope { display: inline-block; padding: 0 .5em; border: 1px solid var(--line); border-radius: 1em; font-size: .8rem; color: var(--dim); white-space: nowrap; }
dl { margin: .25rem 0; display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; gap: .2rem 1rem; }
dt { font-weight: 600; } dd { margin: 0; }
@media (max-width: 34rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin: 0 0 .5rem; } body { padding-top: .75rem; } }
@media print { details > div { display: block; } pre { max-height: none; white-space: pre-wrap; } }
`;
