// Where there is nothing to run, a shell is run.
const replaced = flags.entrypoint !== undefined;
const entrypoint = replaced ? [flags.entrypoint].filter(Boolean) : (config.Entrypoint ?? []);
const rest = args.length > 0 || replaced ? args : (config.Cmd ?? []);
const command = [...entrypoint, ...rest] as string[];
return {
  command: command.length === 0 ? ['sh'] : command,
  user: flags.user || config.User || '',
  workdir: flags.workdir ?? (config.WorkingDir || '/'),
  env: config.Env ?? [],
  exposed: Object.keys(config.ExposedPorts ?? {}),
  volumes: Object.keys(config.Volumes ?? {}),
};
