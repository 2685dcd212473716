// A map that is copied only when one of its holders changes it, so that leaving and joining a branch costs nothing where nothing changed.
// Implements spec/change.md section 7.1. Twin of go/change/walk/table.go.

export interface Table<V> {
  map: Map<string, V>;
  shared: boolean;
}

// Every empty table holds the same map, which nobody changes: most tables of most shells stay empty.
const NO_ENTRIES = new Map<string, never>();

export function newTable<V>(): Table<V> {
  return { map: NO_ENTRIES, shared: true };
}

/** A second holder of the same map. */
export function shareTable<V>(table: Table<V>): Table<V> {
  table.shared = true;
  return { map: table.map, shared: true };
}

export function setIn<V>(table: Table<V>, key: string, value: V): void {
  own(table).set(key, value);
}

export function removeFrom<V>(table: Table<V>, key: string): void {
  if (table.map.has(key)) own(table).delete(key);
}

function own<V>(table: Table<V>): Map<string, V> {
  if (table.shared) {
    table.map = new Map(table.map);
    table.shared = false;
  }
  return table.map;
}

/** What both tables may hold. `join` gets undefined for the side that has no entry, and gives undefined for none. */
export function joinTables<V>(
  left: Table<V>,
  right: Table<V>,
  join: (a: V | undefined, b: V | undefined, key: string) => V | undefined,
): Table<V> {
  if (left.map === right.map) return shareTable(left);
  const joined: Table<V> = newTable();
  for (const key of new Set([...left.map.keys(), ...right.map.keys()])) {
    const a = left.map.get(key);
    const b = right.map.get(key);
    const value = a === b ? a : join(a, b, key);
    if (value !== undefined) setIn(joined, key, value);
  }
  return joined;
}
