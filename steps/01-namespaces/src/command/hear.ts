/** Who is told of each signal now. Node warns of the eleventh listener of one, and a program may run more containers at once. */
const told = new Map<NodeJS.Signals, Set<() => void>>();

/** Calls back at each signal that comes, by its name. @returns what ends it */
export function hear(listeners: ReadonlyMap<NodeJS.Signals, () => void>): () => void {
  for (const [name, listener] of listeners) {
    const all = told.get(name) ?? new Set();
    if (all.size === 0) process.on(name, tell);
    told.set(name, all.add(listener));
  }
  return () => {
    for (const [name, listener] of listeners) {
      const all = told.get(name);
      if (all?.delete(listener) && all.size === 0) process.off(name, tell);
    }
  };
}

function tell(name: NodeJS.Signals): void {
  for (const listener of told.get(name) ?? []) listener();
}
