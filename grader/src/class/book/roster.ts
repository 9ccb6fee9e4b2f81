import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { shown } from '../../step/workspace.ts';
import { canvas } from './canvas.ts';
import { classroom } from './classroom.ts';
import { gradescope } from './gradescope.ts';
import { moodle } from './moodle.ts';
import type { Person } from './person.ts';
import type { Filled, Grades, Platform, Points } from './platform.ts';
import { readTable, type Table } from './table.ts';

/** Classroom first: the others' columns are more usual. */
const PLATFORMS: readonly Platform[] = [classroom, canvas, moodle, gradescope];

/** A file of a platform, and who its rows are. */
interface RosterFile {
  readonly file: string;
  readonly platform: Platform;
  readonly table: Table;
  /** By row. */
  readonly ids: readonly (string | undefined)[];
}

/** Who is in the class, by all files that say so. */
export interface Roster {
  readonly people: readonly Person[];
  readonly files: readonly RosterFile[];
  readonly wrong: readonly string[];
}

export const NOBODY: Roster = { people: [], files: [], wrong: [] };

/**
 * Reads rosters as platforms hand them out. Somebody in two of them is one person, by what both know of them. Times
 * without a zone are by the class's clock.
 *
 * @throws {Error} if a file is no platform's
 */
export function readRoster(paths: readonly string[], zone = 'UTC'): Roster {
  const people = new People();
  const wrong: string[] = [];
  const files = paths.map((path): RosterFile => {
    const table = readTable(readFileSync(path));
    const platform = platformOf(table, path);
    const seen = new Set<string>();
    const ids = table.rows.map((row) => {
      const found = platform.person(table, row, zone);
      if (!found) return undefined;
      const { id } = people.add(found);
      if (seen.has(id)) wrong.push(`${basename(path)} has ${id} twice`);
      seen.add(id);
      return id;
    });
    return { file: basename(path), platform, table, ids };
  });
  return { people: people.all, files, wrong };
}

function platformOf(table: Table, path: string): Platform {
  const found = PLATFORMS.find((one) => one.reads(table));
  if (found) return found;
  const columns = table.header.slice(0, 6).map((cell) => JSON.stringify(cell));
  throw new Error(
    `${shown(path)} is no roster of Canvas, Moodle, Gradescope or GitHub Classroom in English: its columns are ${columns.join(', ')}`,
  );
}

/** Everybody, by all that names them. A name alone is no proof. */
class People {
  readonly all: Person[] = [];
  readonly #at = new Map<string, number>();

  /** Adds somebody, or to somebody what one more file knows of them. @returns who it is */
  add(found: Person): Person {
    const proofs = proofsOf(found);
    const at = proofs.map((proof) => this.#at.get(proof)).find((one) => one !== undefined) ?? this.all.length;
    const known = this.all[at];
    const keys = [...(known?.keys ?? []), ...found.keys];
    const both = known ? { ...found, ...known, keys, section: known.section || found.section } : found;
    this.all[at] = both;
    for (const proof of proofs) this.#at.set(proof, at);
    return both;
  }
}

function proofsOf({ id, keys }: Person): string[] {
  const proofs = keys.filter(({ kind }) => kind !== 'name').map(({ kind, value }) => `${kind} ${value}`);
  return [`id ${id}`, ...proofs];
}

/** Each file with grades in it, by its name. */
export function fillIn(
  { files }: Roster,
  grades: Omit<Grades, 'of'>,
  of: (id: string) => Points | undefined,
): (Filled & { file: string; platform: string })[] {
  return files.map(({ file, platform, table, ids }) => {
    const points = (row: number) => {
      const id = ids[row];
      return id === undefined ? undefined : of(id);
    };
    return { file, platform: platform.name, ...platform.fill(table, { ...grades, of: points }) };
  });
}
