// One row of the tables in this folder.

/** The line, its sub-command, `harmless` or "", and the deeds as short texts (spec/catalogue.md section 11) joined by `; `. */
export type Row = readonly [line: string, subcommand: string, harmless: "harmless" | "", deeds: string];
