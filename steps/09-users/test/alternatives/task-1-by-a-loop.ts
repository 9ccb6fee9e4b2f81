// One line after another.
for (const line of map) {
  const nth = id - line.inside;
  if (nth >= 0 && nth < line.count) return line.outside + nth;
}
return undefined;
