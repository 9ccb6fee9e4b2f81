import { indexOf } from './tabulate.ts';
import type { ExplorerData, Line, SectionId, StepData, Toggle } from './types.ts';

/** What is shown: a step, and what is switched on. */
export interface State {
  readonly step: number;
  readonly on: ReadonlySet<string>;
}

/** The lines of a state's plan, by section, in the order in which they happen. */
export type Plan = readonly (readonly [id: SectionId, lines: readonly Line[]])[];

/** The plan that a state shows. A switch that its step hasn't does nothing. */
export function planAt(data: ExplorerData, { step, on }: State): Plan {
  return (stepOf(data, step)?.sections ?? []).map(({ id, depends, lists }) => {
    const numbers = lists[indexOf(depends, (one) => on.has(one))] ?? [];
    return [id, numbers.map((number) => data.lines[number]).filter((line) => line !== undefined)] as const;
  });
}

/** A step by its number. */
export function stepOf(data: ExplorerData, number: number): StepData | undefined {
  return data.steps.find((one) => one.number === number);
}

/** The newest step that the data holds. */
export function lastStep(data: ExplorerData): number {
  return data.steps.at(-1)?.number ?? 0;
}

/** The switches that are on and that the step has. */
export function togglesOn(data: ExplorerData, { step, on }: State): Toggle[] {
  return data.toggles.filter(({ id, since }) => on.has(id) && since <= step);
}

/** The command line that makes a state's plan. */
export function commandLine(data: ExplorerData, state: State): string {
  const flags = togglesOn(data, state).map(({ args }) => args.join(' '));
  const rootfs = stepOf(data, state.step)?.takesRootfs ? ['/srv/rootfs'] : [];
  return ['./boxstep', state.step, 'plan', '--name web', ...flags, ...rootfs, 'sh']
    .filter((word) => word !== '')
    .join(' ');
}

/** A state as the part of an address after `#`: `step=3&on=memory,v1`. */
export function toHash({ step, on }: State): string {
  return `step=${step}${on.size > 0 ? `&on=${[...on].join(',')}` : ''}`;
}

/** The state that an address asks for; what it doesn't say, or what there isn't, is as in `otherwise`. */
export function fromHash(hash: string, data: ExplorerData, otherwise: State): State {
  const asked = new URLSearchParams(hash.replace(/^#/, ''));
  const step = Number(asked.get('step'));
  if (!stepOf(data, step)) return otherwise;
  const ids = (asked.get('on') ?? '').split(',');
  return { step, on: new Set(data.toggles.map(({ id }) => id).filter((id) => ids.includes(id))) };
}
