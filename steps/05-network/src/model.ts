import { AT_FDCWD, close, type Message, O_CREAT, O_TRUNC, O_WRONLY, openat, write } from 'shared-native';
import {
  addTables,
  fail,
  leadsTo,
  type NftTable,
  removeTables,
  runIn,
  type State,
  tellKernel,
} from 'shared-native/model';
import { modelDeed } from 'step-04/model';

export * from 'step-04/model';

// The deeds of this step in the model of the kernel.

modelDeed('rtnetlink', (state: State, message: Message, pid) => tellKernel(state, host(state), message, pid));
modelDeed('remove-link', removeLink);
modelDeed('make-tables', addTables);
modelDeed('make-shared-table', (state: State, table: NftTable) => {
  const isThere = host(state).tables.some(({ family, name }) => family === table.family && name === table.name);
  if (!isThere) addTables(state, [table]);
});
modelDeed('remove-tables', removeTables);
modelDeed('sysctl', (state: State, { path, value }: { path: string; value: string }) => {
  writeFile(state, path, value, O_WRONLY);
});
modelDeed('new-file', (state: State, { path, text }: { path: string; text: string }) => {
  writeFile(state, path, text, O_WRONLY | O_CREAT | O_TRUNC);
});
modelDeed('remove-directory', (state: State, path: string) => {
  const found = leadsTo(state, path);
  if (typeof found === 'object') found.inode.parent?.entries.delete(found.inode.name);
});
/** There is one container in the model, so it is the last one that leaves. */
modelDeed('leave-network', (state: State, { bridge }: { bridge: string }) => {
  removeLink(state, bridge);
  removeTables(state, [{ family: 'inet', name: bridge }]);
});
for (const kind of ['introduce', 'say-goodbye']) modelDeed(kind, () => {}); // it has no neighbours
modelDeed('forget-flows', () => {}); // it remembers none

function host({ process }: State) {
  return process.namespaces.net;
}

function removeLink(state: State, name: string): void {
  const gone: Message = { type: 'RTM_DELLINK', flags: [], header: {}, attributes: { IFLA_IFNAME: name } };
  const isThere = [...host(state).links.values()].some((link) => link.name === name);
  if (isThere) tellKernel(state, host(state), gone);
}

function writeFile(state: State, path: string, text: string, flags: number): void {
  const file = openat(AT_FDCWD, path, flags, 0o644);
  const { failed } = runIn(state, [file, write(file, text), close(file)]);
  if (failed) fail(String(failed.error));
}
