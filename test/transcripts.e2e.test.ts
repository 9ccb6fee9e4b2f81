import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { needs } from './needs.ts';
import { alive, processesWith } from './processes.ts';
import { place, told } from './readme/markdown.ts';
import { readmes } from './readme/readmes.ts';
import {
  checkTranscript,
  type Running,
  type Transcript,
  transcripts,
  updateTranscripts,
} from './readme/transcripts.ts';
import { slowness } from './slowness.ts';

const shown = readmes()
  .flatMap(transcripts)
  .map((block): [string, Transcript] => [`${place(block)} ${block.commands[0]?.text.split('\n')[0] ?? ''}`, block]);

// What steps 4 and 5 add, their end-to-end tests show on each kernel; an ordinary user makes no container; and the tour is a
// container of each step again.
const isOnce = ({ needsRoot, file, commands }: Transcript) =>
  !needsRoot || /\/0[45]-/.test(file) || commands.some(({ text }) => text === 'npm start');
const hasNetwork = ({ needsRoot, commands }: Transcript) =>
  needsRoot && commands.some(({ text }) => /boxstep 5|run -d -p/.test(text));

for (const [name, block] of shown) {
  test(name, { tags: isOnce(block) ? ['once'] : [] }, async (context) => {
    if (block.needsRoot) needs('root')(context);
    if (hasNetwork(block)) needs('ip', 'nft', 'busybox')(context);
    if (block.commands.some(({ text }) => /losetup/.test(text))) needs('loop')(context);
    if (block.commands.some(({ text }) => /\bps -/.test(text))) needs('ps')(context);
    if (block.commands.some(({ text }) => /docker-registry/.test(text))) needs('docker-registry')(context);
    const problems = await checkTranscript(block, { timeout: 60_000 * slowness() });
    if (problems.length > 0) throw new Error(problems.map(told).join('\n\n'));
  });
}

