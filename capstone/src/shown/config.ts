import { NO_LIST, NO_MAP, Struct } from 'step-10';
import { isAttached } from '../command/attached-stream.ts';
import type { BoxRecord } from '../containers/record.ts';
import { byName } from './by-name.ts';

/** What a container was told, as docker's API has it in `Config`. */
export function configOf(record: BoxRecord): Struct {
  const { config, options, labels, imageName, stopTimeout } = record;
  const { exposed, interactive, tty, mounts, typed } = options;
  const { stopSignal = config.StopSignal } = typed.flags as { stopSignal?: string };
  const isInput = interactive && isAttached(options, 'stdin');
  const anonymous = mounts.filter((mount) => mount.type === 'volume' && mount.anonymous).map(({ target }) => target);
  return new Struct(
    'container.Config',
    {
      Hostname: options.hostname,
      Domainname: options.domainname,
      User: options.user,
      AttachStdin: isInput,
      AttachStdout: isAttached(options, 'stdout'),
      AttachStderr: isAttached(options, 'stderr'),
      ...(exposed.length > 0 && { ExposedPorts: keys(exposed) }),
      Tty: tty !== undefined,
      OpenStdin: interactive,
      StdinOnce: isInput,
      Env: config.Env ?? [],
      Cmd: config.Cmd ?? NO_LIST,
      ...(record.healthcheck && { Healthcheck: new Struct('v1.HealthcheckConfig', { ...record.healthcheck }) }),
      Image: imageName,
      Volumes: anonymous.length > 0 ? keys(anonymous) : NO_MAP,
      WorkingDir: config.WorkingDir ?? (options.workdir === '/' ? '' : options.workdir),
      Entrypoint: config.Entrypoint ?? NO_LIST,
      OnBuild: NO_LIST,
      Labels: Object.fromEntries(byName(labels)),
      ...(stopSignal && { StopSignal: stopSignal }),
      ...(stopTimeout !== undefined && { StopTimeout: Number.isFinite(stopTimeout) ? stopTimeout : -1 }),
    },
    { ExposedPorts: NO_MAP, Healthcheck: null, StopSignal: '', StopTimeout: null },
  );
}

function keys(names: readonly string[]): Record<string, object> {
  return Object.fromEntries(names.toSorted().map((name) => [name, new Struct('struct {}', {})]));
}
