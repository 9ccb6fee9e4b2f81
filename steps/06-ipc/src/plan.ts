import * as previous from 'step-05';
import { extend, type Plan } from 'step-05';
import type { Options } from './options.ts';

export function plan(options: Options): Plan {
  return extend(previous.plan(options), 'step-06', {});
}
