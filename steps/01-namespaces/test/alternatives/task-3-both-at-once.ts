// With a line's end, as echo writes it, and the root once more in the end.
const { version, mount, parent } = hierarchy;
const places = version === 2 ? [mount, parent, mount] : [];
return places.map((place) => write(`+${controller}\n`, join(place, 'cgroup.subtree_control')));
