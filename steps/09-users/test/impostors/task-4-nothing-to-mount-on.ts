// No file is made at the target: ENOENT.
return [mount(path.slice(1), target, null, MS_BIND)];
