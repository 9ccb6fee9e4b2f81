#!/bin/sh
# Makes cgroup v2 usable inside a container (a dev container, docker run --privileged --cgroupns=private). As root:
#
#   sh scripts/delegate-cgroups.sh [/sys/fs/cgroup]
#   sudo sh scripts/delegate-cgroups.sh --to $$
#
# The second is for a machine where systemd gives a user no cgroups. It gives some, of v1 and of v2, to the user of a process (mostly
# a shell), and moves the process into them, with whatever it starts from then on. That user's containers in step 9 can then have
# limits, until the machine is shut down.
#
# What looks like the top of the tree in there is a cgroup like any other, and the container's processes live in it. Such
# a cgroup may pass no controller on to those below (cgroups(7), "no internal processes"): EBUSY for most controllers,
# and for pids EOPNOTSUPP later, when a process is to join. So all of them move to a leaf beside, /init. It may run
# again at any time; processes that start later are born beside those that start them. The containers of every root get what
# is passed on: their cgroups are in "boxstep" or, with --root or BOXSTEP_ROOT, in "boxstep-…", beside /init.
set -eu

say() {
  printf 'delegate-cgroups: %s\n' "$*"
}

# Gives a cgroup to a user, who may then make others in it and move their own processes there.
give() {
  chown "$owner" "$1"
  for file in cgroup.procs cgroup.threads cgroup.subtree_control tasks; do
    if [ -e "$1/$file" ]; then chown "$owner" "$1/$file"; fi
  done
}

# Makes a cgroup in a hierarchy, with one in it that the process goes to: in v2, one that has processes may pass nothing on.
delegate() {
  cgroup=$1/$name
  mkdir -p "$cgroup/shell"
  for part in "$cgroup" "$cgroup/shell"; do
    # A new cpuset of v1 has no processor and no memory, and then takes no process.
    for file in cpuset.cpus cpuset.mems; do
      if [ -e "$part/$file" ] && [ -e "$part/tasks" ] && [ -z "$(cat "$part/$file")" ]; then cat "$part/../$file" >"$part/$file"; fi
    done
    give "$part"
  done
  echo "$pid" >"$cgroup/shell/cgroup.procs"
}

if [ "${1-}" = --to ]; then
  pid=${2:?the number of a process whose user is to have cgroups}
  owner=$(stat -c %u:%g "/proc/$pid")
  name=boxstep-user-${owner%:*}
  given=
  while read -r _ mount type _; do
    case $type in
    cgroup2)
      for controller in $(cat "$mount/cgroup.controllers"); do
        echo "+$controller" >"$mount/cgroup.subtree_control" || say "$controller is not passed on" >&2
      done
      ;;
    cgroup) ;;
    *) continue ;;
    esac
    delegate "$mount"
    given="$given $mount/$name"
  done </proc/mounts
  say "user ${owner%:*} has$given; process $pid is in there"
  exit 0
fi

top=${1:-/sys/fs/cgroup}

# v1 has no such rule; and the true top, which alone has no cgroup.type, may have processes.
if ! [ -e "$top/cgroup.controllers" ] || ! [ -e "$top/cgroup.type" ]; then
  say "nothing to do at $top"
  exit 0
fi

if [ -n "$(cat "$top/cgroup.procs")" ]; then
  # What was passed on already makes a leaf that processes may not join.
  for controller in $(cat "$top/cgroup.subtree_control"); do
    echo "-$controller" >"$top/cgroup.subtree_control"
  done
  mkdir -p "$top/init"
fi

# In rounds: while one is moved, another may be born.
moved=0
rounds=0
while [ -n "$(cat "$top/cgroup.procs")" ] && [ "$rounds" -lt 100 ]; do
  rounds=$((rounds + 1))
  for pid in $(cat "$top/cgroup.procs"); do
    # One that has ended meanwhile needs no moving; 0 is one of another PID namespace.
    if (echo "$pid" >"$top/init/cgroup.procs") 2>/dev/null && [ "$pid" != 0 ]; then moved=$((moved + 1)); fi
  done
done

left=$(wc -l <"$top/cgroup.procs")
if [ "$left" -gt 0 ]; then
  say "$left processes stay at $top: is it mounted read-only, or are they another PID namespace's?" >&2
  exit 1
fi
for controller in $(cat "$top/cgroup.controllers"); do
  echo "+$controller" >"$top/cgroup.subtree_control" || say "$controller is not passed on" >&2
done
say "$moved processes moved to $top/init; passed on: $(cat "$top/cgroup.subtree_control")"
