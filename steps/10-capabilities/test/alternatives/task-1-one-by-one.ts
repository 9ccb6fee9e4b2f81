// Each capability is asked by itself.
const isAll = privileged || add.includes('ALL');
return (isAll ? here : CAPABILITIES).filter((name) => {
  if (privileged) return true;
  if (isAll) return !drop.includes(name);
  if (add.includes(name)) return true;
  return !drop.includes('ALL') && !drop.includes(name) && DEFAULT.includes(name);
});