describe('the runner of transcripts', { tags: ['once'] }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'boxstep-transcripts-'));
  const file = join(folder, 'README.md');
  afterAll(() => rmSync(folder, { recursive: true }));

  const write = (...lines: string[]) => writeFileSync(file, ['# A', '', '```console', ...lines, '```', ''].join('\n'));
  const problems = async (running: Running, ...lines: string[]) => {
    write(...lines);
    const blocks = transcripts(file);
    return (await Promise.all(blocks.map((block) => checkTranscript(block, { cwd: folder, ...running }))))
      .flat()
      .map(told);
  };
  const run = (...lines: string[]) => problems({}, ...lines);

  test('finds nothing wrong where the output is right, in the order in which a terminal shows it', async () => {
    expect(await run('$ echo a; echo b >&2; echo c', 'a', 'b', 'c', '$ printf "no end"', 'no end', '$ true')).toEqual(
      [],
    );
  });

  test('tells a wrong output as a story: place, command, expected, came, difference', async () => {
    const [story = ''] = await run('$ echo a; echo c', 'a', 'b');
    expect(story).toContain('README.md:4: this command answers otherwise');
    expect(story).toMatch(/\$ echo a; echo c\n {2}line 6\n {4}expected {2}b\n {4}came {6}c\n/);
    expect(story).toMatch(/ {6}a\n {4}- b\n {4}\+ c$/);
  });

  test('finds output that is missing, and output that is too much', async () => {
    expect(await run('$ echo a', 'a', 'b')).toEqual([expect.stringContaining('came      (nothing more)')]);
    expect(await run('$ seq 2', '1')).toEqual([expect.stringContaining('expected  (nothing more)')]);
  });

  test('lets vary what is marked', async () => {
    expect(await run('$ echo "pid $$."', 'pid ….', '$ seq 100', '1', '…', '100')).toEqual([]);
    expect(await run('$ echo "pid $$."', 'pid …!')).toHaveLength(1);
  });

  test('keeps $?, variables and the directory from command to command, and none from block to block', async () => {
    const first = ['$ (exit 7)', '$ echo $?', '7', '$ x=1; cd /', '$ echo "$x $PWD $?"', '1 / 0'];
    const second = ['```', '', '```console', '$ echo "$x $PWD"', ` ${folder}`];
    expect(await run(...first, ...second)).toEqual([]);
  });

  test('words messages as bash does for someone who types', async () => {
    const lines = ['$ nosuchcommand', 'bash: nosuchcommand: command not found', '$ echo $?', '127'];
    expect(await run(...lines, "$ sh -c 'kill -9 $$'", 'Killed', '$ echo $0', 'bash')).toEqual([]);
  });

  test('runs a here-document and a command over several lines, and gives commands nothing to read', async () => {
    expect(await run('$ cat <<END | tr a-z A-Z', 'one', 'END', 'ONE', '$ echo a \\', '  b', 'a b', '$ cat')).toEqual(
      [],
    );
  });

  test('hands on none of its own environment and descriptors', async () => {
    expect(
      await run('$ echo "$CI$VITEST$NODE_ENV$npm_config_user_agent"', '', '$ : 2>/dev/null >&3 || echo none', 'none'),
    ).toEqual([]);
  });

  test('is root after #, and after $ an ordinary user with a home who reads the repository', async (context) => {
    needs('root')(context);
    expect(await run('# id -u; x=root', '0', '$ id -u', '65534', '$ id -G', '65534', '# echo $x', 'root')).toEqual([]);
    expect(await run('$ touch ~/mine && ls ~', 'mine', '$ touch here', 'touch: cannot touch …')).toEqual([]);
    expect(await run('$ head -n 1 README.md | cut -c 3', 'A')).toEqual([]);
    const [block] = transcripts(file);
    expect(block && (await checkTranscript(block, {}))).toHaveLength(1); // elsewhere, README.md is another one
  });

  test('says that a command ended the shell, and goes on with no other', async () => {
    expect(await run('$ exit 3', '$ echo a', 'b')).toEqual([expect.stringContaining('it ended the shell')]);
    expect(await run('$ exit 3')).toEqual([]);
  });

  test('kills a command that hangs, and what it started', async () => {
    const late = new AbortController();
    const [behind, before] = [`sleep 1234.${process.pid}`, `sleep 1235.${process.pid}`];
    const stories = problems({ late: late.signal }, `$ echo begun; ${behind} & echo $!; ${before}`, 'begun');
    await runs(before);
    late.abort();
    const [story = ''] = await stories;
    expect(story).toContain('longer than 60 s');
    expect(story).toContain('begun');
    await expect.poll(() => alive(saidPid(story))).toBe(false);
  });

  test('kills a command that hangs and ignores signals', async () => {
    const late = new AbortController();
    const sleeps = `sleep 0.1${process.pid}`;
    const stories = problems({ late: late.signal }, `$ trap '' HUP TERM INT; while :; do ${sleeps}; done`);
    await runs(sleeps);
    late.abort();
    const [story = ''] = await stories;
    expect(story).toContain('it was killed');
  });

  test('leaves nothing running that a block put in the background', async () => {
    const [story = ''] = await run('$ sleep 1235 & echo $!', 'x');
    await expect.poll(() => alive(saidPid(story))).toBe(false);
  });

  test('writes what came into the README, and keeps the marks that match', async () => {
    write('$ echo "pid $$ is new"', 'pid … is new', '$ seq 3', '1', '…', '$ echo now', 'then', '```', '', 'text');
    expect(await updateTranscripts(file, { cwd: folder })).toEqual([]);
    const now = readFileSync(file, 'utf8');
    expect(now).toContain('$ echo "pid $$ is new"\npid … is new\n$ seq 3\n1\n…\n$ echo now\nnow\n```\n\ntext\n');
  });

  test('refuses to write output that would read as a command', async () => {
    write("$ echo '# a heading'");
    expect((await updateTranscripts(file, { cwd: folder })).map(told)).toEqual([
      expect.stringContaining('reads as a command'),
    ]);
    expect(readFileSync(file, 'utf8')).not.toContain('\n# a heading');
  });
});

/** Waits until somebody runs a command. */
const runs = (command: string) => expect.poll(() => processesWith(command, () => true)).not.toEqual([]);

/** The number of the process that a block has put in the background, and told. */
function saidPid(story: string): number {
  const [, pid] = /\+ (\d+)/.exec(story) ?? [];
  if (pid === undefined) throw new Error(`it told no number: ${story}`);
  return Number(pid);
}
