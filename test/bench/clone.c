// What the bench measures itself against: the calls of a plan, made by C in a loop. c-source.ts writes them to plan.h.
//
// It reads lines "VARIANT N" and answers each with one line: the nanoseconds of N containers, from the first call to
// the last. VARIANT is `clone` (CLONE_VM on a stack of its own, as shared-native does it), `fork` (the same without
// CLONE_VM, so that the kernel copies the page tables), `host` (`clone`, with what the host does around it: cgroups that
// are made and removed), or `journal` (that, with a locked file that says how to undo it, as step 01's engine keeps it).

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int gate[2], lifeline[2], has_lifeline;
static char stack[65536] __attribute__((aligned(4096)));

static void fail(const char *what) {
  fprintf(stderr, "%s: %s\n", what, strerror(errno));
  exit(1);
}

static void make_directory(const char *path) {
  if (mkdir(path, 0777) == 0 || errno == EEXIST) return;
  if (errno != ENOENT) fail(path);
  char above[PATH_MAX];
  snprintf(above, sizeof above, "%s", path);
  *strrchr(above, '/') = '\0';
  make_directory(above);
  make_directory(path);
}

static void put(const char *text, const char *path) {
  int fd = open(path, O_RDWR | O_CLOEXEC);
  if (fd < 0 || write(fd, text, strlen(text)) < 0) fail(path);
  close(fd);
}

static void put_pid(pid_t pid, const char *path) {
  char text[32];
  snprintf(text, sizeof text, "%d", pid);
  put(text, path);
}

static void take(const char *path) {
  char text[8192];
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  while (read(fd, text, sizeof text) > 0) {}
  close(fd);
}

static void remove_cgroup(const char *path) {
  while (rmdir(path) < 0 && errno != ENOENT)
    if (errno != EBUSY) fail(path);
}

static void new_file(const char *text, const char *path) {
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0 || write(fd, text, strlen(text)) < 0) fail(path);
  close(fd);
}

static int remove_one(const char *path, const struct stat *what, int type, struct FTW *where) {
  (void)what, (void)type, (void)where;
  return remove(path);
}

static void remove_directory(const char *path) { nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS); }

// As step 08's make-container.
static void make_container(const char *directory, const char *record) {
  static const char *const own[] = {"upper", "work", "merged"};
  char path[PATH_MAX];
  remove_directory(directory);
  snprintf(path, sizeof path, "%s", directory);
  *strrchr(path, '/') = '\0';
  make_directory(path);
  if (mkdir(directory, 0700) < 0) fail(directory);
  for (int nth = 0; nth < 3; nth++) {
    snprintf(path, sizeof path, "%s/%s", directory, own[nth]);
    if (mkdir(path, 0755) < 0) fail(path);
  }
  snprintf(path, sizeof path, "%s/config.json", directory);
  new_file(record, path);
}

static void give(const char *path, uid_t uid, gid_t gid) {
  if (chown(path, uid, gid) < 0) fail(path);
}

static pid_t begin_map(const char *program, pid_t pid, const char *const map[]) {
  char number[16];
  const char *argv[64] = {program, number};
  pid_t child;
  snprintf(number, sizeof number, "%d", pid);
  for (int nth = 0; nth < 60 && map[nth]; nth++) argv[2 + nth] = map[nth];
  if (posix_spawnp(&child, program, NULL, NULL, (char *const *)argv, environ) != 0) fail(program);
  return child;
}

// As step 09's new-maps: both at once.
static void new_maps(pid_t pid, const char *const uids[], const char *const gids[]) {
  pid_t children[2] = {begin_map("newuidmap", pid, uids), begin_map("newgidmap", pid, gids)};
  for (int nth = 0; nth < 2; nth++) {
    int status;
    if (waitpid(children[nth], &status, 0) != children[nth] || status != 0) fail("newuidmap or newgidmap");
  }
}

// As step 09's open-namespace, for the sake of its time: nobody enters.
static void open_namespace(pid_t pid) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/ns/user", pid);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) fail(path);
  close(fd);
}

