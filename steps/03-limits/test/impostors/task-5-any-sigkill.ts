// Every SIGKILL of the first process is taken for one for want of memory.
if (oomKills === 0 && !itself) return [];
const limit = memoryLimit === undefined ? 'no limit of its own' : `limit ${bytesSize(memoryLimit, ' ')}`;
const peak = memoryPeak === undefined ? '' : `, peak ${bytesSize(memoryPeak, ' ')}`;
const processes = oomKills === 1 ? 'a process was ' : `${oomKills} processes were `;
return [`${itself ? '' : processes}killed: out of memory (${limit}${peak})`];
