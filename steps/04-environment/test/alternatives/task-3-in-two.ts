// Who, then which group: each by itself.
const [user = '', ...others] = spec.split(':');
const group = others.join(':');
const uid = number(user);
const gid = number(group);
const wanted = user === '' ? defaults.uid : uid;
const who = accounts(files.passwd).find((one) => (wanted === undefined ? one.name === user : one.uid === wanted));
if (wanted === undefined && !who) {
  throw new Error(`unable to find user ${user}: no matching entries in passwd file`);
}
const base: User = {
  uid: who?.uid ?? wanted ?? defaults.uid,
  gid: group === '' ? (who?.gid ?? defaults.gid) : findGroup(group, gid, files),
  groups: defaults.groups,
  home: who?.home ? who.home : defaults.home,
};
const member = who && group === '' ? groupsOf(files.group).filter((one) => one.members.includes(who.name)) : [];
return member.length ? { ...base, groups: member.map((one) => one.gid) } : base;
