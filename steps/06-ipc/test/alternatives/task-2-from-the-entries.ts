// From the entries of theirs.
return Object.entries(theirs)
  .filter(([kind, id]) => id !== undefined && ![undefined, id].includes(ours[kind as Namespace]))
  .map(([kind]) => kind as Namespace);
