import * as previous from 'step-09';
import { extend, type Plan } from 'step-09';
import type { Options } from './options.ts';

export function plan(options: Options): Plan {
  return extend(previous.plan(options), 'step-10', {});
}
