import { runningContainer } from 'step-09';
import { type Facts, factsOf } from './facts.ts';
import { textsOf } from './process.ts';
import { report } from './report.ts';
import type { Wall } from './wall.ts';
import { wallsOf } from './walls.ts';

/** What is known of a running container. */
export interface Audit {
  readonly name: string;
  readonly step: string;
  readonly pid: number;
  readonly facts: Facts;
  readonly walls: readonly Wall[];
}

/** What is known of a container by now. @throws {Error} that says in a sentence why nothing is */
export function auditOf(of: string): Audit {
  const { name, step, pid } = runningContainer(of);
  const facts = factsOf(textsOf(pid));
  return { name, step, pid, facts, walls: wallsOf(facts) };
}

/** The same for a terminal. */
export function asText({ name, step, pid, walls }: Audit): string {
  return report(`${name}: process ${pid}, of ${step}`, walls);
}
