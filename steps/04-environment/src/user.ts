/** Who a process runs as. */
export interface User {
  readonly uid: number;
  readonly gid: number;
  /** Its supplementary groups. */
  readonly groups: readonly number[];
  readonly home: string;
}

/** The container's files that list its users: passwd(5) and group(5). Empty if it has none. */
export interface UserFiles {
  readonly passwd: string;
  readonly group: string;
}

/** Who a container runs as unless something else is said. */
export const ROOT: User = { uid: 0, gid: 0, groups: [], home: '/' };

/** The largest id that docker accepts. The kernel would accept twice as many. */
const MAX_ID = 2 ** 31 - 1;

// #region who that is
/**
 * Who `-u` means: a user by name or number and, after a `:`, a group by name or number. A number is never taken for a name.
 * The container's files say the user's id, group, home, and the groups that list the user by name. The defaults supply
 * the rest: the groups of a user that no group lists, or the home of a user without one. If a group is given, it is the
 * user's group, and the others are the defaults'.
 *
 * @param spec - `user`, `uid`, `user:group`, `uid:gid`, `:group`; empty for user 0
 * @throws {Error} that quotes it, for a name that the files don't have, and for a number below 0 or beyond 2147483647
 */
export function findUser(spec: string, files: UserFiles, defaults = ROOT): User {
  // #region task 3: who is that?
  const [user = '', group = ''] = spec.split(/:(.*)/s);
  const [uid, gid] = [number(user), number(group)];
  const account = accounts(files.passwd).find((one) =>
    user === '' ? one.uid === defaults.uid : uid === undefined ? one.name === user : one.uid === uid,
  );
  if (!account && user !== '' && uid === undefined) {
    throw new Error(`unable to find user ${user}: no matching entries in passwd file`);
  }
  const found = {
    uid: account?.uid ?? uid ?? defaults.uid,
    gid: account?.gid ?? defaults.gid,
    groups: defaults.groups,
    home: account?.home || defaults.home,
  };
  if (group !== '') return { ...found, gid: findGroup(group, gid, files) };
  const memberOf = groupsOf(files.group).filter(({ members }) => account && members.includes(account.name));
  return memberOf.length === 0 ? found : { ...found, groups: memberOf.map((one) => one.gid) };
  // #endregion
}
// #endregion

/** The ids of the groups that `--group-add` names. @throws {Error} as findUser does. */
export function findGroups(names: readonly string[], files: UserFiles): number[] {
  return [...new Set(names.map((name) => findGroup(name, number(name), files)))];
}

function findGroup(group: string, gid: number | undefined, files: UserFiles): number {
  const known = groupsOf(files.group).find((one) => (gid === undefined ? one.name === group : one.gid === gid));
  const found = known?.gid ?? gid;
  if (found === undefined) throw new Error(`unable to find group ${group}: no matching entries in group file`);
  return found;
}

/** Parses a number; undefined if it isn't one. @throws {Error} if it is too large or too small to be an id. */
function number(text: string): number | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  const id = Number(text);
  if (id >= 0 && id <= MAX_ID) return id;
  throw new Error(`invalid id ${text}: user and group ids must be in range 0-${MAX_ID}`);
}

// Skips a line that isn't an entry, as the C library does: with a 0 for a missing field, garbage would be root.
function accounts(passwd: string) {
  return entries(passwd).flatMap(([name = '', , uid = '', gid = '', , home = '']) =>
    isId(uid) && isId(gid) ? [{ name, uid: Number(uid), gid: Number(gid), home }] : [],
  );
}

function groupsOf(group: string) {
  return entries(group).flatMap(([name = '', , gid = '', members = '']) =>
    isId(gid) ? [{ name, gid: Number(gid), members: members.split(',') }] : [],
  );
}

function entries(file: string): string[][] {
  const lines = file.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.split(':'));
}

/** An id that the kernel has: the highest 32-bit number means none. */
function isId(text: string): boolean {
  return /^\d+$/.test(text) && Number(text) < 2 ** 32 - 1;
}
