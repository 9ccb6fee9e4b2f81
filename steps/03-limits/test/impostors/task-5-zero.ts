// What is not known is told as 0: "peak 0 B", on a kernel that keeps none.
if (oomKills === 0) return [];
const processes = oomKills === 1 ? 'a process was ' : `${oomKills} processes were `;
const limit = `limit ${bytesSize(memoryLimit ?? 0, ' ')}`;
const peak = `peak ${bytesSize(memoryPeak ?? 0, ' ')}`;
return [`${itself ? '' : processes}killed: out of memory (${limit}, ${peak})`];
