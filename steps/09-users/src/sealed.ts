import { AT_FDCWD, type Call, close, MOVE_MOUNT_F_EMPTY_PATH, moveMount } from 'shared-native';
import { type Bind, type Mount, treeAt } from 'step-08';

// #region read-only for good
/**
 * Lays over the source of each read-only bind a mount of itself that is read-only. The container is born into a copy of
 * these, made by one who has more power than its root: so the kernel keeps it from being made writable again, which a
 * read-only mount that it had made itself could be (mount_namespaces(7), "locked"). Step 7 then copies what is there.
 *
 * One whose files are to be written by way of another bind stays as it is: there it would be read-only, too.
 */
export function sealed(mounts: readonly Mount[]): Call[] {
  const binds = mounts.filter((one): one is Bind => one.type === 'bind');
  const writable = binds.filter(({ readOnly }) => !readOnly);
  return binds
    .filter((one) => one.readOnly && !writable.some((other) => overlap(one.source, other.source)))
    .flatMap((one) => {
      const { tree, calls } = treeAt(one.source, one);
      return [...calls, moveMount(tree, '', AT_FDCWD, one.source, MOVE_MOUNT_F_EMPTY_PATH), close(tree)];
    });
}
// #endregion

function overlap(one: string, other: string): boolean {
  return `${one}/`.startsWith(`${other}/`) || `${other}/`.startsWith(`${one}/`);
}
