#define _GNU_SOURCE
#include "external.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// Address space; ffmpeg's two hundred libraries alone take a quarter of it.
static const rlim_t memory_limit = (rlim_t)1 << 30;
// The last bar: the supervising process ends it long before.
static const rlim_t seconds_limit = 600;

int cconf_supervise(pid_t parent, int channel) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL)) return errno;
  if (getppid() != parent) return ESRCH;
  if (setpgid(0, 0)) return errno;
  if (channel > 3 && close_range(3, (unsigned)channel - 1, 0)) return errno;
  return close_range((unsigned)channel + 1, ~0U, 0) ? errno : 0;
}

int cconf_memory_file(void) { return memfd_create("recording", MFD_CLOEXEC | MFD_ALLOW_SEALING); }

int cconf_append(int file, const void *bytes, size_t count) {
  const char *next = bytes;
  while (count > 0) {
    ssize_t written = write(file, next, count);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return -1;
    next += written;
    count -= (size_t)written;
  }
  return 0;
}

int cconf_seal(int file) {
  if (lseek(file, 0, SEEK_SET) < 0) return -1;
  return fcntl(file, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL);
}

int cconf_report_file(void) {
  int file = memfd_create("report", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (file < 0) return -1;
  if (!ftruncate(file, cconf_report_size) &&
      !fcntl(file, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL))
    return file;
  close(file);
  return -1;
}

int cconf_pipe(int *reading, int *writing) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC)) return -1;
  *reading = ends[0];
  *writing = ends[1];
  return 0;
}

static int limit(int which, rlim_t value) {
  struct rlimit both = {value, value};
  return setrlimit(which, &both);
}

static int limit_resources(void) {
  return limit(RLIMIT_AS, memory_limit) || limit(RLIMIT_CPU, seconds_limit) || limit(RLIMIT_CORE, 0) ||
         limit(RLIMIT_FSIZE, cconf_report_size) || limit(RLIMIT_NOFILE, 64);
}

static void allow_reading(int rules, const char *path) {
  int file = open(path, O_PATH | O_CLOEXEC);
  if (file < 0) return;
  struct stat status;
  uint64_t access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_EXECUTE;
  if (!fstat(file, &status) && S_ISDIR(status.st_mode)) access |= LANDLOCK_ACCESS_FS_READ_DIR;
  struct landlock_path_beneath_attr rule = {.allowed_access = access, .parent_fd = file};
  syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
  close(file);
}

// Of all files, only the program and the system's libraries. A kernel without Landlock goes without.
static int hide_files(const char *program) {
  // Every right that the first version of Landlock knows.
  struct landlock_ruleset_attr all = {.handled_access_fs = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1};
  int rules = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0);
  if (rules < 0) return 0;
  const char *readable[] = {program, "/usr", "/bin", "/lib", "/lib64", "/etc/ld.so.cache", "/dev/null"};
  for (size_t i = 0; i < sizeof readable / sizeof *readable; i++) allow_reading(rules, readable[i]);
  int problem = (int)syscall(SYS_landlock_restrict_self, rules, 0);
  close(rules);
  return problem;
}

static const int allowed[] = {
    SCMP_SYS(read),         SCMP_SYS(readv),          SCMP_SYS(pread64),        SCMP_SYS(write),
    SCMP_SYS(writev),       SCMP_SYS(lseek),          SCMP_SYS(close),          SCMP_SYS(fstat),
    SCMP_SYS(stat),         SCMP_SYS(lstat),          SCMP_SYS(newfstatat),     SCMP_SYS(statx),
    SCMP_SYS(access),       SCMP_SYS(faccessat),      SCMP_SYS(readlink),       SCMP_SYS(dup),
    SCMP_SYS(dup2),         SCMP_SYS(dup3),           SCMP_SYS(poll),           SCMP_SYS(ppoll),
    SCMP_SYS(mmap),         SCMP_SYS(munmap),         SCMP_SYS(mremap),         SCMP_SYS(mprotect),
    SCMP_SYS(madvise),      SCMP_SYS(brk),            SCMP_SYS(futex),          SCMP_SYS(sched_yield),
    SCMP_SYS(getrandom),    SCMP_SYS(clock_gettime),  SCMP_SYS(clock_getres),   SCMP_SYS(gettimeofday),
    SCMP_SYS(nanosleep),    SCMP_SYS(clock_nanosleep), SCMP_SYS(times),         SCMP_SYS(getrusage),
    SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn),   SCMP_SYS(sigaltstack),
    SCMP_SYS(getpid),       SCMP_SYS(getppid),        SCMP_SYS(gettid),         SCMP_SYS(getuid),
    SCMP_SYS(geteuid),      SCMP_SYS(getgid),         SCMP_SYS(getegid),        SCMP_SYS(getcwd),
    SCMP_SYS(getpgrp),      SCMP_SYS(uname),          SCMP_SYS(sysinfo),        SCMP_SYS(sched_getaffinity), SCMP_SYS(set_tid_address),
    SCMP_SYS(set_robust_list), SCMP_SYS(rseq),        SCMP_SYS(arch_prctl),     SCMP_SYS(restart_syscall),
    SCMP_SYS(exit),         SCMP_SYS(exit_group),
};

