import { execFileSync, spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { state } from 'step-01';
import { processesWith } from '../../../test/processes.ts';

/** What may be there when no container is: what everybody shares, and what users named. */
const STAYS = [
  /^(?:cache|home)(?:\/|$)/,
  /^run(?:\/\.(?:addresses|events|statuses|statuses\/\.turn|users.*))?$/,
  /^lib(?:\/(?:containers|containers-changing|container-names|ids|networks|networks\/bridge\.json|volumes))?$/,
  /^lib\/volumes\/boxstep-storm(?:\/|$)/,
  /^lib\/images(?:\/(?:lock|making))?$/,
];

/** What containers of our root have left on the host: processes, cgroups of any hierarchy, mounts, links, tables, files. */
export function leftOnHost(): string[] {
  return [
    ...processesWith('').map(({ pid, line }) => `process ${pid}: ${line}`),
    ...globSync(`/sys/fs/cgroup/{,*/}${state().name}/**`),
    ...readFileSync('/proc/self/mountinfo', 'utf8').split('\n').filter(isOurs),
    ...said('ip', '-o', 'link').filter((line) => !line.includes(': lo:')),
    ...(hasTables() ? said('nft', 'list', 'tables') : []),
    ...files(),
  ];
}

/** A guest's kernel has no nftables, and lists its tables all the same. */
export function hasTables(): boolean {
  return spawnSync('unshare', ['--net', 'nft', 'add', 'table', 'inet', 'boxstep-needs']).status === 0;
}

function isOurs(line: string): boolean {
  return line.includes(process.env.BOXSTEP_ROOT ?? '') || line.includes(state().name);
}

function said(program: string, ...args: string[]): string[] {
  return execFileSync(program, args, { encoding: 'utf8' }).split('\n').filter(Boolean);
}

function files(): string[] {
  const root = process.env.BOXSTEP_ROOT ?? '';
  const all = globSync(`${root}/{*,.*,lib/**,run/**,run/.*,run/.*/**,run/.*/.*,lib/*/.*,lib/*/.*/**}`);
  return [...new Set(all.map((path) => relative(root, path)))].filter(
    (path) => path && !STAYS.some((one) => one.test(path)),
  );
}
