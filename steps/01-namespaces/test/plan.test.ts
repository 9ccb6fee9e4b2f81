import { group, seeded, task } from 'grader';
import { asText, type Call, execvp, mkdir, mount, umask } from 'shared-native';
import {
  asParent,
  directory,
  executable,
  type Machine,
  mountinfo,
  runIn,
  type State,
  startAnother,
  wayTo,
} from 'shared-native/model';
import { describe, expect, test } from 'vitest';
import { at, cgroupOf, image, made, SECRET, steppedOver, stopped, V1, V2 } from '../../../test/judge.ts';
import { inModel, undoInModel } from '../src/engine/in-model.ts';
import {
  asShell,
  callsByStep,
  emptyPlan,
  extend,
  type Hierarchy,
  inOrder,
  joining,
  type Options,
  plan,
  STAGES,
  type Stage,
} from '../src/index.ts';

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

task(
  1,
  {
    points: 30,
    hints: [
      'A plan extends another: extend(emptyPlan(options.name), "step-01", { namespaces, actions, setup, enter, inside, exec }). The cgroup is limitPids(…), in the hierarchy that hierarchyOf finds for "pids".',
      'setup keeps mounts from reaching the host: "/" becomes private with all that is below it (MS_REC | MS_PRIVATE). Then the hostname, and the domain name, if one was asked for (domain). enter is chroot, and chdir to the new "/": chroot alone leaves the working directory outside.',
      'inside mounts proc on /proc, with MS_NOSUID, MS_NODEV and MS_NOEXEC. exec is becomes(execvp(options.command, environment(options), PATH)).',
    ],
  },
  () => {
    const word = () => seeded('task 1').word();
    /** Machines, and what is asked for on each. The program is where only a search of PATH finds it. */
    const machines: [string, Options, Machine][] = [
      ['cgroup v2', options, { hierarchies: V2 }],
      ['cgroup v1', { ...options, name: 'db', hostname: 'db-2', hierarchies: V1, pidsLimit: 7 }, { hierarchies: V1 }],
      [
        'names that nobody knows before',
        { ...options, name: word(), hostname: word(), rootfs: `/srv/${word()} root`, command: ['sh', word()] },
        { hierarchies: V2, shared: false },
      ],
    ];
    const on = ({ rootfs }: Options, machine: Machine): Machine => ({
      ...{ ...machine, open: { 7: '/etc' } }, // something of the caller's that has leaked in
      mounts: [{ type: 'tmpfs', at: '/tmp' }],
      tree: { ...image(rootfs, { '/proc': directory(), '/bin/sh': 'no program', '/usr/bin/sh': executable }) },
    });
    const through = (asked: Options, machine: Machine, stage?: Stage) => {
      const modelled = made(plan(asked), on(asked, machine), stage);
      expect(stopped(modelled), 'this is what failed').toBeUndefined();
      return modelled.state;
    };

    group('namespaces of its own', 5, () => {
      test.each(machines)(
        'a process tree, a mount table and a hostname, and all else is the host’s: %s',
        (_, asked, machine) => {
          const { process, parent } = through(asked, machine);
          const own = Object.keys(parent.namespaces).filter(
            (type) => !isSame(type, process.namespaces, parent.namespaces),
          );
          expect(own.toSorted(), 'three namespaces: pid, mnt and uts').toEqual(['mnt', 'pid', 'uts']);
          expect(process.pid, 'it is the first in its process tree').toBe(1);
        },
      );
    });

    group('mounts stay inside', 6, () => {
      test.each(machines)('nothing that it mounts reaches the host: %s', (_, asked, machine) => {
        const before = made(plan(asked), on(asked, machine), 'setup').state;
        const state = through(asked, machine);
        const why = 'a mount namespace begins as a copy, and its mounts are shared with the host until "/" is private';
        expect(hostMounts(state), why).toBe(hostMounts(before));
      });

      test.each(machines)('also what is mounted below another mount of the host’s: %s', (_, asked, machine) => {
        const state = through(asked, machine, 'setup');
        const before = hostMounts(state);
        const after = runIn(state, [mkdir('/tmp/x'), mount('tmpfs', '/tmp/x', 'tmpfs')]);
        expect(stopped(after)).toBeUndefined();
        expect(hostMounts(state), 'MS_PRIVATE is for one mount; with MS_REC, for all below it too').toBe(before);
      });
    });

    group('a hostname', 3, () => {
      test.each(machines)(
        'it has the hostname that was asked for, and the host keeps its own: %s',
        (_, asked, machine) => {
          const { process, parent } = through(asked, machine);
          const why = 'a new UTS namespace has the old hostname until sethostname';
          expect(process.namespaces.uts.hostname, why).toBe(asked.hostname);
          expect(parent.namespaces.uts.hostname).toBe('host');
        },
      );
    });

    group('a root and a /proc', 5, () => {
      test.each(machines)('it sees its root, and nothing of the host’s: %s', (_, asked, machine) => {
        const state = through(asked, machine);
        expect(at(state, '/etc/hostname').text, 'chroot makes a directory the root').toBe('image');
        expect(at(state, '.').path, 'chroot leaves the working directory where it was: outside').toBe('/');
        expect(wayTo(state, SECRET), 'and only root could get out, by trying').toBeUndefined();
      });

      test.each(machines)('its /proc is of its own process tree: %s', (_, asked, machine) => {
        const state = through(asked, machine);
        const proc = at(state, '/proc');
        expect(proc.filesystem, 'before chroot, /proc is the host’s; after it, the container’s').toBe('proc');
        expect(proc.flags).toMatch(/nosuid.*nodev.*noexec/);
        expect(at(state, '/proc/1').type, 'it finds itself there').toBe('directory');
        expect(at(state, `/proc/${state.process.hostPid}`).error, 'and not by the number that the host has').toBe(
          'ENOENT',
        );
      });
    });

    group('the command', 5, () => {
      test.each(machines)(
        'it becomes the command, which PATH leads to, in an environment of its own: %s',
        (_, asked, machine) => {
          const { executed } = through(asked, machine).process;
          const why = 'execvp(command, environment, PATH) gives the calls: one execve for each directory of PATH';
          expect(executed?.argv, why).toEqual(asked.command);
          expect(executed?.envp.toSorted(), 'environment(options) makes it: nothing is the caller’s').toEqual([
            'HOME=/root',
            `HOSTNAME=${asked.hostname}`,
            'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
            'TERM=xterm',
          ]);
        },
      );

      test.each(machines)('as a program begins after a login: %s', (_, asked, machine) => {
        const { process } = through(asked, machine);
        expect([...process.descriptors.keys()], 'becomes(…) closes descriptors that have leaked in').toEqual([0, 1, 2]);
        expect([process.sid, process.umask], 'becomes(…) makes a session, and sets the umask').toEqual([1, 0o022]);
        expect([process.ignored.size, process.blocked], 'and the signals').toEqual([0, 0n]);
      });
    });

    group('a limit on processes', 3, () => {
      test.each(machines)(
        'it is in a cgroup that holds as many processes as were asked for: %s',
        (_, asked, machine) => {
          const one = plan(asked);
          const early = one.actions.filter(({ when }) => when === 'before').flatMap((action) => action.do.map(asShell));
          expect(early.join('\n'), 'there is no $pid before the process').not.toContain('$pid');
          const state = through(asked, machine);
          const cgroup = cgroupOf(state, 'pids', asked.name);
          expect(cgroup?.values.get('pids.max'), 'limitPids makes both actions').toBe(String(asked.pidsLimit));
          expect([...(cgroup?.processes ?? [])], 'it joins while it waits').toEqual([state.process.hostPid]);
          expect(undoInModel(one, state).filter(({ error }) => error)).toEqual([]);
          expect(
            state.hierarchies.flatMap(({ root }) => [...root.children]),
            'and it is removed in the end',
          ).toEqual([]);
        },
      );
    });

    group('no error is passed over', 3, () => {
      test.each(machines)(
        'a call that fails stops the program, or it comes to the same end: %s',
        (_, asked, machine) => {
          const one = plan(asked);
          const end = ({ process, ...rest }: State) => {
            const state = { process, ...rest } as State;
            const { argv, envp } = process.executed ?? {};
            const paths = ['/etc/hostname', '/proc', '/proc/1', '.'].map((path) => [
              at(state, path).path,
              at(state, path).text,
            ]);
            const { hostname } = process.namespaces.uts;
            return [
              argv,
              envp,
              paths,
              hostname,
              hostMounts(state),
              process.sid,
              process.umask,
              process.ignored.size,
              process.blocked,
            ];
          };
          const wanted = end(made(one, on(asked, machine)).state);
          const over = steppedOver(
            inOrder(one.program),
            (fail) => made(one, on(asked, machine), undefined, fail),
            (state) => expect(end(state)).toEqual(wanted),
          );
          expect(over, 'tolerate() is for an error after which all is as it should be').toEqual([]);
        },
      );
    });

    function isSame(type: string, one: State['process']['namespaces'], other: State['process']['namespaces']): boolean {
      return Object.entries(one).some(([name, namespace]) => name === type && Object.values(other).includes(namespace));
    }

    /** What is mounted on the host. */
    function hostMounts(state: State): string {
      return asParent(state, () => mountinfo(state));
    }
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

test('a step’s calls come at the end of each stage, and the calls it replaces are gone', () => {
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

test('a step’s first calls come before the calls of earlier steps, in that stage only', () => {
  const call = (name: string) => mount(name, `/${name}`, name);
  const one = extend(emptyPlan('x'), 'step-01', { setup: [call('a')], enter: [call('b')] });
  const two = extend(one, 'step-02', { first: { setup: [call('c')] }, setup: [call('d')] });
  const three = extend(two, 'step-03', { first: { setup: [call('e')] } });
  expect(three.program.setup).toEqual(['e', 'c', 'a', 'd'].map(call));
  expect(three.program.enter).toEqual([call('b')]);
  expect(callsByStep(three.parts, 'setup').map(([step]) => step)).toEqual(['step-03', 'step-02', 'step-01', 'step-02']);
  expect(extend(three, 'step-04', { replaces: ['setup'] }).program.setup).toEqual([]);
});

test('a step’s calls in exec come before execve: after that, no call of a plan is made', () => {
  const execve = (name: string) => execvp([name], [], '')[0] as Call;
  const one = extend(emptyPlan('x'), 'step-01', { exec: [umask(0o22), execve('/a'), execve('/b')] });
  const two = extend(one, 'step-02', { exec: [umask(0o77)] });
  expect(two.program.exec).toEqual([umask(0o22), umask(0o77), execve('/a'), execve('/b')]);
  expect(callsByStep(two.parts, 'exec').map(([step]) => step)).toEqual(['step-01', 'step-02', 'step-01']);
});

test('a later step can give a call other arguments, where it is', () => {
  const one = extend(emptyPlan('x'), 'step-01', { inside: [mount('a', '/a', 'a'), mount('b', '/b', 'b')] });
  const two = extend(one, 'step-02', {
    instead: (call, stage) => (stage === 'inside' && call === one.program.inside[0] ? mount('c', '/a', 'c') : call),
  });
  expect(two.program.inside).toEqual([mount('c', '/a', 'c'), mount('b', '/b', 'b')]);
  expect(two.parts[0]?.program.inside).toEqual(two.program.inside);
});

test('a plan is a plain value: it survives JSON', () => {
  const whole = plan(options);
  expect(Object.keys(whole.program)).toEqual([...STAGES]);
  expect(JSON.parse(JSON.stringify(whole)).namespaces).toEqual(whole.namespaces);
});

describe('joining', () => {
  const web = { name: 'web', pid: 4242, started: '77', step: 'step-01', options: {} };
  const isSethostname = ({ name }: Call) => name === 'sethostname';

  test('a container that stays in a namespace has no new one, and none of the calls that go with it', () => {
    const without = { namespaces: ['uts'], calls: isSethostname } as const;
    const shared = extend(plan(options), 'step-06', { without });
    expect(shared.namespaces).toEqual(['pid', 'mnt']);
    expect(shared.program.setup.some(isSethostname)).toBe(false);
    expect(plan(options).program.setup.some(isSethostname)).toBe(true);
    expect(shared.program.setup.length).toBe(plan(options).program.setup.length - 1);
    expect(shared.program.join).toEqual([]);
  });

  test('a container joins by a process that goes before it, and is born of that into the namespaces that are its own', () => {
    const shared = extend(plan(options), 'step-06', joining(web, ['uts', 'pid']));
    expect(shared.namespaces).toEqual(['mnt']);
    expect(shared.joins).toEqual([{ name: 'web', pid: 4242, started: '77', namespaces: ['uts', 'pid'] }]);
    expect(shared.program.join.map((call) => asText(call))).toEqual([
      'pidfd_open(4242, 0)',
      'setns(<pidfd_open(4242, 0)>, CLONE_NEWUTS|CLONE_NEWPID)',
      'prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)',
      'clone(CLONE_VM|CLONE_NEWNS|CLONE_PARENT_SETTID|SIGCHLD, NULL, [4 bytes])',
      'wait4(-1, [4 bytes], 0, NULL) >= 2147483648 or ECHILD',
      'prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)',
    ]);
  });

  test('two steps join by one child, which has what a later step adds, too', () => {
    const one = extend(plan(options), 'step-05', joining(web, ['uts']));
    const two = extend(extend(one, 'step-06', joining(web, ['pid'])), 'step-07', { namespaces: ['ipc'] });
    const clones = two.program.join.filter(({ name }) => name === 'clone');
    expect(clones.map(asText)).toEqual([
      'clone(CLONE_VM|CLONE_NEWNS|CLONE_PARENT_SETTID|CLONE_NEWIPC|SIGCHLD, NULL, [4 bytes])',
    ]);
    expect(callsByStep(two.parts, 'join').map(([step]) => step)).toEqual(['step-05', 'step-06', 'step-06']);
  });

  test('in the model, it shares what it joins, and nothing else', () => {
    const first = made(plan({ ...options, command: ['sh'] }), {
      tree: image('/srv/rootfs', { '/proc': directory() }),
    }).state;
    const { hostPid, namespaces } = first.process;
    startAnother(first);
    const joined = extend(
      plan({ ...options, name: 'db' }),
      'step-06',
      joining({ ...web, pid: hostPid }, ['uts', 'pid']),
    );
    const { state, after } = inModel(joined, first);
    expect(after?.end).toBe('executed');
    expect(state.process.namespaces.uts.id).toBe(namespaces.uts.id);
    expect(state.process.namespaces.pid.id).toBe(namespaces.pid.id);
    expect(state.process.namespaces.mnt.id).not.toBe(namespaces.mnt.id);
    expect(state.process.pid).not.toBe(1);
    expect(cgroupOf(state, 'pids', 'db')?.processes).toEqual(new Set([state.process.hostPid]));
  });
});
