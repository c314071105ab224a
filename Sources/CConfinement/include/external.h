#pragma once

#include <stddef.h>
#include <sys/types.h>

// What it takes to run a program that is not ours, such as ffmpeg, on a recording of a stranger.

// Makes the calling process end with its parent, lead a group of its own, and hold nothing open but `channel`.
// Gives back 0, or what the system answered.
int cconf_supervise(pid_t parent, int channel);

// A file in memory (memfd_create); -1 where the system refuses.
int cconf_memory_file(void);

// Appends all bytes; -1 where the system refuses.
int cconf_append(int file, const void *bytes, size_t count);

// Seals a file in memory against every change.
int cconf_seal(int file);

// Bytes of a report: what the program writes to standard error beyond them is lost.
enum { cconf_report_size = 64 * 1024 };

// A file in memory of `cconf_report_size` zero bytes, which nobody can make longer or shorter; -1 where the system refuses.
int cconf_report_file(void);

// A pipe, closed on exec; -1 where the system refuses.
int cconf_pipe(int *reading, int *writing);

// Runs ffmpeg on `input` (standard input) with one demuxer. Sound goes to `output` as an AU file of 32-bit floats, what the
// program says to `report`.
//
// It can read what is open and the system's libraries (Landlock, where the kernel has it), compute, and write what is open:
// no other files, no sockets, no processes, no second exec, no signals; memory, files and processor time are limited. Its
// environment is empty. It ends with the calling process.
// Gives back the process; -1 where the system refuses. A program that cannot be started ends with 127.
pid_t cconf_run_external(const char *program, const char *demuxer, int input, int output, int report);

// Processor time of another process, microseconds; -1 where it has gone.
long cconf_used_by(pid_t process);

// Has a process yield to everybody else (nice 19).
void cconf_yield(pid_t process);

// How a child has ended (waitpid): its exit code, minus the number of the signal that ended it, or `cconf_running`.
enum { cconf_running = 1000 };
int cconf_ending(pid_t child);
