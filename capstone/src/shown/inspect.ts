import { join } from 'node:path';
import { containerPath, directoriesIn, etcOf, lowersOf, NO_LIST, Struct } from 'step-10';
import type { BoxRecord } from '../containers/record.ts';
import { isUp, type State, stateOf } from '../containers/state.ts';
import { type Health, readHealth } from '../health/state.ts';
import { jsonPath } from '../log/json-file/place.ts';
import { configOf } from './config.ts';
import { hostConfigOf } from './host-config.ts';
import { mountPoints } from './mounts.ts';
import { networkSettings } from './network-settings.ts';
import type { Sizes } from './size.ts';
import { rfc3339 } from './time.ts';

/** All that is known of a container, as docker's API describes it. */
export function inspected(record: BoxRecord, sizes?: Sizes): Struct {
  const { id, name, created, options, logging, image = '' } = record;
  const [path = '', ...args] = options.command;
  const state = stateOf(record);
  const { upper, work, merged } = directoriesIn(containerPath(id));
  const etc = (file: string) => (record.run.status === 'created' ? '' : join(etcOf(id), file)); // made at its start
  return new Struct('container.InspectResponse', {
    Id: id,
    Created: rfc3339(created),
    Path: path,
    Args: args,
    State: stateShown(state, readHealth(record)),
    Image: image,
    ...{ ResolvConfPath: etc('resolv.conf'), HostnamePath: etc('hostname'), HostsPath: etc('hosts') },
    LogPath: logging.driver === 'json-file' && record.run.status !== 'created' ? jsonPath(id) : '',
    Name: `/${name}`,
    RestartCount: state.restartCount,
    Driver: 'overlay2',
    Platform: 'linux',
    ...{ MountLabel: '', ProcessLabel: '', AppArmorProfile: '' },
    ExecIDs: NO_LIST,
    HostConfig: hostConfigOf(record),
    GraphDriver: new Struct('storage.DriverData', {
      Data: { ID: id, LowerDir: lowersOf(options).join(':'), MergedDir: merged, UpperDir: upper, WorkDir: work },
      Name: 'overlay2',
    }),
    ...(sizes && { SizeRw: sizes.own, SizeRootFs: sizes.all }),
    Mounts: mountPoints(options).map((mount) => new Struct('container.MountPoint', { ...mount })),
    Config: configOf(record),
    NetworkSettings: networkSettings(record, state.pid),
  });
}

function stateShown(state: State, health: Health | undefined): Struct {
  const { status, pid, exitCode, error, oomKilled } = state;
  return new Struct(
    'container.State',
    {
      Status: status,
      Running: isUp(state),
      Paused: status === 'paused',
      Restarting: status === 'restarting',
      OOMKilled: oomKilled,
      Dead: false,
      Pid: pid,
      ExitCode: exitCode,
      Error: error,
      StartedAt: rfc3339(state.startedAt),
      FinishedAt: rfc3339(state.finishedAt),
      ...(health && { Health: healthShown(health) }),
    },
    { Health: null },
  );
}

function healthShown({ status, failingStreak, log }: Health): Struct {
  const checks = log.map(({ start, end, exitCode, output }) => {
    return new Struct('container.HealthcheckResult', {
      ...{ Start: rfc3339(start), End: rfc3339(end), ExitCode: exitCode, Output: output },
    });
  });
  return new Struct('container.Health', { Status: status, FailingStreak: failingStreak, Log: checks });
}
