import type { Command } from 'commander';
import { integer } from 'step-10';
import { nanoseconds } from './duration.ts';
import type { Healthcheck } from './healthcheck.ts';

/** The flags about a container's health, as commander gives them: times in nanoseconds. */
export interface HealthFlags {
  /** False for `--no-healthcheck`. */
  readonly healthcheck?: boolean;
  readonly healthCmd?: string;
  readonly healthInterval?: number;
  readonly healthRetries?: number;
  readonly healthStartInterval?: number;
  readonly healthStartPeriod?: number;
  readonly healthTimeout?: number;
}

/** The shortest time, in nanoseconds. */
const MILLISECOND = 1_000_000;

/** Adds the flags to a command. */
export function healthFlags(command: Command): Command {
  return command
    .option('--health-cmd <command>', 'a shell command that checks whether it is healthy')
    .option('--health-interval <time>', 'the time between two checks (default: 30s)', nanoseconds)
    .option('--health-retries <number>', 'failures in a row until it is unhealthy (default: 3)', (text) =>
      integer(text, '--health-retries to be a number'),
    )
    .option('--health-start-interval <time>', 'the same while it starts (default: 5s)', nanoseconds)
    .option('--health-start-period <time>', 'in which failures don’t count (default: 0s)', nanoseconds)
    .option('--health-timeout <time>', 'the longest that a check may take (default: 30s)', nanoseconds)
    .option('--no-healthcheck', 'don’t check, whatever the image says');
}

/**
 * How a container is to be asked whether it is well: what flags don't say, its image does.
 *
 * @returns undefined if nobody says how
 * @throws {Error} in docker's words, for a number below 0, and for flags that contradict each other
 */
export function healthcheckOf(flags: HealthFlags, image?: Healthcheck): Healthcheck | undefined {
  const given = givenBy(flags);
  if (flags.healthcheck === false) {
    if (Object.keys(given).length > 0) throw new Error('--no-healthcheck conflicts with --health-* options');
    return { Test: ['NONE'] };
  }
  const all = { ...image, ...given };
  return all.Test && all.Test.length > 0 ? all : undefined;
}

function givenBy(flags: HealthFlags): Healthcheck {
  const { healthCmd, healthInterval, healthRetries, healthStartInterval, healthStartPeriod, healthTimeout } = flags;
  const numbers = { healthInterval, healthRetries, healthStartInterval, healthStartPeriod, healthTimeout };
  const [wrong] = Object.entries(numbers).find(([, value]) => (value ?? 0) < 0) ?? [];
  if (wrong !== undefined)
    throw new Error(`--${wrong.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} cannot be negative`);
  const short = Object.entries({ healthInterval, healthStartInterval, healthStartPeriod, healthTimeout });
  const [tooShort] = short.find(([, value]) => value && value < MILLISECOND) ?? [];
  if (tooShort !== undefined) throw new Error(`${tooShort.slice(6)} in Healthcheck cannot be less than 1ms`);
  return {
    ...(healthCmd && { Test: ['CMD-SHELL', healthCmd] }),
    ...(healthInterval && { Interval: healthInterval }),
    ...(healthTimeout && { Timeout: healthTimeout }),
    ...(healthStartPeriod && { StartPeriod: healthStartPeriod }),
    ...(healthStartInterval && { StartInterval: healthStartInterval }),
    ...(healthRetries && { Retries: healthRetries }),
  };
}
