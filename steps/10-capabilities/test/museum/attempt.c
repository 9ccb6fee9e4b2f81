// Tries ways out of a container, each as far as one sees whether it is open, and no further: files are opened for writing and
// not written, and nothing that belongs to the machine is changed. Arguments: NAME VERB ARGUMENT… [+ NAME VERB ARGUMENT…]…
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

// Is the file there, and may it be written? Nothing is.
static long writes(const char *path) { return open(path, O_WRONLY | O_APPEND | O_CLOEXEC); }

// May the file be written? It isn't even opened: a program that runs can't be.
static long writable(const char *path) { return access(path, W_OK); }

// Starts a program in another root, as a runtime does that knows no better.
static long becomes(const char *root, char **argv) {
  if (chroot(root) < 0 || chdir("/") < 0) return -1;
  return execv(argv[0], argv);
}

// Opens a file below a descriptor that was passed in.
static long below(const char *fd, const char *path) { return openat(atoi(fd), path, O_RDONLY); }

static long device(const char *major, const char *minor) {
  const char *node = "/tmp/device";
  unlink(node);
  if (mknod(node, S_IFBLK | 0600, makedev(atoi(major), atoi(minor))) < 0) return -1;
  long result = open(node, O_RDONLY | O_NONBLOCK);
  int error = errno;
  unlink(node);
  errno = error;
  return result;
}

// A file of a cgroup hierarchy, which is mounted for that. It goes with the mount namespace.
static long cgroup(const char *options, const char *file) {
  char path[256];
  mkdir("/tmp/cgroup", 0700);
  if (mount("cgroup", "/tmp/cgroup", "cgroup", 0, options) < 0) return -1;
  snprintf(path, sizeof path, "/tmp/cgroup/%s", file);
  return writes(path);
}

// The handle of a file: what open_by_handle_at(2) takes in place of a path.
static long handle(const char *path) {
  char room[sizeof(struct file_handle) + MAX_HANDLE_SZ];
  struct file_handle *found = (struct file_handle *)room;
  int mount;
  found->handle_bytes = MAX_HANDLE_SZ;
  if (name_to_handle_at(AT_FDCWD, path, found, &mount, 0) < 0) return -1;
  printf("%d:", found->handle_type);
  for (unsigned nth = 0; nth < found->handle_bytes; nth++) printf("%02x", found->f_handle[nth]);
  printf("\n");
  return 0;
}

// Opens a file of the filesystem that another lies on, wherever it is, without a path.
static long byHandle(const char *beside, const char *text) {
  char room[sizeof(struct file_handle) + MAX_HANDLE_SZ];
  struct file_handle *wanted = (struct file_handle *)room;
  const char *hex = strchr(text, ':') + 1;
  wanted->handle_type = atoi(text);
  wanted->handle_bytes = strlen(hex) / 2;
  for (unsigned nth = 0; nth < wanted->handle_bytes; nth++) sscanf(hex + 2 * nth, "%2hhx", &wanted->f_handle[nth]);
  int mount = open(beside, O_RDONLY);
  return mount < 0 ? -1 : open_by_handle_at(mount, wanted, O_RDONLY);
}

// Gives the kernel a module that is none. It says so (or has no modules), unless it doesn't even look.
static long module(void) {
  long result = syscall(SYS_init_module, "none", 4, "");
  return result < 0 && (errno == ENOEXEC || errno == ENOSYS) ? 0 : result;
}

static long trace(const char *pid) {
  if (ptrace(PTRACE_ATTACH, atoi(pid), 0, 0) < 0) return -1;
  waitpid(atoi(pid), 0, __WALL);
  return ptrace(PTRACE_DETACH, atoi(pid), 0, 0);
}

// A key of the user's, found by its name.
static long key(const char *name) {
  char room[64];
  long id = syscall(SYS_keyctl, KEYCTL_SEARCH, KEY_SPEC_USER_KEYRING, "user", name, 0);
  return id < 0 ? -1 : syscall(SYS_keyctl, KEYCTL_READ, id, room, sizeof room);
}

static long addKey(const char *name) {
  long id = syscall(SYS_add_key, "user", name, "secret", 6, KEY_SPEC_USER_KEYRING);
  return id < 0 ? -1 : syscall(SYS_keyctl, KEYCTL_SETPERM, id, 0x3f3f0000);
}

static long removeKey(const char *name) {
  long id = syscall(SYS_keyctl, KEYCTL_SEARCH, KEY_SPEC_USER_KEYRING, "user", name, 0);
  return id < 0 ? -1 : syscall(SYS_keyctl, KEYCTL_UNLINK, id, KEY_SPEC_USER_KEYRING);
}

// A socket by its path, or by a name that no directory holds: @name.
static long connects(const char *name) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  strncpy(address.sun_path, name, sizeof address.sun_path - 1);
  socklen_t length = offsetof(struct sockaddr_un, sun_path) + strlen(name);
  if (name[0] == '@') address.sun_path[0] = '\0';
  else length++;
  return connect(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&address, length);
}

static long contains(const char *path, const char *word) {
  char room[64] = "";
  int file = open(path, O_RDONLY);
  if (file < 0 || read(file, room, sizeof room - 1) < 0) return -1;
  errno = ENODATA;
  return strncmp(room, word, strlen(word)) == 0 ? 0 : -1;
}

static long attempt(char **args) {
  const char *verb = args[0];
  if (!strcmp(verb, "write")) return writes(args[1]);
  if (!strcmp(verb, "writable")) return writable(args[1]);
  if (!strcmp(verb, "becomes")) return becomes(args[1], args + 2);
  if (!strcmp(verb, "below")) return below(args[1], args[2]);
  if (!strcmp(verb, "device")) return device(args[1], args[2]);
  if (!strcmp(verb, "cgroup")) return cgroup(args[1], args[2]);
  if (!strcmp(verb, "handle")) return handle(args[1]);
  if (!strcmp(verb, "by-handle")) return byHandle(args[1], args[2]);
  if (!strcmp(verb, "module")) return module();
  if (!strcmp(verb, "trace")) return trace(args[1]);
  if (!strcmp(verb, "key")) return key(args[1]);
  if (!strcmp(verb, "add-key")) return addKey(args[1]);
  if (!strcmp(verb, "remove-key")) return removeKey(args[1]);
  if (!strcmp(verb, "connect")) return connects(args[1]);
  if (!strcmp(verb, "contains")) return contains(args[1], args[2]);
  if (!strcmp(verb, "userfaultfd")) return syscall(SYS_userfaultfd, O_CLOEXEC);
  if (!strcmp(verb, "unshare")) return unshare(CLONE_NEWUSER);
  if (!strcmp(verb, "log")) return syscall(SYS_syslog, 3, (char[16]){0}, 16); // SYSLOG_ACTION_READ_ALL
  errno = ENOSYS;
  return -1;
}

int main(int argc, char **argv) {
  for (int at = 1; at < argc;) {
    int end = at;
    while (end < argc && strcmp(argv[end], "+")) end++;
    argv[end] = 0;
    fflush(stdout);
    if (fork() == 0) {
      long result = attempt(argv + at + 1);
      printf("%s %s\n", argv[at], result < 0 ? strerrorname_np(errno) : "ok");
      exit(0);
    }
    wait(0);
    at = end + 1;
  }
}
