import * as previous from 'step-08';
import { extend, type Plan } from 'step-08';
import type { Options } from './options.ts';

export function plan(options: Options): Plan {
  return extend(previous.plan(options), 'step-09', {});
}
