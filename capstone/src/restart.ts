import type { RestartPolicy } from './containers/record.ts';

/** The value of --restart. @throws {Error} in docker's words */
export function restartPolicy(text: string): RestartPolicy {
  const [name = '', count, ...more] = text.split(':');
  if (more.length > 0 || count === '')
    throw new Error('invalid restart policy format: maximum retry count must be an integer');
  if (count !== undefined && !/^[+-]?\d+$/.test(count))
    throw new Error('invalid restart policy format: maximum retry count must be an integer');
  const maximumRetryCount = Number(count ?? 0);
  if (name !== '' && name !== 'no' && name !== 'on-failure' && name !== 'always' && name !== 'unless-stopped')
    throw new Error(
      `invalid restart policy: unknown policy '${name}'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'`,
    );
  if (count !== undefined && name !== 'on-failure')
    throw new Error("invalid restart policy: maximum retry count can only be used with 'on-failure'");
  if (maximumRetryCount < 0) throw new Error('invalid restart policy: maximum retry count cannot be negative');
  return { name: name === '' ? 'no' : name, maximumRetryCount };
}
