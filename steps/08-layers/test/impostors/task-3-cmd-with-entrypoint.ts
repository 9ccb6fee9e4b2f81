// Another entrypoint still gets the image's Cmd.
const entrypoint = flags.entrypoint ? [flags.entrypoint] : flags.entrypoint === '' ? [] : (config.Entrypoint ?? []);
const command = [...entrypoint, ...(args.length > 0 ? args : (config.Cmd ?? []))];
if (command.length === 0) throw new Error('no command specified');
return {
  command,
  user: flags.user || config.User || '',
  workdir: flags.workdir ?? (config.WorkingDir || '/'),
  env: config.Env ?? [],
  exposed: Object.keys(config.ExposedPorts ?? {}),
  volumes: Object.keys(config.Volumes ?? {}),
};
