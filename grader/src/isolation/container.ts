import { lstatSync, readlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  AT_FDCWD,
  type Call,
  close,
  MS_BIND,
  MS_NODEV,
  MS_NOSUID,
  MS_RDONLY,
  MS_REMOUNT,
  mkdir,
  mount,
  O_CLOEXEC,
  O_CREAT,
  O_RDONLY,
  openat,
  symlink,
  tolerate,
} from 'shared-native';
import { extend, findHierarchies, type Plan, parents, plan, prune, read, start } from 'step-04';
import { howItEnded, notStarted } from './ended.ts';
import { openPipes, type Pipes } from './pipes.ts';
import { CPU_SECONDS, MEMORY, NOBODY, node, PIDS, type Place, type Student } from './place.ts';

/** What the report says of it. */
export const STRONG = 'a container of its own: no network, no other processes, 512 MiB, read-only files';

/** Where the new root is put together: in the mount namespace of the child, over a directory that every machine has. */
const ROOTFS = '/sys';

/** What a program needs to start: the dynamic loader and its libraries. */
const LIBRARIES = ['/usr/lib', '/usr/lib64', '/lib', '/lib64'];

/**
 * A student's process in a container of step 04, as user 65534, in a root that is made of bind mounts alone.
 *
 * @throws {SyscallError}, {DeedError} where this machine makes no container
 */
export async function startContainer(place: Place): Promise<Student> {
  const pipes = openPipes();
  try {
    const container = await start(desk(place, pipes));
    return {
      ...pipes.ours(),
      kill: () => void container.kill('SIGKILL'),
      ended: container.exited.then(({ status, signal, failure, readings }) => {
        if (failure) return notStarted(failure);
        const killed = Object.values(readings).some((text) => /^oom_kill [1-9]/m.test(text));
        return killed ? `was killed: more than ${MEMORY / 1024 ** 2} MiB of memory` : howItEnded(status, signal);
      }),
    };
  } finally {
    pipes.close();
  }
}

/** Undoes what is left of containers whose runtime was killed. */
export async function undoContainers(): Promise<void> {
  await prune(parents(findHierarchies()));
}

/** The container: a program that has the pipes as descriptors 3, 4, 1 and 2. */
function desk(place: Place, pipes: Pipes): Plan {
  const flags = {
    ...{ memory: MEMORY, memorySwap: MEMORY, pidsLimit: PIDS, user: `${NOBODY.uid}:${NOBODY.gid}`, readOnly: true },
    ulimit: [
      { name: 'cpu', soft: BigInt(CPU_SECONDS), hard: BigInt(CPU_SECONDS + 1) },
      { name: 'core', soft: 0n, hard: 0n },
    ] as const,
  };
  const options = read({ ...flags, ulimit: [...flags.ulimit] }, [ROOTFS, node(), ...place.command]);
  const box = plan({ ...options, hostname: 'homework', limits: { ...options.limits, nanoCpus: 1e9 } });
  return extend(box, 'grader', {
    namespaces: ['ipc', 'net'],
    setup: [mount('homework', ROOTFS, 'tmpfs', MS_NOSUID | MS_NODEV, 'mode=755,size=1m'), ...seen(place.paths)],
    replaces: ['exec'],
    exec: pipes.attach(box.program.exec),
  });
}

/** Binds what is to be seen into the new root, at the path that it has outside, to be read only. */
function seen(paths: readonly string[]): Call[] {
  const all = [...LIBRARIES, node(), ...paths].filter((path, index, list) => {
    const inside = list.slice(0, index).some((above) => path === above || path.startsWith(`${above}/`));
    return !inside && lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  });
  return all.flatMap((path) => {
    const there = lstatSync(path);
    if (there.isSymbolicLink()) return [...directories(dirname(path)), symlink(readlinkSync(path), ROOTFS + path)];
    return [
      ...(there.isDirectory() ? directories(path) : [...directories(dirname(path)), ...emptyFile(ROOTFS + path)]),
      mount(path, ROOTFS + path, null, MS_BIND),
      mount(null, ROOTFS + path, null, MS_BIND | MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV),
    ];
  });
}

function directories(path: string): Call[] {
  return path === '/' ? [] : [...directories(dirname(path)), tolerate(mkdir(ROOTFS + path, 0o755), 'EEXIST')];
}

function emptyFile(path: string): Call[] {
  const file = openat(AT_FDCWD, path, O_RDONLY | O_CREAT | O_CLOEXEC, 0o644);
  return [file, close(file)];
}
