// Parts of a sentence, joined.
if (!oomKills) return [];
const parts = [memoryLimit === undefined ? 'no limit of its own' : `limit ${bytesSize(memoryLimit, ' ')}`];
if (memoryPeak !== undefined) parts.push(`peak ${bytesSize(memoryPeak, ' ')}`);
const who = itself ? [] : [oomKills > 1 ? `${oomKills} processes were` : 'a process was'];
return [[...who, `killed: out of memory (${parts.join(', ')})`].join(' ')];
