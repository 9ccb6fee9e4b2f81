import type { Call } from 'shared-native';
import { asText } from 'shared-native';
import { type Answer, ModelError, type State, type Tree, wayTo } from 'shared-native/model';
import type { Deed, Plan } from 'step-01';
import { type Done, inModel } from 'step-01/model';
import { modelledMaps } from '../../../steps/09-users/src/model.ts';
import { hierarchiesOf, MAPS } from '../machine.ts';
import { madeOf } from '../made-of.ts';
import type { Line, Moment, SectionId, Sections, Trace } from '../types.ts';
import { host, panel } from './panel.ts';

/** The user namespace that shows a root filesystem's files with other owners: step 09 opens it before the container is there, as 3. */
const OPEN = { userNamespaces: { 3: modelledMaps(MAPS) } };

/** In what a plan is made. */
interface Setting {
  readonly sections: Sections;
  readonly v1: boolean;
  /** The host's files. */
  readonly tree: Tree;
  /** The places of lines (`setup.0`) that are left out. */
  readonly without: readonly string[];
}

/** Makes a plan in the model of the kernel, and tells what there is after each line. */
export function trace(plan: Plan, { sections, v1, tree, without }: Setting): Trace {
  const chosen = without.flatMap((at) => madeOf(lineAt(sections, at)));
  const left = new Set<unknown>([...chosen, ...plan.program.exec.filter(isQuestion)]);
  const moments = new Map<unknown, Moment>();
  const tell = (of: Call | Deed, state: State, error?: string) =>
    moments.set(of, { groups: panel(state), ...(error && { error }) });
  const run = reduced(plan, left);
  try {
    const { state, after, deeds } = inModel(
      run,
      { hierarchies: hierarchiesOf(v1), tree, ...(plan.namespaces.includes('user') && OPEN) },
      {
        watch: ({ call, error }: Answer, at: State) => tell(call, at, error),
        watchDeed: ({ deed, error }: Done, at: State) => tell(deed, at, error),
      },
    );
    const failed = deeds.find(({ error }) => error);
    const stopped = failed
      ? `the host can’t: ${failed.error}`
      : after?.failed && `${asText(after.failed.call)}: ${after.failed.error}`;
    return {
      moments: byPlace(sections, moments, left),
      end: after?.end ?? 'not started',
      ...(stopped && { stopped }),
      host: host(state),
      wayOut: wayTo(state, '/etc/shadow'),
      last: panel(state),
    };
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    return {
      moments: byPlace(sections, moments, left),
      end: 'unknown',
      stopped: error.message,
      host: [],
      wayOut: undefined,
      last: [],
    };
  }
}

/** What only the runtime reads the answer of, and the model has none to: whether the program is there. */
function isQuestion({ name }: Call): boolean {
  return name === 'faccessat2';
}

function lineAt(sections: Sections, at: string): Line | undefined {
  const [id, nth] = at.split('.') as [SectionId, string];
  return sections[id]?.[Number(nth)];
}

/** The plan without some of its calls, deeds and namespaces. */
function reduced(plan: Plan, left: ReadonlySet<unknown>): Plan {
  if (left.size === 0) return plan;
  const kept = <T>(all: readonly T[]): T[] => all.filter((one) => !left.has(one));
  return {
    ...plan,
    namespaces: kept(plan.namespaces),
    actions: plan.actions.map((action) => ({ ...action, do: kept(action.do) })),
    program: Object.fromEntries(
      Object.entries(plan.program).map(([stage, calls]) => [stage, kept(calls)]),
    ) as unknown as Plan['program'],
  };
}

/** What there is after each line: after its last call, or, where it makes none, what there was before. */
function byPlace(
  sections: Sections,
  moments: ReadonlyMap<unknown, Moment>,
  left: ReadonlySet<unknown>,
): Record<string, Moment> {
  const places: Record<string, Moment> = {};
  for (const [id, lines] of Object.entries(sections)) {
    for (const [nth, line] of lines.entries()) {
      const made = madeOf(line);
      const moment = made.map((one) => moments.get(one)).findLast((one) => one !== undefined);
      if (moment) places[`${id}.${nth}`] = moment;
      else if (made.length > 0 && !made.some((one) => left.has(one))) places[`${id}.${nth}`] = { groups: null };
    }
  }
  return places;
}
