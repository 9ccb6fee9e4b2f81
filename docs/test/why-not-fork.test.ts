import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Machine, machineCode, TRAMPOLINE } from 'shared-native';
import { describe, expect, test } from 'vitest';

const page = readFileSync(join(import.meta.dirname, '../why-not-fork.md'), 'utf8');

/** The text under a heading, up to the next. */
function section(title: string): string {
  return page.split(/^#+ /m).find((one) => one.startsWith(`${title}\n`)) ?? '';
}

/** The rows of a table below a heading, each cell without its backticks. */
function rows(title: string): string[][] {
  const lines = section(title).split('\n');
  const cells = lines.filter((line) => line.startsWith('|')).map((line) => line.slice(1, -1).split('|'));
  return cells.slice(2).map((row) => row.map((cell) => cell.trim().replace(/^`(.*)`$/, '$1')));
}

describe.each<[title: string, machine: Machine]>([
  ['x86-64', 'x64'],
  ['arm64', 'arm64'],
])('the machine code for %s', (title, machine) => {
  test('is on the page as the child runs it, byte for byte', () => {
    expect(rows(title).map(([bytes, assembly]) => [bytes, assembly])).toEqual(
      TRAMPOLINE[machine].map((line) => [...line]),
    );
  });

  test('has an explanation for every line', () => {
    for (const [, , explanation = ''] of rows(title)) expect(explanation).toMatch(/\w{3,}.*[.…?)]$/);
  });

  test('is as long as the page says', () => {
    const length = `${TRAMPOLINE[machine].length} instructions, ${machineCode(machine).length} bytes`;
    expect(section(title)).toContain(length);
  });
});

test('the jumps lead back to the label, as far as the page says', () => {
  const back = (title: string) =>
    rows(title).flatMap(([, , says = '']) => /(?:−(\d+): that|(\d+) (?:bytes|instructions) back)/.exec(says) ?? []);
  expect(back('x86-64')).toContain('61');
  expect(back('x86-64')).toContain('67');
  const x64 = TRAMPOLINE.x64.map(([bytes]) => bytes.split(' ').map((byte) => Number.parseInt(byte, 16)));
  const ends = x64.map((_, nth) => x64.slice(0, nth + 1).flat().length);
  for (const nth of [18, 20]) expect((ends[nth] ?? 0) + ((x64[nth]?.[1] ?? 0) - 256)).toBe(ends[0]);
  const arm64 = Buffer.from(machineCode('arm64'));
  for (const [nth, distance] of [
    [16, 15],
    [18, 17],
  ] as const) {
    expect((arm64.readUInt32LE(nth * 4) << 8) >> 13).toBe(-distance);
    expect(rows('arm64')[nth]?.[2]).toContain(`${distance} instructions back`);
  }
});
