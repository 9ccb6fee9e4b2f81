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

describe('the jumps lead to their labels, as far as the page says', () => {
  const target = (machine: Machine, label: string) =>
    TRAMPOLINE[machine].findIndex(([, line]) => line.startsWith(`${label}:`));

  test('on x86-64', () => {
    const code = TRAMPOLINE.x64.map(([bytes]) => Buffer.from(bytes.replaceAll(' ', ''), 'hex'));
    const begins = (nth: number) => Buffer.concat(code.slice(0, nth)).length;
    const jumps = [...TRAMPOLINE.x64.entries()].filter(([, [, line]]) => /^j/.test(line));
    expect(jumps).toHaveLength(3);
    for (const [nth, [, line]] of jumps) {
      const distance = code[nth]?.readInt8(1) ?? 0;
      expect(begins(nth + 1) + distance, line).toBe(begins(target('x64', line.includes('1b') ? '1' : '2')));
      const said = {
        jge: `is ${distance}: jump over the ${distance} bytes`,
        je: 'jumps over the next line',
        jmp: `−${-distance}: that many bytes back`,
      };
      expect(rows('x86-64')[nth]?.[2]).toContain(said[line.split(' ')[0] as keyof typeof said]);
    }
  });

  test('on arm64', () => {
    const code = Buffer.from(machineCode('arm64'));
    const jumps = [...TRAMPOLINE.arm64.entries()].filter(([, [, line]]) => /^b[ .]/.test(line));
    expect(jumps).toHaveLength(3);
    for (const [nth, [, line]] of jumps) {
      const word = code.readUInt32LE(nth * 4);
      const distance = line.startsWith('b.') ? (word << 8) >> 13 : (word << 6) >> 6;
      expect(nth + distance, line).toBe(target('arm64', line.includes('1b') ? '1' : '2'));
      expect(rows('arm64')[nth]?.[2]).toContain(
        `${Math.abs(distance)} instructions ${distance < 0 ? 'back' : 'further'}`,
      );
    }
  });
});
