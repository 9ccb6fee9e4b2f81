import { matchesGlob } from 'node:path/posix';
import { Filters } from 'step-07';
import { millisecondsAt } from '../../format/times.ts';
import { familiarName, familiarRepository } from '../../reference.ts';
import { isTagged } from '../../store/names.ts';
import { imageNamed } from './named.ts';
import { createdAt, type Summary } from './summary.ts';

type Test = (summary: Summary) => boolean;

/** Which images `--filter` leaves. @throws {Error} in docker's words, for a filter that isn't known */
export function filterOf(given: readonly string[], known: readonly string[]): Test {
  const filters = new Filters(given, known);
  const dangling = filters.isSet('dangling');
  const [before, since] = [filters.values('before').map(timeOfImage), filters.values('since').map(timeOfImage)];
  const until = filters.values('until').map((value) => millisecondsAt(value));
  const references = filters.values('reference').map(isNamed);
  return ({ image, names, created = 0 }) =>
    (dangling === undefined || dangling === !isTagged(names)) &&
    filters.matchesLabels(image.config.config?.Labels ?? {}) &&
    [...before, ...until].every((than) => created < than) &&
    since.every((than) => created > than) &&
    (references.length === 0 || references.some((test) => test({ names })));
}

/** Has it a name that a pattern means, with its tag or without? `*` stands for anything but a slash. */
export function isNamed(pattern: string): (named: Pick<Summary, 'names'>) => boolean {
  return ({ names }) =>
    names.some((name) => [familiarName(name), familiarRepository(name)].some((one) => matchesGlob(one, pattern)));
}

function timeOfImage(name: string): number {
  return createdAt(imageNamed(name).config.created) ?? 0;
}
