// The upper one first, an option more that changes nothing here, and the source named.
const context = fsopen('overlay', FSOPEN_CLOEXEC);
const calls: Call[] = [context, fsconfigSetString(context, 'source', 'overlay')];
if (upper !== undefined && work !== undefined) calls.push(...option(context, 'workdir', work), ...option(context, 'upperdir', upper));
for (const lower of lowers) calls.push(...option(context, 'lowerdir+', lower));
calls.push(fsconfigSetString(context, 'metacopy', 'off'), fsconfigCreate(context));
return [...calls, fsmount(context, FSMOUNT_CLOEXEC)];
