// A process in a container, root with docker's 14 capabilities, that tries to get at every process that appears beside
// it: its memory, environment, program and descriptors. It says when it has seen such processes ten times. Once there is
// input, it looks once more, and says what it got.
#include <dirent.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const unsigned long long DOCKERS = 0xa80425fbULL;
static int seen, mem, environment, program, descriptors;

static void give_up(void) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct data[2] = {{DOCKERS, DOCKERS, 0}, {0, 0, 0}};
  for (int cap = 0; cap < 64; cap++)
    if (!(DOCKERS >> cap & 1)) prctl(PR_CAPBSET_DROP, cap, 0, 0, 0);
  if (syscall(SYS_capset, &header, data) != 0) exit(1);
}

static ssize_t contents(int pid, const char *file, char *into, size_t size) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/%s", pid, file);
  int fd = open(path, O_RDONLY);
  ssize_t length = fd < 0 ? -1 : read(fd, into, size - 1);
  if (fd >= 0) close(fd);
  into[length < 0 ? 0 : length] = 0;
  return length;
}

static int is_node(int pid) {
  char path[64], target[4096];
  snprintf(path, sizeof path, "/proc/%d/exe", pid);
  ssize_t length = readlink(path, target, sizeof target - 1);
  target[length < 0 ? 0 : length] = 0;
  return strstr(target, "node") != NULL;
}

static void attack(int pid, const char *comm, const char *secret) {
  char path[64], text[65536];
  contents(pid, "comm", text, sizeof text);
  if (strncmp(text, comm, strlen(comm)) != 0) return; // it is its command by now
  seen++;
  snprintf(path, sizeof path, "/proc/%d/mem", pid);
  int fd = open(path, O_RDWR);
  int was_node = is_node(pid);
  if (fd >= 0 && was_node) mem++;
  if (fd >= 0) close(fd);
  program += was_node;
  ssize_t length = contents(pid, "environ", text, sizeof text);
  for (ssize_t at = 0; at < length; at += strlen(text + at) + 1)
    if (strstr(text + at, secret)) {
      environment++;
      break;
    }
  snprintf(path, sizeof path, "/proc/%d/fd", pid);
  DIR *directory = opendir(path);
  if (directory && is_node(pid)) descriptors++;
  if (directory) closedir(directory);
}

int main(int argc, char **argv) {
  if (argc < 3) return 0; // what is executed beside it
  give_up();
  puts("ready");
  fflush(stdout);
  for (int is_asked = 0, is_told = 0; !is_asked;) {
    is_asked = poll(&(struct pollfd){0, POLLIN, 0}, 1, 0) != 0;
    DIR *all = opendir("/proc");
    for (struct dirent *one; (one = readdir(all));) {
      int pid = atoi(one->d_name);
      if (pid > 1 && pid != getpid()) attack(pid, argv[1], argv[2]);
    }
    closedir(all);
    if (seen < 10 || is_told) continue;
    is_told = puts("often") != EOF;
    fflush(stdout);
  }
  printf("%d seen, %d mem, %d environ, %d exe, %d fd\n", seen, mem, environment, program, descriptors);
  return 0;
}
