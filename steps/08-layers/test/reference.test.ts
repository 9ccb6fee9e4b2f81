import { describe, expect, test } from 'vitest';
import {
  familiarName,
  fullName,
  parseReference,
  parseWhole,
  type Reference,
  wholeId,
  withTag,
} from '../src/reference.ts';
import cases from './cases/references.json' with { type: 'json' };

type Result = { string: string; domain?: string; path?: string; familiar?: string; tag?: string; digest?: string };

function answer(kind: string, name: string): Result | null {
  try {
    const id = kind === 'any' ? wholeId(name) : undefined;
    if (id !== undefined) return { string: id, digest: id };
    if (kind === 'whole') return { string: fullName(parseWhole(name)) };
    return described(parseReference(name));
  } catch {
    return null;
  }
}

function described(reference: Reference): Result & { tagNameOnly: string } {
  return {
    ...reference,
    string: fullName(reference),
    familiar: familiarName(reference),
    tagNameOnly: fullName(withTag(reference)),
  };
}

describe("names of images are read as docker's library reads them", () => {
  const titled = cases.cases.map(([kind, name, result]) => ({ kind, name, result }));
  test.each(titled)('$kind: $name', ({ kind, name, result }) => {
    expect(answer(kind as string, name as string)).toEqual(result);
  });
});

test('an error quotes the name, and says what is wrong with it', () => {
  expect(() => parseReference('Busybox')).toThrow(
    'invalid reference format: repository name (library/Busybox) must be lowercase',
  );
  expect(() => parseReference('a'.repeat(64))).toThrow('cannot specify 64-byte hexadecimal strings');
  expect(() => parseReference('')).toThrow('invalid reference format\n""');
});

test('a name that a careless pattern would take minutes for is refused at once', () => {
  expect(() => parseReference(`${'a-'.repeat(50_000)}!`)).toThrow('invalid reference format');
  expect(() => parseReference(`${'a.'.repeat(50_000)}/A!`)).toThrow('invalid reference format');
});