static const char *of_process(const char *format, pid_t pid) {
  static char path[PATH_MAX];
  snprintf(path, sizeof path, format, pid);
  return path;
}

// As step 05's setVariable: written only where it has another value.
static void set_variable(const char *value, const char *path) {
  char now[32] = "";
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0 || read(fd, now, sizeof now - 1) < 0) fail(path);
  close(fd);
  if (strncmp(now, value, strlen(value)) != 0 || now[strlen(value)] != '\n') put(value, path);
}

static int rtnetlink(void) {
  int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 0);
  if (fd < 0) fail("socket");
  return fd;
}

static void put_number(unsigned char *at, uint32_t number) { memcpy(at, &number, sizeof number); }

static void put_index(unsigned char *at, int socket, const char *name) {
  struct ifreq request = {0};
  snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
  if (ioctl(socket, SIOCGIFINDEX, &request) < 0) fail(name);
  put_number(at, (uint32_t)request.ifr_ifindex);
}

// Sends a message that asks for an answer, and closes the socket. `fine`: an error that is none.
static void tell(int socket, const unsigned char *message, size_t length, int fine) {
  unsigned char answer[1024];
  int error;
  if (sendto(socket, message, length, 0, NULL, 0) < 0 || recv(socket, answer, sizeof answer, 0) < 0) fail("rtnetlink");
  memcpy(&error, answer + sizeof(struct nlmsghdr), sizeof error);
  errno = -error;
  if (error != 0 && errno != fine) fail("rtnetlink");
  close(socket);
}

// libnftables, in a context that is made for each transaction, as shared-native does. @returns what it said of an error
static int nft(const char *commands) {
  static void *(*make)(uint32_t);
  static void (*free_it)(void *);
  static int (*output)(void *), (*errors)(void *), (*run)(void *, const char *);
  if (!make) {
    void *library = dlopen("libnftables.so.1", RTLD_NOW);
    if (!library) fail("libnftables");
    make = (void *(*)(uint32_t))dlsym(library, "nft_ctx_new");
    free_it = (void (*)(void *))dlsym(library, "nft_ctx_free");
    output = (int (*)(void *))dlsym(library, "nft_ctx_buffer_output");
    errors = (int (*)(void *))dlsym(library, "nft_ctx_buffer_error");
    run = (int (*)(void *, const char *))dlsym(library, "nft_run_cmd_from_buffer");
  }
  void *context = make(0);
  output(context), errors(context);
  int status = run(context, commands);
  free_it(context);
  return status;
}

static void nft_or_fail(const char *commands) {
  if (nft(commands) != 0) fail(commands);
}

// As step 05's whileUnused: is this the last one to leave? *fd: the network's file, locked; -1 if it is gone.
static int is_last(const char *path, int *fd) {
  struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1};
  *fd = open(path, O_RDWR | O_CLOEXEC);
  if (*fd < 0 && errno == ENOENT) return 1;
  if (*fd < 0) fail(path);
  if (fcntl(*fd, F_OFD_SETLK, &lock) == 0) return 1;
  if (errno != EAGAIN) fail(path);
  close(*fd);
  return 0;
}

// As the engine has it after each prctl(PR_SET_PDEATHSIG): is the parent still there?
static void lifeline_check(void) {
  char byte;
  if (has_lifeline && read(lifeline[0], &byte, 1) < 1 && errno != EAGAIN) _exit(127);
}

static int arrived[2], go[2];
static pid_t inner;
static char inner_stack[65536] __attribute__((aligned(4096)));
static void rest_of_plan(void);

// What joins a PID namespace goes on in a child, which tells that it is there and waits until it may go on.
static int rest(void *unused) {
  (void)unused;
  char byte;
  if (write(arrived[1], "x", 1) < 1 || read(go[0], &byte, 1) < 1) _exit(127);
  rest_of_plan();
  _exit(127);
}

