// The name of what says of a backup what is in it. Implements spec/operations.md 3.3.

export const BACKUP_MANIFEST = "manifest.json";
