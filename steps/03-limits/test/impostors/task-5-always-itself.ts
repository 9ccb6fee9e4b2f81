// Whoever was killed, it is told as if the container itself had been.
if (oomKills === 0) return [];
const limit = memoryLimit === undefined ? 'no limit of its own' : `limit ${bytesSize(memoryLimit, ' ')}`;
const peak = memoryPeak === undefined ? '' : `, peak ${bytesSize(memoryPeak, ' ')}`;
return [`killed: out of memory (${limit}${peak})`];
