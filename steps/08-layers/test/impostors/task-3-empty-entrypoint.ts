// An empty entrypoint is taken for none given: the image's is run.
const entrypoint = flags.entrypoint ? [flags.entrypoint] : (config.Entrypoint ?? []);
const rest = args.length > 0 || flags.entrypoint ? args : (config.Cmd ?? []);
const command = [...entrypoint, ...rest];
if (command.length === 0) throw new Error('no command specified');
return {
  command,
  user: flags.user || config.User || '',
  workdir: flags.workdir ?? (config.WorkingDir || '/'),
  env: config.Env ?? [],
  exposed: Object.keys(config.ExposedPorts ?? {}),
  volumes: Object.keys(config.Volumes ?? {}),
};
