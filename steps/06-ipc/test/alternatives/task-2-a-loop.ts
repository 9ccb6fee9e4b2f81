// A loop that collects.
const found: Namespace[] = [];
for (const kind of KINDS) {
  const [there, here] = [theirs[kind], ours[kind]];
  if (there && here && there !== here) found.push(kind);
}
return found;
