#define _GNU_SOURCE
#include "confinement.h"

#include <errno.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
// A sanitizer maps terabytes and calls what it likes.
#define SANITIZED 1
#endif
#endif

pid_t cconf_fork(void) { return fork(); }

static int set_limit(int which, rlim_t value) {
  struct rlimit limit = {value, value};
  return setrlimit(which, &limit) ? errno : 0;
}

static int limit_resources(size_t memory) {
  long pages = 0;
  FILE *file = fopen("/proc/self/statm", "re");
  if (!file || fscanf(file, "%ld", &pages) != 1) return errno ? errno : EIO;
  fclose(file);
  int problem = set_limit(RLIMIT_AS, (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + memory);
  if (!problem) problem = set_limit(RLIMIT_CORE, 0);
  if (!problem) problem = set_limit(RLIMIT_FSIZE, 0);
  // The last bar, should the process have lost its own timer: an hour in all.
  if (!problem) problem = set_limit(RLIMIT_CPU, 3600);
  if (!problem) problem = set_limit(RLIMIT_NOFILE, 0);
  return problem;
}

// Calls that computing takes, and talking over what is open.
static const int allowed[] = {
    SCMP_SYS(read),         SCMP_SYS(write),        SCMP_SYS(sendmsg),     SCMP_SYS(recvmsg),    SCMP_SYS(sendto),
    SCMP_SYS(recvfrom),     SCMP_SYS(poll),         SCMP_SYS(ppoll),       SCMP_SYS(munmap),     SCMP_SYS(mremap),
    SCMP_SYS(brk),          SCMP_SYS(madvise),      SCMP_SYS(futex),       SCMP_SYS(getrandom),  SCMP_SYS(clock_gettime),
    SCMP_SYS(gettimeofday), SCMP_SYS(getrusage),    SCMP_SYS(setitimer),   SCMP_SYS(getitimer),  SCMP_SYS(rt_sigreturn),
    SCMP_SYS(rt_sigprocmask), SCMP_SYS(sched_yield), SCMP_SYS(exit),       SCMP_SYS(exit_group), SCMP_SYS(restart_syscall),
    SCMP_SYS(setpriority),  SCMP_SYS(close),
};

// What a library may try and is told that it cannot be had; every other call ends the process.
static const int refused[] = {SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(newfstatat), SCMP_SYS(fstat), SCMP_SYS(readlink),
                              SCMP_SYS(ioctl), SCMP_SYS(lseek), SCMP_SYS(sysinfo), SCMP_SYS(sched_getaffinity)};

static int filter_calls(void) {
  scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
  if (!filter) return ENOMEM;
  int problem = 0;
  for (size_t i = 0; !problem && i < sizeof allowed / sizeof *allowed; i++)
    problem = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, allowed[i], 0, NULL);
  for (size_t i = 0; !problem && i < sizeof refused / sizeof *refused; i++)
    problem = seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(EPERM), refused[i], 0, NULL);
  // Memory, but none that can be run.
  struct scmp_arg_cmp no_code = SCMP_A2_64(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
  if (!problem) problem = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, &no_code);
  if (!problem) problem = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, &no_code);
  if (!problem) problem = seccomp_load(filter);
  seccomp_release(filter);
  return -problem;
}

// Where memory runs out, the kernel ends a decoder before anything else. Not every system has it to set.
static void offer_for_sacrifice(void) {
  FILE *file = fopen("/proc/self/oom_score_adj", "we");
  if (!file) return;
  fputs("1000", file);
  fclose(file);
}

int cconf_confine(pid_t parent, int channel, size_t memory) {
  offer_for_sacrifice();
  if (prctl(PR_SET_PDEATHSIG, SIGKILL)) return errno;
  if (getppid() != parent) return ESRCH;
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) return errno;
  if (channel > 0 && close_range(0, (unsigned)channel - 1, 0)) return errno;
  if (close_range((unsigned)channel + 1, ~0U, 0)) return errno;
#ifdef SANITIZED
  return 0;
#else
  if (prctl(PR_SET_DUMPABLE, 0)) return errno;
  int problem = limit_resources(memory);
  return problem ? problem : filter_calls();
#endif
}

const long cconf_patience = 100;

static volatile long later;  // Milliseconds that are left once patience has ended.
static volatile int is_last;
static int words_channel = -1;
static char words[128];
static size_t words_count;

static void arm(long milliseconds) {
  struct itimerval timer = {{0, 0}, {milliseconds / 1000, milliseconds % 1000 * 1000}};
  setitimer(ITIMER_PROF, &timer, NULL);
}

static void time_is_up(int signal) {
  (void)signal;
  if (is_last) {
    if (words_channel >= 0) send(words_channel, words, words_count, MSG_NOSIGNAL | MSG_DONTWAIT);
    _exit(1);
  }
  setpriority(PRIO_PROCESS, 0, 19);
  is_last = 1;
  arm(later > 0 ? later : 1);
}

void cconf_last_words(int channel, const void *bytes, size_t count) {
  words_channel = channel;
  words_count = count < sizeof words ? count : sizeof words;
  memcpy(words, bytes, words_count);
  struct sigaction action = {.sa_handler = time_is_up, .sa_flags = SA_RESTART};
  sigaction(SIGPROF, &action, NULL);
}

void cconf_allow(long milliseconds) {
  is_last = milliseconds <= cconf_patience;
  later = milliseconds - cconf_patience;
  arm(is_last ? milliseconds : cconf_patience);
}

long cconf_used(void) {
  struct timespec used;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return used.tv_sec * 1000000L + used.tv_nsec / 1000;
}

void cconf_ignore_signals(void) {
  signal(SIGINT, SIG_IGN);
  signal(SIGTERM, SIG_IGN);
  signal(SIGHUP, SIG_IGN);
  signal(SIGPIPE, SIG_IGN);
}

int cconf_watch_children(void) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGCHLD);
  sigprocmask(SIG_BLOCK, &signals, NULL);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

pid_t cconf_take_child(void) {
  pid_t child = waitpid(-1, NULL, WNOHANG);
  return child > 0 ? child : 0;
}

void cconf_kill(pid_t child) {
  kill(-child, SIGKILL);
  kill(child, SIGKILL);
}
