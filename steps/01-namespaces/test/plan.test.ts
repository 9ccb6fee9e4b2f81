import { task } from 'grader';
import { asText, type Call, mount } from 'shared-native';
import { expect, test } from 'vitest';
import { asShell, emptyPlan, extend, type Hierarchy, inOrder, type Options, plan, STAGES } from '../src/index.ts';

const v1: Hierarchy = {
  version: 1,
  mount: '/sys/fs/cgroup/pids',
  parent: '/sys/fs/cgroup/pids/boxstep',
  controllers: ['pids'],
  readOnly: false,
};
const v2: Hierarchy = {
  version: 2,
  mount: '/sys/fs/cgroup',
  parent: '/sys/fs/cgroup/boxstep',
  controllers: ['cpu', 'pids'],
  readOnly: false,
};
const options: Options = {
  name: 'web',
  hostname: 'web-1',
  domainname: '',
  rootfs: '/srv/rootfs',
  command: ['sh', '-c', 'true'],
  pidsLimit: 100,
  hierarchies: [v2],
};
const texts = (calls: readonly Call[]) => calls.map(asText);

task(
  1,
  {
    points: 30,
    hints: [
      'A plan extends another: extend(emptyPlan(options.name), "step-01", { namespaces, actions, setup, enter, inside, exec }). The cgroup is limitPids(…), in the hierarchy that hierarchyOf finds for "pids".',
      'setup keeps mounts from reaching the host: "/" becomes private with all that is below it (MS_REC | MS_PRIVATE). Then the hostname. enter is chroot, and chdir to the new "/": chroot alone leaves the working directory outside.',
      'inside mounts proc on /proc, with MS_NOSUID, MS_NODEV and MS_NOEXEC. exec is becomes(execvp(options.command, environment(options), PATH)).',
    ],
  },
  () => {
    test('the container has a process tree, a mount table and a hostname of its own', () => {
      expect(plan(options).namespaces, 'three namespaces: pid, mnt and uts').toEqual(['pid', 'mnt', 'uts']);
    });

    test('the first call of all keeps its mounts from reaching the host', () => {
      const [first] = texts(inOrder(plan(options).program));
      const why = 'a mount namespace begins as a copy, and its mounts are shared with the host until "/" is private';
      expect(first, why).toContain('mount(NULL, "/", NULL, ');
      expect(first, 'MS_PRIVATE is for one mount; with MS_REC, for all below it too').toBe(
        'mount(NULL, "/", NULL, MS_REC|MS_PRIVATE, NULL)',
      );
    });

    test('it has the hostname that was asked for', () => {
      const { setup } = plan(options).program;
      const why = 'a new UTS namespace has the old hostname until sethostname';
      expect(texts(setup), why).toContain('sethostname("web-1", 5)');
    });

    test('it goes into its root before it mounts /proc, so the /proc that it mounts is its own', () => {
      const { enter, inside } = plan(options).program;
      const why = 'chroot leaves the working directory where it was: outside';
      expect(texts(enter), why).toEqual(['chroot("/srv/rootfs")', 'chdir("/")']);
      expect(texts(inside), 'before chroot, /proc is the host’s; after it, the container’s').toEqual([
        'mount("proc", "/proc", "proc", MS_NOSUID|MS_NODEV|MS_NOEXEC, NULL)',
      ]);
    });

    test('it ends in execve, once for each directory of PATH', () => {
      const { exec } = plan(options).program;
      const paths = exec.filter(({ name }) => name === 'execve').map(({ args }) => args.pathname);
      expect(paths, 'execvp(command, environment, PATH) gives the calls').toContainEqual({
        kind: 'string',
        value: '/usr/bin/sh',
      });
      expect(exec.at(-1)?.name, 'nothing comes after execve').toBe('execve');
    });

    test('its environment is its own, and nothing of the caller’s', () => {
      const { argv, envp } = plan(options).program.exec.at(-1)?.args ?? {};
      expect(argv, 'the command is what was typed').toEqual({ kind: 'strings', value: ['sh', '-c', 'true'] });
      const variables = envp?.kind === 'strings' ? envp.value : envp;
      expect(variables, 'environment(options) makes it').toEqual([
        'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        'HOSTNAME=web-1',
        'TERM=xterm',
        'HOME=/root',
      ]);
    });

    test('the limit is written before there is a process, and the process joins while it waits', () => {
      const { actions } = plan(options);
      const why = 'there is no $pid before the process, and after the gate it would be too late';
      expect(
        actions.map(({ when }) => when),
        why,
      ).toEqual(['before', 'adopt']);
      const done = actions.map((action) => action.do.map(asShell).at(-1));
      expect(done, 'limitPids makes both actions').toEqual([
        'echo 100 > /sys/fs/cgroup/boxstep/web/pids.max',
        'echo $pid > /sys/fs/cgroup/boxstep/web/cgroup.procs',
      ]);
    });
  },
);

test('in v2 the controller is passed on from the root; in v1 there is nothing to pass on', () => {
  const written = (hierarchy: Hierarchy) =>
    plan({ ...options, hierarchies: [hierarchy] }).actions.flatMap((action) =>
      action.do.map((deed) => 'path' in deed && deed.path),
    );
  expect(written(v2)).toContain('/sys/fs/cgroup/cgroup.subtree_control');
  expect(written(v2)).toContain('/sys/fs/cgroup/boxstep/cgroup.subtree_control');
  expect(written(v1).join()).not.toContain('subtree_control');
  expect(written(v1)).toContain('/sys/fs/cgroup/pids/boxstep/web/pids.max');
});

test('everything that is done on the host has an undo', () => {
  expect(plan(options).actions.flatMap((action) => action.undo)).toEqual([
    { deed: 'remove-cgroup', path: '/sys/fs/cgroup/boxstep/web' },
    { deed: 'rmdir', path: '/sys/fs/cgroup/boxstep' },
  ]);
});

test('a step goes to the end of each stage, and what it takes the place of is gone', () => {
  const one = extend(emptyPlan('x'), 'step-01', { enter: [mount('a', '/a', 'a')], inside: [mount('b', '/b', 'b')] });
  const two = extend(one, 'step-02', {
    replaces: ['enter'],
    enter: [mount('c', '/c', 'c')],
    inside: [mount('d', '/d', 'd')],
  });
  expect(two.program.enter).toEqual([mount('c', '/c', 'c')]);
  expect(two.program.inside).toEqual([mount('b', '/b', 'b'), mount('d', '/d', 'd')]);
  expect(two.parts.map(({ step }) => step)).toEqual(['step-01', 'step-02']);
  expect(one.program.enter).toEqual([mount('a', '/a', 'a')]);
});

test('a plan is a plain value: it survives JSON', () => {
  const whole = plan(options);
  expect(Object.keys(whole.program)).toEqual([...STAGES]);
  expect(JSON.parse(JSON.stringify(whole)).namespaces).toEqual(whole.namespaces);
});
