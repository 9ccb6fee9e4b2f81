// The defaults are changed by what is found.
const found = { ...defaults, groups: [...defaults.groups] };
const [, user = '', , group = ''] = /^([^:]*)(:(.*))?$/s.exec(spec) ?? [];
const [asUid, asGid] = [number(user), number(group)];
const is = (one: { uid: number; name: string }) =>
  user === '' ? one.uid === defaults.uid : asUid !== undefined ? one.uid === asUid : one.name === user;
const [account] = accounts(files.passwd).filter(is);
if (account) {
  Object.assign(found, { uid: account.uid, gid: account.gid, ...(account.home && { home: account.home }) });
} else if (asUid !== undefined) found.uid = asUid;
else if (user !== '') throw new Error(`unable to find user ${user}: no matching entries in passwd file`);
if (group !== '') found.gid = findGroup(group, asGid, files);
else if (account) {
  const lists = groupsOf(files.group).filter(({ members }) => members.includes(account.name));
  if (lists.length > 0) found.groups = lists.map((one) => one.gid);
}
return found;
