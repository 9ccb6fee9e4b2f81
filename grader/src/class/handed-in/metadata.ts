import { LineCounter, parseDocument } from 'yaml';
import { readFile } from '../../submission/door.ts';
import { type Bytes, readable } from '../../submission/names.ts';
import { type Key, key } from '../book/person.ts';

/** Where Gradescope's export of submissions says who made them: `submission_123: { :submitters: [{ :name: … }] }`. */
const FILE = 'submission_metadata.yml';

/** The most bytes of it: a line for each test of each student, too. */
const LARGEST = 256 * 1024 ** 2;

/** What it says of a submission. */
export interface Submitters {
  /** `Ann Lee, Ben` for a group. */
  readonly name: string;
  /** Of each of them. */
  readonly keys: readonly (readonly Key[])[];
  /** When, in milliseconds since 1970. */
  readonly time?: number;
}

export interface Names {
  /** By the name of the folder. */
  readonly of: ReadonlyMap<string, Submitters>;
  /** What is wrong with the file, with its line. Who isn't named is graded all the same. */
  readonly wrong: readonly string[];
}

/** The names that a download of submissions tells, if there are some. Never throws: they only make a list more readable. */
export function namesIn(directory: Bytes): Names {
  try {
    const found = readFile(directory, FILE, LARGEST);
    return found ? namesOf(found.toString()) : { of: new Map(), wrong: [] };
  } catch (error) {
    return { of: new Map(), wrong: [`${FILE} is not read: ${(error as Error).message}`] };
  }
}

/** What can be read of it counts, also where there is something wrong with it. */
function namesOf(text: string): Names {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'silent',
    uniqueKeys: false,
  });
  const where = (offset: number) => `${FILE}, line ${lines.linePos(offset).line}`;
  const [error] = document.errors;
  const wrong = error ? [`${where(error.pos[0])}: ${error.message.split('\n', 1)}`] : [];
  const metadata = Object(document.toJS({ maxAliasCount: 100 })) as Record<string, unknown>;
  const of = new Map<string, Submitters>();
  for (const [folder, one] of Object.entries(metadata)) {
    const names = submitters(one);
    if (names === undefined) wrong.push(`${FILE}: ${folder} has no list of submitters`);
    else of.set(folder, names);
  }
  return { of, wrong };
}

function submitters(submission: unknown): Submitters | undefined {
  const { ':submitters': list, ':created_at': created } = Object(submission);
  if (!Array.isArray(list)) return undefined;
  const text = (who: unknown, field: string) => String(Object(who)[field] ?? '');
  const time = Date.parse(String(created ?? ''));
  return {
    name: list.map((who) => readable(Buffer.from(text(who, ':name')).toString('latin1') as Bytes)).join(', '),
    keys: list.map((who) => [
      ...key('email', text(who, ':email')),
      ...key('sid', text(who, ':sid')),
      ...key('name', text(who, ':name')),
    ]),
    ...(!Number.isNaN(time) && { time }),
  };
}
