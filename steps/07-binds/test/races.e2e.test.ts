import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { defaultRootfs, start } from 'step-06';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { leftovers, says } from '../../../test/boxstep.ts';
import { needs } from '../../../test/needs.ts';
import { tries } from '../../../test/slowness.ts';
import { options, plan, read } from '../src/index.ts';
import { dataOf, volumesDirectory } from '../src/volumes/store.ts';

beforeEach(needs('root'));

const WORD = 'boxstep-races-7';
let folder: string;
let rootfs: string;
beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), `${WORD}-`)));
  rootfs = join(folder, 'image');
  cpSync(await defaultRootfs(), rootfs, { recursive: true, verbatimSymlinks: true });
  for (const name of ['secret', 'mine']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'secret/who'), 'secret\n');
  writeFileSync(join(folder, 'mine/who'), 'mine\n');
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  expect(leftovers(WORD)).toEqual([]);
});

/** Exchanges a directory with a link to elsewhere, and back, as fast as it can, until it is killed. */
const SWAP = `
  const { renameSync, symlinkSync } = require('node:fs');
  const [victim, ...links] = process.argv.slice(1);
  console.log('ready');
  for (let n = 0; ; n++) {
    const link = victim + '.link';
    try { symlinkSync(links[n % links.length], link); } catch {}
    try {
      renameSync(victim, victim + '.away');
      renameSync(link, victim);
      renameSync(victim, link + '.old');
      renameSync(victim + '.away', victim);
    } catch {}
  }`;

async function whileSwapped(victim: string, links: string[], attempt: () => Promise<void>): Promise<void> {
  mkdirSync(victim, { recursive: true });
  const attacker = spawn(process.execPath, ['-e', SWAP, victim, ...links], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await says(attacker);
    await attempt();
  } finally {
    attacker.kill('SIGKILL');
    await once(attacker, 'exit');
  }
}

/** Other tests mount and unmount theirs meanwhile. */
function mountsOfOurs(): string[] {
  const lines = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  return lines.filter((line) => line.includes(folder));
}

function container(flags: string[], nth: number) {
  const command = options(new Command().exitOverride().helpOption(false));
  const words = ['--name', `${WORD}-${nth}`, '--network', 'none', ...flags];
  return read(command.parse(words, { from: 'user' }).opts(), [rootfs, 'true']);
}

/** How many of many starts went well. */
async function starts(many: number, made: (nth: number) => ReturnType<typeof read>): Promise<number> {
  let well = 0;
  for (let nth = 0; nth < many; nth++) {
    try {
      const { exited } = await start(plan(made(nth)));
      const { status, failure, undoErrors } = await exited;
      expect(undoErrors).toEqual([]);
      if (status === 0 && !failure) well += 1;
    } catch (error) {
      expect((error as Error).message).toMatch(/ELOOP|ENOENT|ENOTDIR|EXDEV|inside \/proc|in a circle/); // refused
    }
  }
  return well;
}

describe('a target that another process exchanges for a link, while containers start', () => {
  test.each([
    ['the place itself', '/race', '/race'],
    ['a directory on the way', '/way', '/way/to/it'],
  ])('leads no mount, and nothing that is made, outside: %s', async (_, swapped, target) => {
    const host = join(folder, 'secret');
    const links = [`/proc/self/cwd${host}`, `../../../../../../..${host}`, `/proc/1/root${host}`, host];
    await whileSwapped(join(rootfs, swapped), links, async () => {
      const many = tries(400);
      const well = await starts(many, (nth) => container(['-v', `${folder}/mine:${target}`, '-w', target], nth));
      expect(well, 'most of the time it is a directory').toBeGreaterThan(0);
    });
    expect(readdirSync(host), 'nothing was made there').toEqual(['who']);
    expect(mountsOfOurs()).toEqual([]);
  });
});

describe('a source that another process exchanges for a link, while containers start', () => {
  const shows = (flags: string[], nth: number) => {
    const made = container(flags, nth);
    return { ...made, command: ['sh', '-c', 'grep -qs secret /t/who && exit 66; exit 0'] };
  };
  const neverSeen = async (made: (nth: number) => ReturnType<typeof read>) => {
    const statuses: (number | null)[] = [];
    for (let nth = 0; nth < tries(400); nth++) statuses.push((await (await start(plan(made(nth)))).exited).status);
    expect(statuses, 'the secret was seen').not.toContain(66);
    expect(statuses, 'some found the directory, and started').toContain(0);
  };

  test('is the one that was there when the command was read, or none', async () => {
    const victim = join(folder, 'source');
    mkdirSync(victim);
    writeFileSync(join(victim, 'who'), 'mine\n');
    const made = shows(['--mount', `type=bind,source=${victim},target=/t,readonly`], 0); // read before the race begins
    await whileSwapped(victim, [join(folder, 'secret')], () =>
      neverSeen((nth) => ({ ...made, name: `${WORD}-s${nth}` })),
    );
  });

  test('a part of a volume, which containers can write, never leads out of it', async () => {
    const data = dataOf(volumesDirectory(), 'raced');
    mkdirSync(join(data, 'part'), { recursive: true });
    writeFileSync(join(data, '../volume.json'), JSON.stringify({ createdAt: '', labels: {}, anonymous: false }));
    writeFileSync(join(data, 'part/who'), 'mine\n');
    const links = [join(folder, 'secret'), `../../../../../../../../..${folder}/secret`];
    const flags = ['--mount', 'type=volume,source=raced,target=/t,volume-subpath=part'];
    await whileSwapped(join(data, 'part'), links, () => neverSeen((nth) => shows(flags, nth)));
  });
});
