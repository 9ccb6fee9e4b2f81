/** What a TypeScript text imports by name. */
export function importedNames(code: string): Set<string> {
  const lists = [...code.matchAll(/^import (?:type )?\{([^}]*)\} from/gm)].map(([, names = '']) => names);
  return new Set(lists.flatMap((names) => names.match(/\w+(?=\s*(?:,|$))/g) ?? []));
}
