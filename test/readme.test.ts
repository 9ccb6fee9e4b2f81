import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { compare } from './readme/compare.ts';
import { complete } from './readme/complete.ts';
import { checkHomework } from './readme/homework.ts';
import { checkLinks, slug } from './readme/links.ts';
import { fences, type Problem, ROOT, told } from './readme/markdown.ts';
import { readmes } from './readme/readmes.ts';
import { checkRegions, updateRegions } from './readme/regions.ts';
import { transcripts } from './readme/transcripts.ts';

describe.each(readmes().map((file) => relative(ROOT, file)))('%s', (path) => {
  const file = join(ROOT, path);

  test('shows the code as it is in the source', () => {
    expect(checkRegions(file).map(told)).toEqual([]);
  });

  test('tells the tasks and points of its homework', () => {
    expect(checkHomework(file).map(told)).toEqual([]);
  });

  test('has no link or image that leads nowhere', () => {
    expect(checkLinks(file).map(told)).toEqual([]);
  });

  test('has only transcripts that can be read', () => {
    expect(transcripts(file).flatMap(({ error }) => (error ? [told(error)] : []))).toEqual([]);
  });
});

test('the site begins with what npm start shows, as the README does, where it is run', () => {
  const [tour] = fences(join(ROOT, 'README.md')).filter(({ info }) => info === 'console');
  const [shown] = fences(join(ROOT, 'docs/index.md')).filter(({ info }) => info === 'text');
  expect(tour?.lines[0]).toBe('# npm start');
  expect(shown?.lines).toEqual(tour?.lines);
});

const folder = mkdtempSync(join(tmpdir(), 'boxstep-readme-'));
afterAll(() => rmSync(folder, { recursive: true }));

const SOURCE = `import { a } from 'a';
export function f() {
  // #region the middle
  const one = 1;
    // #region its heart
    deeper();

    twice();
    // #endregion
  return one;
  // #endregion
}
// #region shell
# not a region
// #endregion
`;

