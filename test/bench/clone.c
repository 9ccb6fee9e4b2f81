// What the bench measures itself against: the calls of step 01's container, made by C in a loop.
//
//   clone ROOTFS HOSTNAME HIERARCHY VERSION NAME PIDS_MAX
//
// It reads lines "VARIANT N" and answers each with one line: the nanoseconds of N containers, from the first call to
// the last. VARIANT is `clone` (CLONE_VM on a stack of its own, as shared-native does it), `fork` (the same without
// CLONE_VM, so that the kernel copies the page tables), `cgroup` (`clone`, in a cgroup that is made and removed), or
// `journal` (that, with a locked file that says how to undo it, as step 01's engine keeps it).

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char *rootfs, *hostname, *hierarchy, *pids_max;
static char parent[PATH_MAX], cgroup[PATH_MAX], journal[PATH_MAX], host[80];
static int version, gate[2];
static char stack[65536] __attribute__((aligned(4096)));

static const int SIGNALS[] = {SIGHUP,  SIGINT,  SIGQUIT, SIGILL,  SIGTRAP, SIGABRT, SIGBUS,  SIGFPE,    SIGUSR1, SIGSEGV,
                              SIGUSR2, SIGPIPE, SIGALRM, SIGTERM, SIGCHLD, SIGCONT, SIGTSTP, SIGTTIN,   SIGTTOU, SIGURG,
                              SIGXCPU, SIGXFSZ, SIGVTALRM, SIGPROF, SIGWINCH, SIGIO, SIGPWR, SIGSYS};
static char *const ARGV[] = {"/bin/true", NULL};
static char *const ENVP[] = {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", host, "TERM=xterm",
                             "HOME=/root", NULL};

static void fail(const char *what) {
  fprintf(stderr, "%s: %s\n", what, strerror(errno));
  exit(1);
}

#define STEP(call) do { if ((call) < 0) _exit(127); } while (0)

// The program: line by line what `boxstep 1 plan /bin/true` prints, after the three calls of the gate.
static int program(void *unused) {
  (void)unused;
  char byte;
  const struct { void *handler; unsigned long flags; void *restorer; uint64_t mask; } by_default = {0};
  const uint64_t none = 0;
  STEP(close(gate[1]));
  STEP(prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0));
  if (read(gate[0], &byte, 1) < 1) _exit(127);
  STEP(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
  STEP(sethostname(hostname, strlen(hostname)));
  STEP(chroot(rootfs));
  STEP(chdir("/"));
  STEP(mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL));
  STEP(setsid());
  for (int fd = 0; fd < 3; fd++) STEP(fcntl(fd, F_SETFD, 0));
  STEP(syscall(SYS_close_range, 3, ~0U, 4 /* CLOSE_RANGE_CLOEXEC */));
  STEP(umask(022));
  for (size_t i = 0; i < sizeof SIGNALS / sizeof *SIGNALS; i++) STEP(syscall(SYS_rt_sigaction, SIGNALS[i], &by_default, NULL, 8));
  STEP(syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, 8));
  execve(ARGV[0], ARGV, ENVP);
  _exit(127);
}

static void put(const char *directory, const char *file, const char *text) {
  char path[2 * PATH_MAX];
  snprintf(path, sizeof path, "%s/%s", directory, file);
  int fd = open(path, O_RDWR | O_CLOEXEC);
  if (fd < 0 || write(fd, text, strlen(text)) < 0) fail(path);
  close(fd);
}

static void make_cgroup(void) {
  mkdir(parent, 0777);
  if (mkdir(cgroup, 0777) < 0) fail(cgroup);
  if (version == 2) {
    put(hierarchy, "cgroup.subtree_control", "+pids");
    put(parent, "cgroup.subtree_control", "+pids");
  }
  put(cgroup, "pids.max", pids_max);
}

static void remove_cgroup(void) {
  while (rmdir(cgroup) < 0)
    if (errno != EBUSY) fail(cgroup);
  rmdir(parent);
}

static int open_journal(void) {
  struct stat mine, there;
  char left[8192], text[2 * PATH_MAX];
  mkdir("/run/boxstep", 0755);
  int fd = open(journal, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) < 0 || fstat(fd, &mine) < 0 || stat(journal, &there) < 0) fail(journal);
  int length = snprintf(text, sizeof text, "[{\"deed\":\"remove-cgroup\",\"path\":\"%s\"}]", cgroup);
  if (read(fd, left, sizeof left) < 0 || ftruncate(fd, 0) < 0 || write(fd, text, length) < 0) fail(journal);
  return fd;
}

static void container(int shared_memory, int in_cgroup, int journaled) {
  sigset_t all, before;
  char text[32];
  int status, pidfd, written = journaled ? open_journal() : -1;
  if (in_cgroup) make_cgroup();
  if (pipe2(gate, O_CLOEXEC) < 0) fail("pipe2");
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int flags = (shared_memory ? CLONE_VM : 0) | CLONE_PIDFD | SIGCHLD | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWUTS;
  int pid = clone(program, stack + sizeof stack, flags, NULL, &pidfd);
  if (pid < 0) fail("clone");
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  close(gate[0]);
  if (in_cgroup) {
    snprintf(text, sizeof text, "%d", pid);
    put(cgroup, "cgroup.procs", text);
  }
  if (write(gate[1], "x", 1) < 1) fail("write");
  close(gate[1]);
  if (waitpid(pid, &status, 0) != pid) fail("waitpid");
  close(pidfd);
  if (in_cgroup) remove_cgroup();
  if (journaled) unlink(journal), close(written);
  if (status != 0) fprintf(stderr, "a container ended with wait status %#x\n", status), exit(1);
}

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

int main(int argc, char **argv) {
  char variant[16];
  int times;
  if (argc != 7) return fprintf(stderr, "usage: clone ROOTFS HOSTNAME HIERARCHY VERSION NAME PIDS_MAX\n"), 1;
  rootfs = argv[1], hostname = argv[2], hierarchy = argv[3], version = atoi(argv[4]), pids_max = argv[6];
  snprintf(host, sizeof host, "HOSTNAME=%s", hostname);
  snprintf(parent, sizeof parent, "%s/boxstep", hierarchy);
  snprintf(cgroup, sizeof cgroup, "%s/boxstep/%s", hierarchy, argv[5]);
  snprintf(journal, sizeof journal, "/run/boxstep/%s", argv[5]);
  while (scanf("%15s %d", variant, &times) == 2) {
    for (int i = 0; i < times; i++) {
      int64_t begin = now();
      int journaled = strcmp(variant, "journal") == 0;
      container(strcmp(variant, "fork") != 0, journaled || strcmp(variant, "cgroup") == 0, journaled);
      printf("%lld ", (long long)(now() - begin));
    }
    printf("\n");
    fflush(stdout);
  }
  return 0;
}
