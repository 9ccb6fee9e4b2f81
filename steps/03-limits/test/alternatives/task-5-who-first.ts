// Who first, then what.
const many = oomKills > 1;
const who = itself ? 'killed' : `${many ? oomKills : 'a'} process${many ? 'es were' : ' was'} killed`;
const size = (bytes: number) => bytesSize(bytes, ' ');
const limit = memoryLimit !== undefined ? `limit ${size(memoryLimit)}` : 'no limit of its own';
return oomKills > 0 ? [`${who}: out of memory (${memoryPeak === undefined ? limit : `${limit}, peak ${size(memoryPeak)}`})`] : [];
