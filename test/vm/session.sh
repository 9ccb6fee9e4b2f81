# In a guest's root: makes it a running system, then runs the command: session.sh STDOUT STDERR.
cd / && umount -l /run/old && rmdir /run/old
for terminal in "$1" "$2"; do stty -F "$terminal" -opost 2>/dev/null; done
hostname vm
ip link set lo up
mount --make-rshared /
# The kernel loads veth, nf_tables and the like by itself.
printf '#!/bin/sh\nexec /run/busybox modprobe "$@"\n' >/run/modprobe
chmod +x /run/modprobe
echo /run/modprobe >/proc/sys/kernel/modprobe
# BFQ divides a disk's time by weight. The one of user-mode Linux knows no groups, and so has no weights.
disk=/sys/block/vda
if [ -e "$disk" ] && /run/modprobe bfq; then echo bfq >"$disk/queue/scheduler"; fi
for controller in $(cat /sys/fs/cgroup/cgroup.controllers); do
  echo "+$controller" >/sys/fs/cgroup/cgroup.subtree_control
done
exec 8>"$1" 9>"$2"
cd /
{
  env -i PATH="$PATH" HOME=/root TERM=xterm LANG=C.UTF-8 setsid -w bash /run/job/script \
    </dev/null 2>&7 7>&- 8>&- 9>&- | cat >&8
  echo "${PIPESTATUS[0]}" >/run/job/status
} 7>&1 | cat >&9
sync