/** Writes a README beside a source file. */
function readme(...lines: string[]): string {
  mkdirSync(join(folder, 'src'), { recursive: true });
  writeFileSync(join(folder, 'src/plan.ts'), SOURCE);
  const file = join(folder, 'README.md');
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

const at = ({ line, message }: Problem) => `${line}: ${message}`;

describe('a code block that names a region', () => {
  const right = [
    '# T',
    '',
    '```ts src/plan.ts#the middle',
    'const one = 1;',
    '  deeper();',
    '',
    '  twice();',
    'return one;',
    '```',
  ];

  test('is right when it holds the lines between the markers, without indentation and inner markers', () => {
    expect(checkRegions(readme(...right))).toEqual([]);
  });

  test('is found inside a list and inside folded details', () => {
    const file = readme(
      '- item',
      '',
      '  ```ts src/plan.ts#its heart',
      '  wrong();',
      '  ```',
      '',
      '<details>',
      '',
      '```ts src/plan.ts#shell',
      '```',
      '</details>',
    );
    expect(checkRegions(file).map(({ line }) => line)).toEqual([4, 10]);
  });

  test('that has drifted is reported with the line and both texts', () => {
    const [problem] = checkRegions(readme(...right.with(4, '  deepest();')));
    expect(problem && at(problem)).toMatch(
      /^5: the block differs from src\/plan.ts#the middle\n.*: {3}deeper\(\);\n.*: {3}.*deepest/,
    );
  });

  test('that lacks the last line is reported', () => {
    expect(checkRegions(readme(...right.toSpliced(7, 1)))).toHaveLength(1);
  });

  test('is an error when the region is gone, and the message names README, file, region, and the regions there are', () => {
    const [problem] = checkRegions(readme('```ts src/plan.ts#the end', '```'));
    expect(problem && told(problem)).toContain(
      'README.md:1: src/plan.ts#the end: there is no region "the end"; there are ["the middle",',
    );
  });

  test('is an error when the file is gone', () => {
    const [problem] = checkRegions(readme('```ts src/no.ts#the middle', '```'));
    expect(problem && at(problem)).toContain('1: src/no.ts#the middle: there is no file');
  });

  test('is an error when it names a file but no region', () => {
    const [problem] = checkRegions(readme('```ts src/plan.ts', '```'));
    expect(problem && at(problem)).toContain('names no region');
  });

  test('is written again by update, and nothing else of the README is', () => {
    const file = readme('before', '', '1. item', '', '   ```ts src/plan.ts#its heart', '   old();', '   ```', 'after');
    expect(updateRegions(file)).toEqual([]);
    expect(readFileSync(file, 'utf8')).toBe(
      'before\n\n1. item\n\n   ```ts src/plan.ts#its heart\n   deeper();\n\n   twice();\n   ```\nafter\n',
    );
    expect(checkRegions(file)).toEqual([]);
  });

  test('is left alone by update when its region is gone', () => {
    const file = readme('```ts src/plan.ts#the end', 'old();', '```', '', '```ts src/plan.ts#shell', '```');
    expect(updateRegions(file)).toHaveLength(1);
    expect(readFileSync(file, 'utf8')).toContain(
      '#the end\nold();\n```\n\n```ts src/plan.ts#shell\n# not a region\n```',
    );
  });

  test.each([
    ['isn’t closed', '// #region the middle\n', 'has no #endregion'],
    [
      'is there twice',
      '// #region x\na\n// #endregion\n// #region x\nb\n// #endregion\n',
      'there are 2 regions of that name',
    ],
    ['ends before it begins', '// #endregion\n', 'an #endregion without a #region'],
  ])('is an error when the region %s', (_, source, message) => {
    const file = readme('```ts src/plan.ts#x', '```');
    writeFileSync(join(folder, 'src/plan.ts'), source);
    expect(checkRegions(file).map(at)).toEqual([expect.stringContaining(message)]);
  });
});

describe('a link', () => {
  const broken = (...lines: string[]) =>
    checkLinks(readme(...lines), folder).map(({ line, message }) => [line, message.split(':')[0]]);

  test('to a file, a folder, a heading of this page or of another one is right', () => {
    writeFileSync(join(folder, 'other.md'), '# One `code` & two!\n\n# Twice\n\n# Twice\n\n<a id="own"></a>\n');
    expect(
      broken(
        '# Top',
        '[a](src/plan.ts) [b](src) [c](#top) [d](other.md#one-code--two) [e](other.md#twice-1) [f](other.md#own)',
        '[g](/src/plan.ts#L3) [h](https://example.com/nowhere) [i](mailto:a@example.com)',
      ),
    ).toEqual([]);
  });

  test('to a file that is gone is reported with its own line', () => {
    expect(broken('# T', '', 'text', 'and [a](src/no.ts)')).toEqual([[4, '"src/no.ts"']]);
  });

  test('to a heading that is gone is reported', () => {
    expect(broken('# T', '[a](#nope) [b](src/plan.ts#L999)')).toEqual([
      [2, '"#nope"'],
      [2, '"src/plan.ts#L999"'],
    ]);
  });

  test('out of the repository is reported', () => {
    expect(broken('[a](../secret.md)')).toEqual([[1, '"../secret.md"']]);
  });

  test('in a code block or code span is none', () => {
    expect(broken('`[a](no.md)`', '', '```md', '[a](no.md)', '```')).toEqual([]);
  });

  test('to an image that is missing is reported, in Markdown and in HTML', () => {
    expect(broken('![a](pictures/a.svg)', '', '<img src="pictures/b.svg" alt="b">')).toEqual([
      [1, '"pictures/a.svg"'],
      [3, '"pictures/b.svg"'],
    ]);
  });

  test('finds a heading by the name that GitHub gives it', () => {
    expect(slug("Why don't you just fork? (PID 1, /proc)")).toBe('why-dont-you-just-fork-pid-1-proc');
  });
});

describe('a transcript', () => {
  const commands = (...lines: string[]) =>
    transcripts(readme('```console', ...lines, '```')).flatMap((block) => block.commands);

  test('is commands with the output that follows each', () => {
    expect(commands('# id -u', '0', '$ true', '$ seq 2', '1', '2')).toMatchObject([
      { person: 'root', text: 'id -u', line: 2, output: ['0'] },
      { person: 'anyone', text: 'true', output: [] },
      { person: 'anyone', text: 'seq 2', line: 5, output: ['1', '2'] },
    ]);
  });

  test('has commands over several lines: after a backslash, in a here-document, in quotes', () => {
    expect(
      commands(
        '# echo a \\',
        '  b',
        'a b',
        '# cat <<END',
        '# no command',
        'END',
        '# no command',
        "$ sh -c '",
        "echo x'",
        'x',
      ),
    ).toMatchObject([
      { text: 'echo a \\\n  b', output: ['a b'] },
      { text: 'cat <<END\n# no command\nEND', output: [] },
      { text: 'no command', output: [] },
      { text: "sh -c '\necho x'", output: ['x'] },
    ]);
  });

  test('that begins with output, or with a command that never ends, is an error', () => {
    const error = (...lines: string[]) =>
      transcripts(readme('```console', ...lines, '```')).map((block) => block.error?.line);
    expect(error('hello', '# id')).toEqual([2]);
    expect(error('# id', "# echo it's")).toEqual([3]);
  });

  test('needs root only if root types in it', () => {
    const needs = (...lines: string[]) =>
      transcripts(readme('```console', ...lines, '```')).map((block) => block.needsRoot);
    expect(needs('$ id')).toEqual([false]);
    expect(needs('$ id', '# id')).toEqual([true]);
  });

  test.each([
    ['echo a', true],
    ['echo a \\', false],
    ['echo a \\\\', true],
    ['cat <<-EOF\n a', false],
    ['cat <<<word', true],
    ['for i in 1 2; do', false],
    ['echo )', true],
  ])('knows whether bash would wait for more: %j', (command, isComplete) => {
    expect(complete(command)).toBe(isComplete);
  });
});

describe('output', () => {
  test('equals output, and blank lines and blanks at the end do not count', () => {
    expect(compare(['a', 'b', ''], ['a', 'b  ']).equal).toBe(true);
    expect(compare(['a', '', 'b'], ['a', 'b']).equal).toBe(false);
  });

  test('may vary where … stands in a line, and within that line only', () => {
    expect(compare(['pid … (sh)'], ['pid 4711 (sh)']).equal).toBe(true);
    expect(compare(['pid … (sh)'], ['pid 4711 (ls)']).equal).toBe(false);
    expect(compare(['a…'], ['a', 'b']).equal).toBe(false);
    expect(compare(['a.c*(…'], ['abc*(']).equal).toBe(false);
  });

  test('may have any lines, and none, where … stands alone', () => {
    expect(compare(['a', '…', 'z'], ['a', 'b', 'c', 'z']).equal).toBe(true);
    expect(compare(['a', '…', 'z'], ['a', 'z']).equal).toBe(true);
    expect(compare(['…'], []).equal).toBe(true);
    expect(compare(['a', '…', 'z'], ['a', 'b']).equal).toBe(false);
  });

  test('is updated so that the marks that still match stay', () => {
    const { updated } = compare(['pid …', 'old', '…', 'end'], ['pid 7', 'new', 'x', 'y', 'end', 'more']);
    expect(updated).toEqual(['pid …', 'new', '…', 'end', 'more']);
  });

  test('of thousands of lines is compared in time', () => {
    const lines = Array.from({ length: 1500 }, (_, index) => `line ${index}`);
    expect(compare(['…', ...lines], ['first', ...lines]).equal).toBe(true);
  });
});
