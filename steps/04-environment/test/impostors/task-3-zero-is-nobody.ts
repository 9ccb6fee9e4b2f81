// || in place of ??: user 0 counts as none, and gets the default's ids.
const [user = '', group = ''] = spec.split(/:(.*)/s);
const [uid, gid] = [number(user), number(group)];
const account = accounts(files.passwd).find((one) =>
  user === '' ? one.uid === defaults.uid : uid === undefined ? one.name === user : one.uid === uid,
);
if (!account && user !== '' && uid === undefined) {
  throw new Error(`unable to find user ${user}: no matching entries in passwd file`);
}
const found = {
  uid: account?.uid || uid || defaults.uid,
  gid: account?.gid || defaults.gid,
  groups: defaults.groups,
  home: account?.home || defaults.home,
};
if (group !== '') return { ...found, gid: findGroup(group, gid, files) };
const memberOf = groupsOf(files.group).filter(({ members }) => account && members.includes(account.name));
return memberOf.length === 0 ? found : { ...found, groups: memberOf.map((one) => one.gid) };
