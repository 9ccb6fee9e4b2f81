/**
 * The fields of a line as Go's encoding/csv reads it: between commas; one that has commas stands in quotes, where a quote
 * is written twice.
 *
 * @throws {Error} for a quote where none may be
 */
export function csvFields(line: string): string[] {
  const fields: string[] = [];
  for (let rest = `${line},`; rest !== ''; ) {
    const [whole, quoted, plain = ''] = /^(?:"((?:[^"]|"")*)"|([^",]*)),/s.exec(rest) ?? [];
    if (whole === undefined)
      throw new Error(`there is a quote in ${JSON.stringify(line)} that opens or closes nothing`);
    fields.push(quoted?.replaceAll('""', '"') ?? plain);
    rest = rest.slice(whole.length);
  }
  return fields;
}
