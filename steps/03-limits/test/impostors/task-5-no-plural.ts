// However many were killed, it is told of one.
if (oomKills === 0) return [];
const limit = memoryLimit === undefined ? 'no limit of its own' : `limit ${bytesSize(memoryLimit, ' ')}`;
const peak = memoryPeak === undefined ? '' : `, peak ${bytesSize(memoryPeak, ' ')}`;
return [`${itself ? '' : 'a process was '}killed: out of memory (${limit}${peak})`];