// Calls that are allowed with some arguments only.
static int allow_some(scmp_filter_ctx filter, const char *program) {
  // The program itself, from the memory of this process: its own memory has no such address.
  int problem = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(execve), 1,
                                 SCMP_A0_64(SCMP_CMP_EQ, (scmp_datum_t)(uintptr_t)program));
  // Threads, but no processes. What asks by clone3, whose arguments no filter sees, falls back to clone.
  if (!problem)
    problem = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
                               SCMP_A0_64(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
  if (!problem) problem = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
  const scmp_datum_t writing = O_ACCMODE | O_CREAT | O_TRUNC;
  if (!problem)
    problem = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1, SCMP_A2_64(SCMP_CMP_MASKED_EQ, writing, 0));
  if (!problem)
    problem = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(open), 1, SCMP_A1_64(SCMP_CMP_MASKED_EQ, writing, 0));
  // Limits may be read, not set.
  if (!problem)
    problem = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1, SCMP_A2_64(SCMP_CMP_EQ, 0));
  // Nothing of fcntl that has the kernel send signals.
  const int commands[] = {F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL};
  for (size_t i = 0; !problem && i < sizeof commands / sizeof *commands; i++)
    problem = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), 1,
                               SCMP_A1_64(SCMP_CMP_EQ, (scmp_datum_t)commands[i]));
  return problem;
}

// A program of any version may try what it likes: what is not listed is refused and does not end it.
static int filter_calls(const char *program) {
  scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
  if (!filter) return -1;
  int problem = 0;
  for (size_t i = 0; !problem && i < sizeof allowed / sizeof *allowed; i++)
    problem = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, allowed[i], 0, NULL);
  if (!problem) problem = allow_some(filter, program);
  if (!problem) problem = seccomp_load(filter);
  seccomp_release(filter);
  return problem;
}

// Signals as a program expects them.
static void reset_signals(void) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  signal(SIGPIPE, SIG_DFL);
  // A report that is full loses what comes after, no more.
  signal(SIGXFSZ, SIG_IGN);
}

static int confine(const char *program, pid_t parent) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent) return -1;
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) return -1;
  if (limit_resources() || hide_files(program)) return -1;
  return filter_calls(program);
}

pid_t cconf_run_external(const char *program, const char *demuxer, int input, int output, int report) {
  // Standard input is opened as a file: ffmpeg 5.1 seeks in nothing else. Playlists, which would name other files, are no
  // demuxer that is asked for.
  const char *arguments[] = {
      program, "-hide_banner", "-nostdin", "-nostats", "-loglevel", "info", "-threads", "1", "-filter_threads", "1",
      "-protocol_whitelist", "file", "-format_whitelist", demuxer, "-f", demuxer, "-i", "/proc/self/fd/0",
      "-map", "0:a:0", "-vn", "-sn", "-dn", "-map_metadata", "-1", "-threads", "1", "-c:a", "pcm_f32be", "-f", "au",
      "pipe:1", NULL};
  char *environment[] = {NULL};
  pid_t parent = getpid();
  pid_t child = fork();
  if (child) return child;
  if (dup2(input, 0) == 0 && dup2(output, 1) == 1 && dup2(report, 2) == 2 && !close_range(3, ~0U, 0)) {
    reset_signals();
    if (!confine(program, parent)) execve(program, (char **)arguments, environment);
  }
  _exit(127);
}

long cconf_used_by(pid_t process) {
  clockid_t clock;
  struct timespec used;
  if (clock_getcpuclockid(process, &clock) || clock_gettime(clock, &used)) return -1;
  return used.tv_sec * 1000000L + used.tv_nsec / 1000;
}

void cconf_yield(pid_t process) { setpriority(PRIO_PROCESS, (id_t)process, 19); }

int cconf_ending(pid_t child) {
  int status;
  if (waitpid(child, &status, WNOHANG) != child) return cconf_running;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}
