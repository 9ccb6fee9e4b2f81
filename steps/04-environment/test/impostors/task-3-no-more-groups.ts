// The user's own group, and none of those that /etc/group has it in.
const [user = '', group = ''] = spec.split(/:(.*)/s);
const [uid, gid] = [number(user), number(group)];
const account = accounts(files.passwd).find((one) =>
  user === '' ? one.uid === defaults.uid : uid === undefined ? one.name === user : one.uid === uid,
);
if (!account && user !== '' && uid === undefined) {
  throw new Error(`unable to find user ${user}: no matching entries in passwd file`);
}
return {
  uid: account?.uid ?? uid ?? defaults.uid,
  gid: group === '' ? (account?.gid ?? defaults.gid) : findGroup(group, gid, files),
  groups: defaults.groups,
  home: account?.home || defaults.home,
};
