#define _GNU_SOURCE
#include "decoder_channel.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

int cdec_socket_pair(int *first, int *second) {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair)) return -1;
  *first = pair[0];
  *second = pair[1];
  return 0;
}

int cdec_shared_memory(size_t size) {
  int descriptor = memfd_create("decoder", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (descriptor < 0) return -1;
  if (ftruncate(descriptor, (off_t)size) ||
      fcntl(descriptor, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL)) {
    close(descriptor);
    return -1;
  }
  return descriptor;
}

union control {
  struct cmsghdr header;
  char bytes[CMSG_SPACE(2 * sizeof(int))];
};

ssize_t cdec_send(int socket, const void *bytes, size_t count, int first, int second) {
  struct iovec content = {(void *)bytes, count};
  union control control = {{0}};
  struct msghdr message = {.msg_iov = &content, .msg_iovlen = 1};
  if (first >= 0) {
    int descriptors[2] = {first, second};
    size_t size = second >= 0 ? sizeof descriptors : sizeof(int);
    message.msg_control = control.bytes;
    message.msg_controllen = CMSG_SPACE(size);
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(size);
    memcpy(CMSG_DATA(header), descriptors, size);
  }
  ssize_t sent;
  do sent = sendmsg(socket, &message, MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  return sent;
}

static int wait_for_message(int socket, int milliseconds) {
  struct timespec now, end;
  clock_gettime(CLOCK_MONOTONIC, &end);
  end.tv_sec += milliseconds / 1000;
  end.tv_nsec += milliseconds % 1000 * 1000000L;
  for (;;) {
    struct pollfd event = {.fd = socket, .events = POLLIN};
    int ready = poll(&event, 1, milliseconds);
    if (ready > 0) return 0;
    if (ready < 0 && errno != EINTR) return -1;
    clock_gettime(CLOCK_MONOTONIC, &now);
    long left = (end.tv_sec - now.tv_sec) * 1000 + (end.tv_nsec - now.tv_nsec) / 1000000;
    if (ready == 0 || left <= 0) {
      errno = ETIMEDOUT;
      return -1;
    }
    milliseconds = (int)left;
  }
}

ssize_t cdec_receive(int socket, void *bytes, size_t count, int *first, int *second, int milliseconds) {
  *first = *second = -1;
  if (milliseconds >= 0 && wait_for_message(socket, milliseconds)) return -1;
  struct iovec content = {bytes, count};
  union control control;
  struct msghdr message = {
      .msg_iov = &content, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
  ssize_t received;
  do received = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  while (received < 0 && errno == EINTR);
  if (received < 0) return errno == ECONNRESET ? 0 : -1;
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS) {
    size_t size = header->cmsg_len - CMSG_LEN(0);
    if (size >= sizeof(int)) memcpy(first, CMSG_DATA(header), sizeof(int));
    if (size >= 2 * sizeof(int)) memcpy(second, CMSG_DATA(header) + sizeof(int), sizeof(int));
  }
  return received;
}

pid_t cdec_spawn(const char *program, int control, const char *external) {
  // Bound now, so that no child has to do it again; nothing else of the environment is its business.
  char *environment[] = {"LD_BIND_NOW=1", NULL};
  char *arguments[] = {(char *)program, "--control", "3", external ? "--external" : NULL, (char *)external, NULL};
  posix_spawn_file_actions_t actions;
  int problem = posix_spawn_file_actions_init(&actions);
  if (problem) {
    errno = problem;
    return -1;
  }
  pid_t child = -1;
  // A descriptor that is 3 already would be closed on exec: dup2 to itself clears that flag.
  problem = posix_spawn_file_actions_adddup2(&actions, control, 3);
  if (!problem) problem = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDWR, 0);
  if (!problem) problem = posix_spawn_file_actions_adddup2(&actions, 0, 1);
  if (!problem) problem = posix_spawn_file_actions_adddup2(&actions, 0, 2);
  if (!problem) problem = posix_spawn_file_actions_addclosefrom_np(&actions, 4);
  if (!problem) problem = posix_spawn(&child, program, &actions, NULL, arguments, environment);
  posix_spawn_file_actions_destroy(&actions);
  if (!problem) return child;
  errno = problem;
  return -1;
}
