import { LineCounter, parseDocument } from 'yaml';
import { readFile } from '../submission/door.ts';
import { type Bytes, readable } from '../submission/names.ts';

/** Where Gradescope's export of submissions says who made them: `submission_123: { :submitters: [{ :name: … }] }`. */
const FILE = 'submission_metadata.yml';

/** The most bytes of it: a line for each test of each student, too. */
const LARGEST = 256 * 1024 ** 2;

export interface Names {
  /** Names of students by that of their folder. */
  readonly of: ReadonlyMap<string, string>;
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
  const of = new Map<string, string>();
  for (const [folder, one] of Object.entries(metadata)) {
    const names = submitters(one);
    if (names === undefined) wrong.push(`${FILE}: ${folder} has no list of submitters`);
    else of.set(folder, names);
  }
  return { of, wrong };
}

function submitters(submission: unknown): string | undefined {
  const list = Object(submission)[':submitters'];
  if (!Array.isArray(list)) return undefined;
  return list
    .map((who) => readable(Buffer.from(String(Object(who)[':name'] ?? '')).toString('latin1') as Bytes))
    .join(', ');
}
