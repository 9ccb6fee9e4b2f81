import type { Members } from 'step-10';
import { list } from '../containers/find.ts';
import { runningProcess } from '../containers/state.ts';

/** The running containers that are in a network: a record also knows of those that came and left while it ran. */
export const members: Members = (network) =>
  list().records.flatMap(({ id, name, run }) => {
    if (run.status !== 'begun') return [];
    const endpoint = run.endpoints.find((one) => one.network.name === network);
    return endpoint && typeof runningProcess(id, run) === 'object' ? [{ container: id, name, endpoint }] : [];
  });
