import { openSync } from 'node:fs';
import { exitGroup, MS_PRIVATE, MS_REC, mount } from 'shared-native';
import { type Action, type Deed, emptyPlan, extend, newDeed, PID, type Plan, write } from 'step-08';
import { type Maps, mapText } from '../maps.ts';
import { isOne } from './own-maps.ts';
import { programOrName } from './program.ts';

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
      : [newMap({ program: 'newuidmap', map: numbers(uids) }), newMap({ program: 'newgidmap', map: numbers(gids) })],
    undo: [],
  };
}
// #endregion

function numbers(map: Maps['uids']): string[] {
  return map.flatMap(({ inside, outside, count }) => [inside, outside, count].map(String));
}

/** newuidmap(1) and newgidmap(1): they look into /etc/subuid and /etc/subgid, and write the map with root's rights. */
const newMap = newDeed<{ readonly program: 'newuidmap' | 'newgidmap'; readonly map: readonly string[] }>('new-map', {
  asShell: ({ program, map }) => [program, PID, ...map].join(' '),
  carryOut({ program, map }, pid) {
    const { spawnSync } = process.getBuiltinModule('node:child_process');
    const { error, status, stderr } = spawnSync(programOrName(program), [String(pid), ...map], {
      encoding: 'utf8',
    });
    if (error) throw error;
    if (status !== 0) throw new Error(stderr.trim() || `it ended with status ${status}`);
  },
});

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