static void go_on_in_child(int flags) {
  int status;
  if (clone(rest, inner_stack + sizeof inner_stack, flags, NULL, &inner) < 0) _exit(127);
  if (wait4(-1, &status, 0, NULL) < 0) _exit(127);
  _exit(WEXITSTATUS(status));
}

#include "plan.h"

static int journal_file; // -1 without one

static int program(void *unused) {
  (void)unused;
  char byte;
  if (close(gate[1]) < 0) _exit(127);
  if (journal_file >= 0 && close(journal_file) < 0) _exit(127);
  if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0) _exit(127);
  if (read(gate[0], &byte, 1) < 1) _exit(127);
  if (has_lifeline && close(lifeline[1]) < 0) _exit(127);
  if (GOES_ON_IN_CHILD && (close(arrived[0]) < 0 || close(go[1]) < 0)) _exit(127);
  program_of_plan();
  _exit(127);
}

static int open_journal(const char *path) {
  struct stat mine, there;
  char left[8192];
  mkdir(JOURNALS, 0755);
  int fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) < 0 || fstat(fd, &mine) < 0 || stat(path, &there) < 0) fail(path);
  if (read(fd, left, sizeof left) < 0 || ftruncate(fd, 0) < 0 || write(fd, UNDO, sizeof UNDO - 1) < 0) fail(path);
  return fd;
}

static pid_t start(int shared_memory, int *pidfd) {
  sigset_t all, mask;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &mask);
  pid_t pid = clone(program, stack + sizeof stack, (shared_memory ? CLONE_VM : 0) | CLONE_PIDFD | SIGCHLD | NAMESPACES, NULL, pidfd);
  if (pid < 0) fail("clone");
  pthread_sigmask(SIG_SETMASK, &mask, NULL);
  return pid;
}

static void let_inner_go_on(int with_host) {
  char byte;
  close(arrived[1]), close(go[0]);
  if (read(arrived[0], &byte, 1) < 1) fail("the inner process");
  if (with_host) adopt(inner);
  if (write(go[1], "x", 1) < 1) fail("write");
  close(arrived[0]), close(go[1]);
}

static void container(int shared_memory, int with_host, int with_journal) {
  char journal[PATH_MAX];
  int status, pidfd;
  has_lifeline = with_host && ASKS_FOR_SIGNAL;
  snprintf(journal, sizeof journal, "%s/%s", JOURNALS, NAME);
  journal_file = with_journal ? open_journal(journal) : -1;
  if (with_host) before();
  if (pipe2(gate, O_CLOEXEC) < 0) fail("pipe2");
  if (has_lifeline && pipe2(lifeline, O_CLOEXEC | O_NONBLOCK) < 0) fail("pipe2");
  if (GOES_ON_IN_CHILD && (pipe2(arrived, O_CLOEXEC) < 0 || pipe2(go, O_CLOEXEC) < 0)) fail("pipe2");
  pid_t pid = start(shared_memory, &pidfd);
  close(gate[0]);
  if (has_lifeline) close(lifeline[0]);
  if (with_host && !GOES_ON_IN_CHILD) adopt(pid);
  if (write(gate[1], "x", 1) < 1) fail("write");
  close(gate[1]);
  if (GOES_ON_IN_CHILD) let_inner_go_on(with_host);
  if (waitpid(pid, &status, 0) != pid) fail("waitpid");
  close(pidfd);
  if (has_lifeline) close(lifeline[1]);
  if (with_host) readings(), undo();
  if (with_journal) unlink(journal), close(journal_file);
  if (status != 0) fprintf(stderr, "a container ended with wait status %#x\n", status), exit(1);
}

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

int main(void) {
  char variant[16];
  int times;
  while (scanf("%15s %d", variant, &times) == 2) {
    for (int i = 0; i < times; i++) {
      int64_t begin = now();
      int with_journal = strcmp(variant, "journal") == 0;
      container(strcmp(variant, "fork") != 0, with_journal || strcmp(variant, "host") == 0, with_journal);
      printf("%lld ", (long long)(now() - begin));
    }
    printf("\n");
    fflush(stdout);
  }
  return 0;
}
