// It is told only of the first process: that the kernel killed one of its children, nobody hears.
if (oomKills === 0 || !itself) return [];
const limit = memoryLimit === undefined ? 'no limit of its own' : `limit ${bytesSize(memoryLimit, ' ')}`;
const peak = memoryPeak === undefined ? '' : `, peak ${bytesSize(memoryPeak, ' ')}`;
return [`killed: out of memory (${limit}${peak})`];
