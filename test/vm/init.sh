#!/bin/sh
# PID 1 of a guest. Its root is the host's, read-only; it lays an overlay over that and becomes session.sh there.
set -e
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
JOB=${0%/*}
for setting in DIRECTORY MODULES BUSYBOX CACHE; do eval "$setting=\$(cat '$JOB/$setting')"; done
ROOT=/mnt/root

load() { "$BUSYBOX" insmod "$(find "$MODULES" -name "$1.ko")"; }

mount -t proc proc /proc
mount -t devtmpfs dev /dev 2>/dev/null || : # the kernel may have done that
if [ -e /dev/ubda ]; then
  disk=/dev/ubda out=/dev/tty1 err=/dev/tty2
  mount_job() { mount -t hostfs -o "/vm/job" job "$1"; }
else
  load virtio_blk
  disk=/dev/vda out=$(echo /dev/vport*p1) err=$(echo /dev/vport*p2)
  mount_job() { mount -t virtiofs job "$1"; }
fi
load overlay
mount -t tmpfs tmpfs /mnt
mkdir /mnt/disk "$ROOT"
mount -t ext4 "$disk" /mnt/disk
cd /mnt/disk
mkdir upper work own own-work tmp cache
chmod 1777 tmp
mount -t overlay root -o lowerdir=/,upperdir=upper,workdir=work "$ROOT"
mount --bind tmp "$ROOT/tmp"
mount --bind tmp "$ROOT/var/tmp"
mount -t tmpfs run "$ROOT/run"
# The working directory may be below /tmp or on a mount of its own.
mkdir -p "$ROOT$DIRECTORY"
mount -t overlay directory -o "lowerdir=$DIRECTORY,upperdir=own,workdir=own-work" "$ROOT$DIRECTORY"
# Root filesystems are on the guest's own disk, which can be throttled. One that is being made elsewhere will have another name.
for rootfs in "$CACHE"/rootfs-*; do
  case $rootfs in *.making-*) continue ;; esac
  [ ! -d "$rootfs/usr" ] || cp -a "$rootfs" cache/
done
mount --bind cache "$ROOT$CACHE"
# What has been compiled so far, where no other run changes it (vitest.config.ts). A file that disappears while it is copied,
# because tests run on the host as well, is compiled anew.
compiled="$DIRECTORY/node_modules/.vitest-cache"
[ ! -d "$compiled" ] || cp -a "$compiled" tmp/vitest-cache || :

# User-mode Linux 7.2 panics when a process ends that had an io_uring: Node does without.
[ ! -e /proc/sys/kernel/io_uring_disabled ] || echo 2 >/proc/sys/kernel/io_uring_disabled
cd "$ROOT"
mount -t proc proc proc
mount -t sysfs sysfs sys
mount -t devtmpfs dev dev
mkdir -p dev/pts dev/shm dev/mqueue
mount -t devpts -o newinstance,ptmxmode=666,mode=620,gid=5 devpts dev/pts
mount --bind dev/pts/ptmx dev/ptmx
mount -t tmpfs -o mode=1777 shm dev/shm
mount -t mqueue mqueue dev/mqueue
ln -sfn /proc/self/fd dev/fd
ln -sfn /proc/self/fd/0 dev/stdin
ln -sfn /proc/self/fd/1 dev/stdout
ln -sfn /proc/self/fd/2 dev/stderr
mount -t cgroup2 -o nsdelegate,memory_recursiveprot cgroup2 sys/fs/cgroup
modules=lib/modules/$(uname -r)
mkdir -p "$modules"
mount --bind "$MODULES" "$modules"
mkdir run/job run/vm run/old run/modules
mount_job run/job
mount --bind run/job/out run/vm
cp "$BUSYBOX" run/busybox

pivot_root . run/old
chroot . /bin/bash /run/job/session.sh "$out" "$err" </dev/null || :
exec chroot . /run/busybox poweroff -f
