// The last line that begins at or before the id is the only one that can have it.
const line = [...map].sort((one, other) => other.inside - one.inside).find((one) => one.inside <= id);
if (!line || id >= line.inside + line.count) return undefined;
return id + (line.outside - line.inside);
