// By early returns.
if (oomKills < 1) return [];
let line = 'killed: out of memory (';
line += memoryLimit === undefined ? 'no limit of its own' : `limit ${bytesSize(memoryLimit, ' ')}`;
if (memoryPeak !== undefined) line += `, peak ${bytesSize(memoryPeak, ' ')}`;
line += ')';
if (itself) return [line];
return [oomKills === 1 ? `a process was ${line}` : `${oomKills} processes were ${line}`];
