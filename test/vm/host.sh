# The host's side of a guest (run.ts starts it), in mount and PID namespaces of its own: whatever ends this shell ends
# all of it. Descriptors: 1 and 2 are the command's, 3 is the guest's console, 4 takes the command's exit status.
set -eu
exec 5>&1 6>&2 1>&3 2>&3 3>&-

# All that is written is in memory, at a place that nobody else sees. $RUN/job is what the guest gets.
mount -t tmpfs -o mode=755,size=90% boxstep "$RUN"
mkdir "$RUN/job" "$RUN/job/out" "$RUN/root" "$RUN/uml"
if [ -n "$OUT" ]; then mount --bind "$OUT" "$RUN/job/out"; fi
printf '%s' "$SCRIPT" >"$RUN/job/script"
cp "$HERE/init.sh" "$HERE/session.sh" "$RUN/job/"
chmod 755 "$RUN/job/init.sh"
for setting in DIRECTORY MODULES BUSYBOX CACHE; do
  eval "printf '%s' \"\$$setting\"" >"$RUN/job/$setting"
done
truncate -s 3G "$RUN/disk"
"$BUSYBOX" mke2fs -F -i 16384 "$RUN/disk" >/dev/null

# User-mode Linux in a root of its own: this machine's as /host, which can't be written to, and the C library that it
# needs. One CPU: being moved between two costs it a factor of 3 to 6. That CPU is its own, before whatever else is tested:
# it has the most to do, and each change to another process costs it twice.
uml() {
  cd "$RUN/root"
  mkdir host vm proc dev tmp lib64 lib
  mount --rbind "$RUN" vm
  mount --rbind / host
  mount -o remount,bind,ro host
  mount --rbind /proc proc
  mount --rbind /dev dev
  own=$FOLDER/usr/lib/x86_64-linux-gnu # its release's C library, if that isn't this machine's
  if [ -e "$own/libc.so.6" ]; then
    cp "$own"/*.so* lib/
    cp "$own/ld-linux-x86-64.so.2" lib64/
  else
    # ldd names the files: "libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x…)", "/lib64/ld-linux-x86-64.so.2 (0x…)".
    ldd "$KERNEL" | while read -r name arrow path rest; do
      case $name in
      /*) cp "$name" lib64/ ;;
      lib*) cp "$path" lib/ ;;
      esac
    done
  fi
  cpu=$(sed -n 's/^Cpus_allowed_list:.*[-,[:blank:]]//p' /proc/self/status) # the last that we may use
  echo -10 2>/dev/null >/proc/self/autogroup || : # where the kernel divides time by session first
  TMPDIR=/tmp LD_LIBRARY_PATH=/lib nice -n -10 taskset -c "$cpu" chroot . "/host$KERNEL" \
    mem="$MEMORY" ubda=/vm/disk rootfstype=hostfs rootflags=/host ro init="$RUN/job/init.sh" quiet \
    seccomp=auto con=null con0=null,fd:2 con1=null,fd:5 con2=null,fd:6 umid=vm uml_dir=/vm/uml/
}

# A PC whose root is this machine's files through virtiofs, from a process that can write to none of them.
pc() {
  libraries=$FOLDER/usr/lib/x86_64-linux-gnu:$FOLDER/lib/x86_64-linux-gnu
  cd "$RUN"
  mount -t tmpfs run /run # virtiofsd keeps its pid file there
  mount -o remount,bind,ro /
  for daemon in "$FOLDER"/usr/lib/qemu/virtiofsd "$FOLDER"/usr/libexec/virtiofsd; do [ ! -x "$daemon" ] || break; done
  LD_LIBRARY_PATH=$libraries "$daemon" --socket-path="$RUN/root.sock" -o source=/ -o sandbox=chroot -o cache=always &
  LD_LIBRARY_PATH=$libraries "$daemon" --socket-path="$RUN/job.sock" -o source="$RUN/job" -o sandbox=chroot &
  mkfifo out err serial
  cat out >&5 &
  cat err >&6 &
  cat serial &
  until [ -S root.sock ] && [ -S job.sock ]; do sleep 0.1; done
  LD_LIBRARY_PATH=$libraries "$FOLDER/usr/bin/qemu-system-x86_64" \
    -L "$FOLDER/usr/share/qemu" -L "$FOLDER/usr/share/seabios" -nodefaults -display none -no-reboot \
    -accel tcg,thread=single,tb-size=512 -smp 1 -cpu max -M q35,hpet=off -m "$MEMORY" \
    -object memory-backend-memfd,id=memory,size="$MEMORY",share=on -numa node,memdev=memory \
    -chardev socket,id=root,path=root.sock -device vhost-user-fs-pci,chardev=root,tag=root \
    -chardev socket,id=job,path=job.sock -device vhost-user-fs-pci,chardev=job,tag=job \
    -drive file=disk,format=raw,if=none,id=disk,cache=unsafe -device virtio-blk-pci,drive=disk \
    -device virtio-serial-pci -chardev file,id=out,path=out -device virtserialport,chardev=out,nr=1 \
    -chardev file,id=err,path=err -device virtserialport,chardev=err,nr=2 -serial file:serial \
    -kernel "$KERNEL" -append "console=ttyS0 quiet panic=-1 mitigations=off tsc=reliable \
      rootfstype=virtiofs root=root ro init=$RUN/job/init.sh" </dev/null || :
  wait %3 %4 %5 # what was still in the pipes
}

case $KIND in
uml) uml ;;
qemu) pc ;;
esac || echo "the guest's program ended with status $?"
if [ -s "$RUN/job/status" ]; then echo "exit $(cat "$RUN/job/status")" >&4; fi
