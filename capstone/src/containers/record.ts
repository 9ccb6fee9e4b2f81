import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { type ContainerRecord, containerPath, type Endpoint, type Options, type PublishedPort } from 'step-10';
import type { Healthcheck } from '../health/healthcheck.ts';
import type { KeptLink } from '../links/link.ts';
import type { V1Limits } from '../v1-limits.ts';
import { fromJson, toJson } from './json.ts';

/** A container, as `config.json` in its directory says it: what it is to be like, and what has become of it. */
export interface BoxRecord extends ContainerRecord {
  /** 64 hexadecimal digits. What the steps call the container's name: that of its journal, its cgroup, its directory. */
  readonly id: string;
  /** The name that people use, without a slash before it. */
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  /** What its root was called on the command line: an image, a directory or an archive. */
  readonly imageName: string;
  readonly options: ToldOptions;
  readonly labels: Readonly<Record<string, string>>;
  /** Notes for other programs, which docker passes on to its OCI runtime. */
  readonly annotations?: Readonly<Record<string, string>>;
  readonly v1Limits?: V1Limits;
  /** The containers that it is linked to in the default network. */
  readonly links?: readonly KeptLink[];
  /** The cgroup that its own are in, if not that of the root: a path from the top of each hierarchy. */
  readonly cgroupParent?: string;
  readonly restart: RestartPolicy;
  /** Is it removed at its end? */
  readonly autoRemove: boolean;
  /** Is its first process an init? */
  readonly init: boolean;
  /** The number of the signal that `stop` sends, as a flag says, or its image; SIGTERM unless given. */
  readonly stopSignal?: number;
  /** Seconds from that to SIGKILL, Infinity for never; 10 unless given. */
  readonly stopTimeout?: number;
  readonly logging: Logging;
  /** How it is asked whether it is well: as a flag says, or its image. */
  readonly healthcheck?: Healthcheck;
  /** Was it stopped by a command? Then its restart policy waits for the next start. */
  readonly stopped: boolean;
  readonly run: Run;
}

/** What a container was told, without what depends on the machine: each start looks that up again. */
export type ToldOptions = Omit<Options, 'hierarchies' | 'machine' | 'kernel'>;

/** When a container is started again at its end. */
export interface RestartPolicy {
  readonly name: 'no' | 'on-failure' | 'always' | 'unless-stopped';
  /** Of on-failure: how often, 0 for without end. */
  readonly maximumRetryCount: number;
}

/** Where what it writes goes. */
export interface Logging {
  readonly driver: 'json-file' | 'local' | 'none';
  readonly options: Readonly<Record<string, string>>;
}

/** What has become of a container. */
export type Run = Created | Begun | Exited;

/** It hasn't run yet. */
export interface Created {
  readonly status: 'created';
  /** Why its last start failed, and the exit status that docker gives it. */
  readonly error?: string;
  readonly exitCode?: number;
}

/** It was started. Whether it still runs, its processes show. */
export interface Begun {
  readonly status: 'begun';
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** The boot of the machine that it runs in. */
  readonly boot: string;
  /** How often its restart policy has started it again. */
  readonly restartCount: number;
  /** How long its restart policy waited before this run, in milliseconds; 0 if it didn't. */
  readonly backOff: number;
  /** What it has of networks. */
  readonly endpoints: readonly Endpoint[];
  readonly ports: readonly PublishedPort[];
  /** The numbers of its shim's sockets that keep what belongs to networks that it is connected to later. */
  readonly keeping?: readonly [to: number, from: number];
  /** The number of its shim's socket in which is the end to write to of standard input that is open once. */
  readonly once?: number;
  /** Its first process, and its shim; not yet known while it is being started. */
  readonly process?: Process;
  readonly shim?: Process;
  /** May its processes stand still, because "pause" was called? Whether they do, the kernel says. */
  readonly paused?: boolean;
}

/** A process, and when it started: no other has both, ever. */
export interface Process {
  readonly pid: number;
  readonly started: string;
}

/** It has run, and ended. */
export interface Exited {
  readonly status: 'exited';
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly exitCode: number;
  readonly oomKilled: boolean;
  readonly restartCount: number;
  readonly backOff: number;
  /** What went wrong besides. */
  readonly error?: string;
  /** What is about to start it again, by its restart policy. */
  readonly restarting?: Process;
}

/** The file that says what a container is. */
export function configPath(id: string): string {
  return `${containerPath(id)}/config.json`;
}

/** @returns undefined if there is no container of this id @throws {Error} that names the file, if it is no record */
export function readRecord(id: string): BoxRecord | undefined {
  let record: unknown;
  try {
    record = fromJson(readFileSync(configPath(id), 'utf8'));
  } catch (error) {
    const isGone = ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
    if (isGone && !existsSync(containerPath(id))) return undefined;
    throw new Error(`${configPath(id)} can't be read: ${(error as Error).message}; ${AWAY}`, { cause: error });
  }
  if (isRecord(record, id)) return record;
  throw new Error(`${configPath(id)} doesn't say what container ${id} is; ${AWAY}`);
}

const AWAY = '"rm -f" with its id removes what is left of the container';

/** Writes a record aside, and puts it in its place: a crash leaves the old or the new. To be called under the container's lock. */
export function writeRecord(record: BoxRecord, path = configPath(record.id)): void {
  writeFileSync(`${path}.new`, `${toJson(record)}\n`, { mode: 0o600, flush: true });
  renameSync(`${path}.new`, path);
}

/** As far as it takes to find the container, and to say how it is. */
function isRecord(value: unknown, id: string): value is BoxRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { id: its, name, run, options, created } = value as Partial<Record<keyof BoxRecord, unknown>>;
  const { status } = (run ?? {}) as { status?: unknown };
  const isStatus = status === 'created' || status === 'begun' || status === 'exited';
  return (
    its === id && typeof name === 'string' && typeof created === 'number' && typeof options === 'object' && isStatus
  );
}
