import type { RestartPolicy } from '../containers/record.ts';

const NAMES: readonly string[] = ['no', 'always', 'on-failure', 'unless-stopped'] satisfies RestartPolicy['name'][];

/** The value of --restart: a policy, or `on-failure:3`. @throws {Error} in docker's words */
export function restartPolicy(text: string): RestartPolicy {
  const [name = '', ...rest] = text.split(':');
  const [count] = rest;
  const wrong = (why: string) => new Error(`invalid restart policy${why}`);
  if (rest.length > 1 || (count !== undefined && !/^[+-]?\d+$/.test(count)))
    throw wrong(' format: maximum retry count must be an integer');
  const policy = { name: (name || 'no') as RestartPolicy['name'], maximumRetryCount: Number(count ?? 0) };
  if (!NAMES.includes(policy.name))
    throw wrong(`: unknown policy '${name}'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'`);
  if (policy.maximumRetryCount !== 0 && name !== 'on-failure')
    throw wrong(": maximum retry count can only be used with 'on-failure'");
  if (policy.maximumRetryCount < 0) throw wrong(': maximum retry count cannot be negative');
  return policy;
}
