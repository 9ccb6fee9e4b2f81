import { carryOut } from 'step-08';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { needs } from '../../../test/needs.ts';
import { planText } from '../src/index.ts';
import { mapText } from '../src/maps.ts';
import { namespacePlan } from '../src/rootless/namespace.ts';
import { isOne } from '../src/rootless/own-maps.ts';
import { whyNot } from '../src/rootless/refused.ts';
import { rangesOf, rootIs } from '../src/rootless/subordinate.ts';
import { whyItFailed } from '../src/rootless/why-it-failed.ts';
import { withoutCgroups } from '../src/rootless/without-cgroups.ts';
import { userNamespace } from '../src/user-namespace.ts';

const SUBUID = 'ann:100000:65536\nbob:165536:65536\n1000:231072:10\nann:x:1\n';

describe('the ids of an ordinary user’s namespace', () => {
  it('are those of /etc/subuid, by name or by number', () => {
    expect(rangesOf(SUBUID, { name: 'ann', uid: 1000 }).map(({ first }) => first)).toEqual([100_000, 231_072]);
    expect(rangesOf(SUBUID, { name: 'carl', uid: 1001 })).toEqual([]);
  });

  it('begin with the user as root, and go on with the ranges one after another', () => {
    const ranges = [
      { first: 100_000, count: 5 },
      { first: 500_000, count: 7 },
    ];
    expect(mapText(rootIs(1000, ranges))).toBe('0 1000 1\n1 100000 5\n6 500000 7');
    expect(mapText(rootIs(1000, []))).toBe('0 1000 1');
  });
});

describe('the namespace', () => {
  const [one, many] = [rootIs(1000, []), rootIs(1000, [{ first: 100_000, count: 65_536 }])];

  it('has its maps from newuidmap and newgidmap, where there are more ids than one', () => {
    const text = planText(namespacePlan({ uids: many, gids: many }));
    expect(text).toContain('newuidmap $pid 0 1000 1 1 100000 65536');
    expect(text).toContain('newgidmap $pid 0 1000 1 1 100000 65536');
    expect(text).not.toContain('setgroups');
  });

  it('of one id takes no program, but to give up setgroups before the groups are mapped', () => {
    const text = planText(namespacePlan({ uids: one, gids: one }));
    expect(text).not.toContain('newuidmap');
    expect(text).toMatch(/echo deny > \/proc\/\$pid\/setgroups\b.*gid_map\b/s);
    expect(isOne({ uids: one, gids: one })).toBe(true);
    expect(isOne({ uids: many, gids: many })).toBe(false);
  });
});

it('a setting that forbids user namespaces is named with the command that changes it', () => {
  const ubuntu = (file: string) => (file.includes('apparmor') ? '1' : undefined);
  const message = whyNot(new Error('EPERM'), ubuntu).message;
  expect(message).toMatch(/AppArmor.* Type: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0$/);
  const none = (file: string) => (file.includes('max_user') ? '0' : undefined);
  expect(whyNot(new Error('ENOSPC'), none).message).toContain('sudo sysctl -w user.max_user_namespaces=15000');
  expect(whyNot(new Error('what it said'), () => undefined).message).toMatch(/what it said\. "boxstep doctor"/);
});

it('newuidmap is run where it was found, also if that is not on PATH', async (context) => {
  needs('uidmap')(context);
  const many = [
    { inside: 0, outside: 1000, count: 1 },
    { inside: 1, outside: 100_000, count: 65_536 },
  ];
  const deeds = namespacePlan({ uids: many, gids: many }).actions[0]?.do ?? [];
  onTestFinished(() => void vi.unstubAllEnvs());
  vi.stubEnv('PATH', '/nowhere');
  for (const deed of deeds) await expect(carryOut(deed, 2 ** 22 + 1)).rejects.toThrow(/: newuidmap: .*; newgidmap: /s); // they say so themselves
});

it.each([
  ['true', [], ''],
  ['ls', ['/nonexistent'], expect.stringContaining('/nonexistent')],
  ['false', [], 'false ended with status 1'],
  ['sh', ['-c', 'kill -KILL $$'], 'sh ended with SIGKILL'],
  ['nonexistent', [], "nonexistent can't be run: ENOENT"],
])('why the program %s %j failed: %s', async (program, args, why) => {
  expect(await whyItFailed([program, ...args])).toEqual(why);
});

it('whether this is the first user namespace, its maps tell', () => {
  const files = (uid_map: string, setgroups: string) => (file: string) => (file === 'setgroups' ? setgroups : uid_map);
  expect(userNamespace(files('         0          0 4294967295\n', 'allow\n')).isFirst).toBe(true);
  const own = userNamespace(files('         0       1000          1\n', 'deny\n'));
  expect(own).toMatchObject({ isFirst: false, setgroups: false, uids: [{ inside: 0, outside: 1000, count: 1 }] });
});

it('a container without a cgroup of its own has no limit on processes, and can be asked for none', () => {
  const plan = namespacePlan({ uids: [], gids: [] });
  const none = {
    version: 2,
    mount: '/nonexistent',
    parent: '/nonexistent/boxstep',
    controllers: [],
    readOnly: true,
  } as const;
  expect(withoutCgroups(plan, { hierarchies: [none], pidsLimit: Infinity }).actions).toEqual(plan.actions);
  expect(() => withoutCgroups(plan, { hierarchies: [none], pidsLimit: 20 })).toThrow(/^--pids-limit needs a cgroup/);
});
