// It is guessed: killed, and the peak was at the limit. The page cache fills every container up to there.
if (!itself && oomKills === 0) return [];
if (itself && oomKills === 0 && memoryPeak !== memoryLimit) return [];
const limit = memoryLimit === undefined ? 'no limit of its own' : `limit ${bytesSize(memoryLimit, ' ')}`;
const peak = memoryPeak === undefined ? '' : `, peak ${bytesSize(memoryPeak, ' ')}`;
const processes = oomKills === 1 ? 'a process was ' : `${oomKills} processes were `;
return [`${itself ? '' : processes}killed: out of memory (${limit}${peak})`];
