import { openSync } from 'node:fs';
import { exitGroup, MS_PRIVATE, MS_REC, mount } from 'shared-native';
import { type Action, type Deed, emptyPlan, extend, newDeed, PID, type Plan, write } from 'step-08';
import { type Maps, mapText } from '../maps.ts';
import { isOne } from './own-maps.ts';
import { whyItFailed } from './why-it-failed.ts';

// #region a namespace to be root in
/**
 * A user namespace in which an ordinary user is root, as a plan, like any container. While its first process waits, the maps
 * are written and the namespace is opened, which keeps it alive when the process has ended. The process also tests whether
 * root may do anything there: a security policy may allow the namespace, but nothing in it.
 *
 * @param maps - more than one id takes newuidmap(1) and newgidmap(1), which root has installed set-user-ID
 */
export function namespacePlan(maps: Maps): Plan {
  return extend(emptyPlan('user'), 'step-09', {
    namespaces: ['user', 'mnt'],
    actions: [mapped(maps), kept],
    setup: [mount(null, '/', null, MS_REC | MS_PRIVATE)],
    exec: [exitGroup(0)],
  });
}

/**
 * Without privileges, a process may only map the one id that it has. For groups, it must give up setgroups(2) first, because
 * by leaving a group it could get at files that are closed to that group.
 */
function mapped(maps: Maps): Action {
  const { uids, gids } = maps;
  return {
    what: "map its ids to the host's",
    when: 'adopt',
    do: isOne(maps)
      ? [
          write(mapText(uids), `/proc/${PID}/uid_map`),
          write('deny', `/proc/${PID}/setgroups`),
          write(mapText(gids), `/proc/${PID}/gid_map`),
        ]
      : [newMaps({ newuidmap: numbers(uids), newgidmap: numbers(gids) })],
    undo: [],
  };
}
// #endregion

function numbers(map: Maps['uids']): string[] {
  return map.flatMap(({ inside, outside, count }) => [inside, outside, count].map(String));
}

/** newuidmap(1) and newgidmap(1), at once: they look into /etc/subuid and /etc/subgid, and write the maps with root's rights. */
const newMaps = newDeed<Readonly<Record<'newuidmap' | 'newgidmap', readonly string[]>>>('new-maps', {
  asShell: (maps) => [...commands(maps, PID).map((argv) => argv.join(' ')), 'wait'].join(' & '),
  async carryOut(maps, pid) {
    const answers = await Promise.all(commands(maps, String(pid)).map(whyItFailed));
    const failures = answers.filter((why) => why !== '');
    if (failures.length > 0) throw new Error(failures.join('; '));
  },
});

function commands(maps: Readonly<Record<string, readonly string[]>>, pid: string): string[][] {
  return Object.entries(maps).map(([program, map]) => [program, pid, ...map]);
}

let opened: number | undefined;

const kept: Action = {
  what: 'keep the namespace open, so that it stays when its process has ended',
  when: 'adopt',
  do: [openNamespace()],
  undo: [],
};

function openNamespace(): Deed {
  return newDeed<null>('open-namespace', {
    asShell: () => `exec 9< /proc/${PID}/ns/user`,
    carryOut(_, pid) {
      opened = openSync(`/proc/${pid}/ns/user`, 'r');
    },
  })(null);
}

/** The namespace that the plan has made. The caller closes it. */
export function takeOpened(): number {
  if (opened === undefined) throw new Error('no user namespace has been made');
  const taken = opened;
  opened = undefined;
  return taken;
}
