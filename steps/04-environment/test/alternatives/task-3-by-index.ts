// The spec is cut at the first colon by its index, and cases are asked one after another; the error in other words.
const colon = spec.indexOf(':');
const user = colon === -1 ? spec : spec.slice(0, colon);
const group = colon === -1 ? '' : spec.slice(colon + 1);
const uid = number(user);
const gid = number(group);
const all = accounts(files.passwd);
let account: (typeof all)[number] | undefined;
if (user === '') account = all.find((one) => one.uid === defaults.uid);
else if (uid === undefined) account = all.find((one) => one.name === user);
else account = all.find((one) => one.uid === uid);
if (user !== '' && uid === undefined && account === undefined) {
  throw new Error(`who is ${user}?`);
}
const is = { uid: account?.uid ?? uid ?? defaults.uid, home: account?.home || defaults.home };
if (group !== '') return { ...is, gid: findGroup(group, gid, files), groups: defaults.groups };
const own = account ? account.gid : defaults.gid;
const { name } = account ?? {};
const groups = groupsOf(files.group).filter(({ members }) => name !== undefined && members.includes(name));
return { ...is, gid: own, groups: groups.length > 0 ? groups.map(({ gid: one }) => one) : defaults.groups };
