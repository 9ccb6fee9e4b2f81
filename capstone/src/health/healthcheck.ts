/** How a container is asked whether it is well, as docker's API has it. Times are nanoseconds; 0 stands for the default. */
export interface Healthcheck {
  /** `["NONE"]`, `["CMD", …]`, or `["CMD-SHELL", …]`. */
  readonly Test?: readonly string[];
  readonly Interval?: number;
  readonly Timeout?: number;
  readonly StartPeriod?: number;
  readonly StartInterval?: number;
  readonly Retries?: number;
}
