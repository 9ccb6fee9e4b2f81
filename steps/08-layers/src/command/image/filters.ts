import { matchesGlob } from 'node:path/posix';
import { timeOf } from '../../format/time-of.ts';
import { familiarName, familiarRepository } from '../../reference.ts';
import { isTagged } from '../../store/names.ts';
import { imageNamed } from './named.ts';
import { createdAt, type Summary } from './summary.ts';

type Test = (summary: Summary) => boolean;

/**
 * Is an image left by all filters? As with docker, several of `label` must all be so, and of `reference` one.
 *
 * @throws {Error} if one isn't KEY=VALUE, or its key isn't known
 */
export function filterOf(given: readonly string[], known: readonly string[]): Test {
  const pairs = given.map((filter) => {
    const at = filter.indexOf('=');
    const [key, value] = [filter.slice(0, at), filter.slice(at + 1)];
    if (at < 1) throw new Error(`Expected a filter to be KEY=VALUE, got ${JSON.stringify(filter)}`);
    if (!known.includes(key)) throw new Error(`invalid filter '${key}': there are ${known.join(', ')}`);
    return [key, value] as const;
  });
  const references = pairs.filter(([key]) => key === 'reference').map(([, pattern]) => isNamed(pattern));
  const others = pairs
    .filter(([key]) => key !== 'reference')
    .map(([key, value]) => (TESTS[key] as (value: string) => Test)(value));
  return (summary) =>
    others.every((test) => test(summary)) && (references.length === 0 || references.some((test) => test(summary)));
}

/** Has it a name that a pattern means, with its tag or without? `*` stands for anything but a slash. */
export function isNamed(pattern: string): (named: Pick<Summary, 'names'>) => boolean {
  return ({ names }) =>
    names.some((name) => [familiarName(name), familiarRepository(name)].some((one) => matchesGlob(one, pattern)));
}

const TESTS: Readonly<Record<string, (value: string) => Test>> = {
  dangling: (value) => {
    if (!['true', 'false', '1', '0'].includes(value)) throw new Error(`invalid filter 'dangling=${value}'`);
    const wanted = value === 'true' || value === '1';
    return ({ names }) => !isTagged(names) === wanted;
  },
  label: (value) => hasLabel(value),
  'label!': (value) => {
    const has = hasLabel(value);
    return (summary) => !has(summary);
  },
  before: (value) => {
    const than = createdAt(imageNamed(value).config.created) ?? 0;
    return ({ created = 0 }) => created < than;
  },
  since: (value) => {
    const than = createdAt(imageNamed(value).config.created) ?? 0;
    return ({ created = 0 }) => created > than;
  },
  until: (value) => {
    const end = timeOf(value, 'until');
    return ({ created = 0 }) => created < end;
  },
};

function hasLabel(text: string): Test {
  const [name = '', ...value] = text.split('=');
  return ({ image }) => {
    const labels = image.config.config?.Labels ?? {};
    return Object.hasOwn(labels, name) && (value.length === 0 || labels[name] === value.join('='));
  };
}
