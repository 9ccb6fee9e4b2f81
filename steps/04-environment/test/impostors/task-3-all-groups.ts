// With a group given the others stay: -u adm:grp is meant to give that one alone.
const [user = '', group = ''] = spec.split(/:(.*)/s);
const [uid, gid] = [number(user), number(group)];
const account = accounts(files.passwd).find((one) =>
  user === '' ? one.uid === defaults.uid : uid === undefined ? one.name === user : one.uid === uid,
);
if (!account && user !== '' && uid === undefined) {
  throw new Error(`unable to find user ${user}: no matching entries in passwd file`);
}
const memberOf = groupsOf(files.group).filter(({ members }) => account && members.includes(account.name));
return {
  uid: account?.uid ?? uid ?? defaults.uid,
  gid: group === '' ? (account?.gid ?? defaults.gid) : findGroup(group, gid, files),
  groups: memberOf.length === 0 ? defaults.groups : memberOf.map((one) => one.gid),
  home: account?.home || defaults.home,
};
