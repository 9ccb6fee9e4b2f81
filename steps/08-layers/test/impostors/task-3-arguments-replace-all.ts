// Arguments stand in for Entrypoint as well.
const replaced = flags.entrypoint !== undefined;
const entrypoint = replaced ? [flags.entrypoint].filter(Boolean) : (config.Entrypoint ?? []);
const command = (args.length > 0 && !replaced ? args : [...entrypoint, ...(replaced ? args : (config.Cmd ?? []))]) as string[];
if (command.length === 0) throw new Error('no command specified');
return {
  command,
  user: flags.user || config.User || '',
  workdir: flags.workdir ?? (config.WorkingDir || '/'),
  env: config.Env ?? [],
  exposed: Object.keys(config.ExposedPorts ?? {}),
  volumes: Object.keys(config.Volumes ?? {}),
};
