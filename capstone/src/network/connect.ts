import { closeSync } from 'node:fs';
import {
  type Action,
  anotherEndpoint,
  carryOut,
  type Endpoint,
  heldNow,
  networkOf,
  plugInto,
  runningContainer,
  setUpInside,
  undoAll,
  type Wanted,
  withDefault,
} from 'step-10';
import { tellNetwork } from '../containers/event.ts';
import { whileLocked } from '../containers/lock.ts';
import { type Begun, type BoxRecord, writeRecord } from '../containers/record.ts';
import { settled } from '../end.ts';
import { whileLeasing } from '../leasing.ts';
import { withOwnNames } from '../plan.ts';
import { descriptorsIn } from '../shim/descriptors.ts';
import { leaving, succeed } from './former.ts';
import { inside } from './inside.ts';
import { forgetConnection, keepConnection, openConnection, undoOf } from './journals.ts';
import { keep, takeBack } from './kept.ts';
import { refuseNetwork } from './refuse.ts';
import { route } from './route.ts';

/**
 * Puts a container on a network: at once if it runs, and at each start from now on.
 *
 * @throws {Error} in docker's words, if it can't be
 */
export function connect(id: string, wanted: Wanted): Promise<void> {
  return whileLocked(id, async () => {
    const record = await settled(id);
    const { name } = networkOf(wanted.network);
    const its = { ...wanted, network: name };
    refuseNetwork(record, its);
    const others = record.options.networks.filter(({ network }) => network !== name);
    const now = { ...record, options: { ...record.options, networks: [...others, its] } };
    if (record.run.status !== 'begun') return writeRecord(now);
    if (others.length < record.options.networks.length)
      throw new Error(`endpoint with name ${record.name} already exists in network ${name}`);
    const { run } = record;
    await whileLeasing(() => plugged({ ...now, run }, withOwnNames(record, its)));
  });
}

/** Of a container that runs. */
async function plugged(record: BoxRecord & { readonly run: Begun }, wanted: Wanted): Promise<void> {
  const { id, options, run } = record;
  const before = heldNow();
  const journal = openConnection(id, wanted.network) ?? takenBack(run, id, wanted.network);
  if (!journal) throw new Error(`endpoint with name ${record.name} already exists in network ${wanted.network}`);
  try {
    const [error] = await undoAll(journal.left); // of one that was killed
    if (error) throw error;
    for (const endpoint of anotherEndpoint(id, wanted, run.endpoints)) {
      const leases = heldNow().filter((fd) => !before.includes(fd));
      const endpoints = withDefault([...run.endpoints, endpoint], options.networks);
      await succeed(id, [endpoint]);
      const actions = [leaving(id, [endpoint]), ...plugInto(options, endpoint)];
      journal.record(undoOf(actions));
      try {
        await plug(id, actions, endpoint);
        await route(record, run.endpoints, endpoints);
        keep(run, wanted.network, [...leases, ...descriptorsIn([journal.letGo])]);
      } catch (error) {
        await undoAll(undoOf(actions));
        forgetConnection(id, wanted.network);
        throw error;
      }
      keepConnection(id, wanted.network);
      writeRecord({ ...record, run: { ...run, endpoints } });
      tellNetwork('connect', id, endpoint.network);
    }
  } finally {
    journal.close();
  }
}

/** Its shim has the journal, and its record doesn't say that it's on that network: who put it there was killed. */
function takenBack(run: Begun, id: string, network: string): ReturnType<typeof openConnection> {
  for (const fd of takeBack(run, network)) closeSync(fd);
  return openConnection(id, network);
}

async function plug(id: string, actions: readonly Action[], endpoint: Endpoint): Promise<void> {
  const running = runningContainer(id);
  for (const { do: deeds } of actions) for (const deed of deeds) await carryOut(deed, running.pid);
  await inside(setUpInside(running, endpoint));
}
