import { closeSync } from 'node:fs';
import { networkOf, plugInto, undoAll, withDefault } from 'step-10';
import { tellNetwork } from '../containers/event.ts';
import { whileLocked } from '../containers/lock.ts';
import { type Begun, type BoxRecord, writeRecord } from '../containers/record.ts';
import { settled } from '../end.ts';
import { leaving } from './former.ts';
import { forgetConnection, undoOf } from './journals.ts';
import { takeBack, unlock } from './kept.ts';
import { route } from './route.ts';

/**
 * Takes a container from a network: at once if it runs, and at each start from now on.
 *
 * @param force - also from one that isn't there any more
 * @throws {Error} in docker's words, if it isn't on it
 */
export function disconnect(id: string, called: string, force = false): Promise<void> {
  return whileLocked(id, async () => {
    const record = await settled(id);
    const name = nameOf(called, force);
    const networks = record.options.networks.filter(({ network }) => network !== name);
    if (name === 'host' && networks.length < record.options.networks.length)
      throw new Error('cannot disconnect container from host network - container was created in host network mode');
    const now = { ...record, options: { ...record.options, networks } };
    const { run } = record;
    if (networks.length === record.options.networks.length)
      throw new Error(`container ${id} is not connected to ${run.status === 'begun' ? '' : 'the '}network ${name}`);
    writeRecord(run.status === 'begun' ? await unplugged({ ...now, run }, name) : now);
  });
}

function nameOf(called: string, force: boolean): string {
  try {
    return networkOf(called).name;
  } catch (error) {
    if (force) return called;
    throw error;
  }
}

/** Of a container that runs. */
async function unplugged(record: BoxRecord & { readonly run: Begun }, network: string): Promise<BoxRecord> {
  const { id, options, run } = record;
  const endpoint = run.endpoints.find((one) => one.network.name === network);
  if (!endpoint) return record; // "none"
  const rest = run.endpoints.filter((one) => one !== endpoint);
  const endpoints = withDefault(rest, options.networks);
  const undo = undoOf(plugInto(options, endpoint));
  const kept = run.keeping === undefined ? [] : takeBack(run, network);
  const errors = await undoAll([...undo.slice(0, -1), ...undoOf([leaving(id, [endpoint])])]);
  for (const fd of kept) closeSync(fd);
  unlock(run, network);
  errors.push(...(await undoAll(undo.slice(-1)))); // the network itself, if nobody else uses it
  if (errors.length > 0) throw new AggregateError(errors, errors[0]?.message);
  forgetConnection(id, network);
  await route(record, run.endpoints, endpoints);
  tellNetwork('disconnect', id, endpoint.network);
  return { ...record, run: { ...run, endpoints } };
}
