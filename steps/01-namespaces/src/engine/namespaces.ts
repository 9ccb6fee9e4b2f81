import * as native from 'shared-native';

/** The namespaces, by their names in /proc/self/ns (namespaces(7)). */
export type Namespace = 'cgroup' | 'ipc' | 'mnt' | 'net' | 'pid' | 'user' | 'uts';

const CLONE_FLAGS: Record<Namespace, number> = {
  cgroup: native.CLONE_NEWCGROUP,
  ipc: native.CLONE_NEWIPC,
  mnt: native.CLONE_NEWNS,
  net: native.CLONE_NEWNET,
  pid: native.CLONE_NEWPID,
  user: native.CLONE_NEWUSER,
  uts: native.CLONE_NEWUTS,
};

/** What clone(2) is told of the namespaces that a process is to be born into, and setns(2) of those that it is to join. */
export function cloneFlags(namespaces: readonly Namespace[]): number {
  return namespaces.reduce((sum, namespace) => sum | CLONE_FLAGS[namespace], 0);
}
