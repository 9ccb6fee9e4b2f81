import { ROOTFS } from './rootfs.ts';
import type { Asked, Docker, Engine, Line, SectionId, Sections, StepFacts, Toggle } from './types.ts';

/** What is shown. */
export interface State {
  readonly step: number;
  /** What is switched on. */
  readonly on: ReadonlySet<string>;
  /** A `docker run …` that was typed, whose plan is shown in place of the switches'. */
  readonly docker?: string;
  /** A config.json whose plan is shown in their place. */
  readonly config?: string;
  /** The line at which the player stands, such as `setup.0`. */
  readonly at?: string;
  /** Lines that are left out. */
  readonly without?: readonly string[];
  /** Another plan, which this one stands beside. */
  readonly beside?: State;
}

/** The lines of a state's plan, by section, in the order in which they happen. */
export type Plan = readonly (readonly [id: SectionId, lines: readonly Line[]])[];

/** The plan that a state shows. A switch that its step hasn't does nothing. @throws {Error} as the step's command does */
export function planAt(engine: Engine, state: State): Plan {
  return inTime(engine.sections(askedBy(engine, state)));
}

export function inTime(sections: Sections): Plan {
  return Object.entries(sections) as unknown as Plan;
}

/** The command line that a state means, and the flags of a `docker run` that it leaves out. */
export function askedBy(engine: Engine, state: State): Asked & Partial<Docker> {
  const v1 = state.on.has('v1');
  const { config } = state;
  if (config !== undefined) return { step: lastStep(engine), args: [], v1, config };
  if (state.docker !== undefined) return { step: lastStep(engine), v1, ...engine.docker(state.docker) };
  return { step: state.step, args: togglesOn(engine, state).flatMap(({ args }) => args), v1 };
}

/** A step by its number. */
export function stepOf({ steps }: Pick<Engine, 'steps'>, number: number): StepFacts | undefined {
  return steps.find((one) => one.number === number);
}

/** The newest step that there is. */
export function lastStep({ steps }: Pick<Engine, 'steps'>): number {
  return steps.at(-1)?.number ?? 0;
}

/** The switches that are on and that the step has. */
export function togglesOn({ toggles }: Pick<Engine, 'toggles'>, { step, on }: State): Toggle[] {
  return toggles.filter(({ id, since }) => on.has(id) && since <= step);
}

/** The command line that makes a state's plan. */
export function commandLine(engine: Engine, state: State): string {
  if (state.config !== undefined) return './boxstep oci plan';
  const { step, args, command = ['sh'] } = askedBy(engine, state);
  const rootfs = stepOf(engine, step)?.takesRootfs ? [ROOTFS] : [];
  const words = [...args, ...rootfs, ...command].map((word) => (/\s|^$/.test(word) ? `'${word}'` : word));
  return ['./boxstep', step, 'plan', '--name web', ...words].join(' ');
}

/** A state as the part of an address after `#`: `step=3&on=memory,v1&at=setup.0`. */
export function toHash({ step, on, docker, at, without = [], beside }: State): string {
  const parts = docker === undefined ? [`step=${step}`] : [`docker=${encodeURIComponent(docker)}`];
  if (on.size > 0) parts.push(`on=${[...on].join(',')}`);
  if (at !== undefined) parts.push(`at=${at}`);
  if (without.length > 0) parts.push(`without=${without.join(',')}`);
  if (beside) parts.push(`beside=${encodeURIComponent(toHash(beside))}`);
  return parts.join('&');
}

/** The state that an address asks for; what it doesn't say, or what there isn't, is as in `otherwise`. */
export function fromHash(hash: string, engine: Pick<Engine, 'steps' | 'toggles'>, otherwise: State): State {
  const asked = new URLSearchParams(hash.replace(/^#/, ''));
  const docker = asked.get('docker');
  const step = docker === null ? Number(asked.get('step')) : lastStep(engine);
  if (!stepOf(engine, step)) return otherwise;
  const ids = (asked.get('on') ?? '').split(',');
  const at = asked.get('at');
  const without = (asked.get('without') ?? '').split(',').filter((one) => PLACE.test(one));
  const other = asked.get('beside');
  return {
    step,
    on: new Set(engine.toggles.map(({ id }) => id).filter((id) => ids.includes(id))),
    ...(docker !== null && { docker }),
    ...(at !== null && PLACE.test(at) && { at }),
    ...(without.length > 0 && { without }),
    ...(other !== null && { beside: whole(fromHash(other, engine, otherwise)) }),
  };
}

/** A plan to compare with: all of it, and nothing beside it. */
export function whole({ step, on, docker }: State): State {
  return { step, on, ...(docker !== undefined && { docker }) };
}

const PLACE = /^[a-z]+\.\d+$/;
