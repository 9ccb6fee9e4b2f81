import { describe, expect, it } from 'vitest';
import { delegated, howToDelegate, isNone } from '../src/delegated.ts';
import { type Hierarchy, hierarchyOf, missing } from '../src/hierarchies.ts';

const tree = (version: 1 | 2, mount: string, ...controllers: string[]): Hierarchy => ({
  ...{ version, mount, controllers, readOnly: false },
  parent: `${mount}/boxstep`,
});

const PIDS = tree(1, '/sys/fs/cgroup/pids', 'pids');
const MEMORY = tree(1, '/sys/fs/cgroup/memory', 'memory');
const below = (top: string) => (cgroup: string) => cgroup === top || cgroup.startsWith(`${top}/`);

describe('what an ordinary user has of a hierarchy', () => {
  it('is the topmost cgroup above their processes that is theirs', () => {
    const top = '/sys/fs/cgroup/pids/users/ann';
    const [found] = delegated([PIDS], 'boxstep', '4:pids:/users/ann/shell/1\n', below(top));
    expect(found).toMatchObject({ mount: top, parent: `${top}/boxstep`, mountedAt: '/sys/fs/cgroup/pids' });
  });

  it('is nothing where their own cgroup is not theirs, though one beside it may be', () => {
    const [found, ...others] = delegated([PIDS], 'boxstep', '4:pids:/\n', below('/sys/fs/cgroup/pids/users'));
    expect(others).toEqual([]);
    expect(found && isNone(found)).toBe(true);
  });

  it('may be one controller of several, and then processes are not limited', () => {
    const all = delegated([MEMORY, PIDS], 'boxstep', '4:pids:/\n5:memory:/ann\n', below('/sys/fs/cgroup/memory/ann'));
    expect(all.map(({ controllers }) => controllers)).toEqual([['memory'], []]);
    expect(isNone(hierarchyOf('pids', all))).toBe(true);
  });

  it('has the colon that a name of a cgroup may have', () => {
    const top = '/sys/fs/cgroup/pids/a:b';
    expect(delegated([PIDS], 'boxstep', '4:pids:/a:b\n', below(top))[0]).toMatchObject({ mount: top });
  });
});

it('a limit that an ordinary user can not have is an error with the command that gives it', () => {
  expect(
    missing(
      'pids',
      delegated([PIDS], 'boxstep', '4:pids:/\n', () => false),
    ),
  ).toMatch(/"pids".* Type: /);
  expect(howToDelegate(false)).toBe('sudo sh scripts/delegate-cgroups.sh --to $$');
  expect(howToDelegate(true)).toMatch(/^systemd-run --user --scope /);
});
