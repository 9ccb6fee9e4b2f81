import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { defaultRootfsPath } from 'step-10';
import { beforeEach, describe, expect, test } from 'vitest';
import { boxstep, inRoot, leftovers, shell } from '../../test/boxstep.ts';
import { needs } from '../../test/needs.ts';
import { processesWith } from '../../test/processes.ts';
import { type Frame, GAP, STDERR, STDOUT, type Stream } from '../src/log/frames.ts';
import { framesOf } from '../src/log/read.ts';
import { readStatus } from '../src/shim/status.ts';
import { gone } from './gone.ts';
import { statusPath } from './status-path.ts';
import { shellIn } from './typed.ts';

beforeEach(needs('root'));

const starter = fileURLToPath(new URL('starter.ts', import.meta.url));

async function read(path: string): Promise<(Frame | typeof GAP)[]> {
  return (await Array.fromAsync(framesOf(path, {}))).flat();
}

/** Starts a shell command in a container. @returns the numbers of its first process and its shim */
async function logging(name: string, script: string, env: NodeJS.ProcessEnv): Promise<{ pid: number; shim: number }> {
  const { stdout } = await execa(process.execPath, [starter, name, 'sh', '-c', script], { env });
  return JSON.parse(stdout);
}

/** Runs a shell command in a container to its end. @returns its log */
async function logged(name: string, script: string, path = inRoot(`${name}.log`)) {
  await gone((await logging(name, script, { LOG: path })).shim);
  return read(path);
}

const text = (frames: Awaited<ReturnType<typeof logged>>, stream: Stream) =>
  Buffer.concat(frames.flatMap((frame) => (frame !== GAP && frame.stream === stream ? [frame.bytes] : []))).toString();

