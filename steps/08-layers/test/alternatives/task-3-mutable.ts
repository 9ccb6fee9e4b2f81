// A list that grows.
const command: string[] = [];
const isOwn = flags.entrypoint === undefined;
if (isOwn) command.push(...(config.Entrypoint ?? []));
else if (flags.entrypoint) command.push(flags.entrypoint);
command.push(...args);
if (isOwn && args.length === 0) command.push(...(config.Cmd ?? []));
if (command.length < 1) throw new Error('no command');
const volumes: string[] = [];
for (const place in config.Volumes ?? {}) volumes.push(place);
const exposed: string[] = [];
for (const port in config.ExposedPorts ?? {}) exposed.push(port);
return { command, user: flags.user || config.User || '', workdir: flags.workdir ?? config.WorkingDir?.replace(/^$/, '/') ?? '/', env: config.Env ?? [], exposed, volumes };