describe('a detached container’s log', () => {
  test('has what it wrote, by stream, with the time, up to the last word before its end', async () => {
    const name = 'boxstep-logged';
    const begin = Date.now();
    const frames = await logged(
      name,
      'echo one; echo two >&2; sleep 0.01; echo three; echo four >&2; printf five; exit 3',
    );
    expect(text(frames, STDOUT)).toBe('one\nthree\nfive');
    expect(text(frames, STDERR)).toBe('two\nfour\n');
    const times = frames.map((frame) => (frame === GAP ? 0 : Number(frame.time) / 1e6));
    expect(times).toEqual(times.toSorted((one, other) => one - other));
    expect(times[0]).toBeGreaterThanOrEqual(begin - 1);
    expect(times.at(-1)).toBeLessThanOrEqual(Date.now());
    expect(readStatus(statusPath(name))).toMatchObject({ status: 3 });
    expect(leftovers(name).filter((one) => one !== '.statuses')).toEqual([]);
  });

  test('loses nothing of much that comes at once', async () => {
    const frames = await logged('boxstep-much', 'seq 1 20000; seq 1 300 >&2');
    const lines = (last: number) => Array.from({ length: last }, (_, nth) => `${nth + 1}\n`).join('');
    expect(text(frames, STDOUT)).toBe(lines(20_000));
    expect(text(frames, STDERR)).toBe(lines(300));
  });

  test('goes on when one stream is closed', async () => {
    const frames = await logged(
      'boxstep-closed',
      'echo one; exec >&-; sleep 0.05; echo two >&2; exec 2>&-; sleep 0.05',
    );
    expect([text(frames, STDOUT), text(frames, STDERR)]).toEqual(['one\n', 'two\n']);
  });

  test('goes on in new files also after the end, when much is left to be read', async () => {
    const path = inRoot('rotated.log');
    const script = 'trap "head -c 60000 /dev/zero; exit 5" TERM; echo ready; sleep 1000 & wait';
    const { pid, shim } = await logging('boxstep-rotated', script, { LOG: path, MAX_SIZE: '10000' });
    await expect.poll(async () => text(await read(path), STDOUT)).toBe('ready\n');
    process.kill(shim, 'SIGSTOP');
    process.kill(pid, 'SIGTERM');
    await gone(pid);
    process.kill(shim, 'SIGCONT');
    await gone(shim);
    expect(text(await read(path), STDOUT)).toBe(`ready\n${'\0'.repeat(60_000)}`);
    const files = readdirSync(dirname(path)).filter((name) => name.startsWith('rotated.log'));
    for (const name of files) expect(statSync(inRoot(name)).size).toBeLessThan(10_000 + 2 * (4096 + 48));
    expect(readStatus(statusPath('boxstep-rotated'))).toMatchObject({ status: 5 });
  });

  test('is whole, and its container waits for nobody, where a reader of logs -f reads nothing until the end', async (context) => {
    needs('overlay')(context);
    const script = 'trap "head -c 20000000 /dev/zero; exit 6" TERM; echo ready; sleep 1000 & wait';
    await shellIn('run', ['-d', '--name', 'fast'], script);
    const { stdout } = await shell(`exec 9< <(./boxstep logs -f fast)
      read -r word <&9; echo $word
      ./boxstep kill --signal TERM fast
      ./boxstep wait fast
      cat <&9 | wc -c
      ./boxstep rm fast`);
    expect(stdout.split('\n')).toEqual(['ready', 'fast', '6', '20000000', 'fast']);
  });

  test('has docker’s lines of JSON in LogPath with the driver json-file, each once, also if what makes them is killed', async (context) => {
    needs('overlay')(context);
    const script = 'trap "printf three; exit 0" TERM; echo one; sleep 0.1; echo two >&2; sleep 1000 & wait';
    const run = await shellIn('run', ['-d', '--name', 'lines', '--log-driver', 'json-file'], script);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    const { stdout: path } = await boxstep('inspect', '-f', '{{.LogPath}}', 'lines');
    const written = () => readFileSync(path, 'utf8').split('\n').filter(Boolean);
    const texts = () => written().map((line) => JSON.parse(line).log);
    await expect.poll(texts).toEqual(['one\n', 'two\n']);
    const making = () => processesWith(`json-file/main.ts ${run.stdout}`).map(({ pid }) => pid);
    const one = async () => {
      await expect.poll(making).toHaveLength(1); // a process has its command line a moment after its parent goes on
      return making()[0] ?? 0;
    };
    const first = await one();
    const firstGone = gone(first);
    process.kill(first, 'SIGKILL');
    await firstGone;
    expect(await boxstep('inspect', '-f', '{{.Name}}', 'lines')).toMatchObject({ all: '/lines' });
    const secondGone = gone(await one());
    expect(await boxstep('stop', 'lines')).toMatchObject({ all: 'lines' });
    await secondGone;
    expect(texts()).toEqual(['one\n', 'two\n', 'three']);
    await boxstep('rm', 'lines');
  });

  test('on a disk that is full loses lines, and the container runs to its end', async () => {
    const full = inRoot('full');
    mkdirSync(full);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', full]);
    try {
      const frames = await logged('boxstep-full', 'seq 1 50000; exit 4', `${full}/log`);
      expect(readStatus(statusPath('boxstep-full'))).toMatchObject({ status: 4 });
      expect(text(frames, STDOUT)).toMatch(/^1\n2\n3\n/);
      expect(text(frames, STDOUT).length).toBeLessThan(64 * 1024);
      expect(frames).toContain(GAP);
    } finally {
      execFileSync('umount', ['--lazy', full]);
    }
  });

  test('can have filled the disk: its container is stopped and removed all the same, and how one ends is known', {
    tags: ['once'],
  }, async (context) => {
    needs('overlay')(context);
    const root = inRoot('small');
    mkdirSync(`${root}/lib`, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'none', `${root}/lib`]);
    try {
      const { stdout } = await shell(`export BOXSTEP_ROOT=${root}
        ./boxstep run -d --network none --name fills ${defaultRootfsPath()} sleep 1000 | wc -c
        PID=$(./boxstep inspect -f '{{.State.Pid}}' fills)
        cat /dev/zero >$BOXSTEP_ROOT/lib/rest 2>/dev/null
        ./boxstep stop -t 0 fills; kill -0 $PID 2>/dev/null || echo gone
        ./boxstep rm -f fills`);
      expect(stdout.split('\n')).toEqual(['65', 'fills', 'gone', 'fills']);
      const { stdout: ended } = await shell(`export BOXSTEP_ROOT=${root}; rm $BOXSTEP_ROOT/lib/rest
        ./boxstep run -d --network none --name ends ${defaultRootfsPath()} sh -c 'trap "exit 7" TERM; echo up; sleep 1000 & wait' | wc -c
        until ./boxstep logs ends | grep -q up; do :; done
        cat /dev/zero >$BOXSTEP_ROOT/lib/rest 2>/dev/null
        ./boxstep kill -s TERM ends; ./boxstep wait ends; ./boxstep inspect -f '{{.State.Status}} {{.State.ExitCode}}' ends
        rm $BOXSTEP_ROOT/lib/rest; ./boxstep start ends 2>&1; ./boxstep rm -f ends`);
      expect(ended.split('\n')).toEqual(['65', 'ends', '7', 'exited 7', 'ends', 'ends']);
    } finally {
      execFileSync('umount', ['--lazy', `${root}/lib`]); // the programs that clean up may not have ended yet
    }
  });
});
