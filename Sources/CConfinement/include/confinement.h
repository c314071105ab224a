#pragma once

#include <stddef.h>
#include <sys/types.h>

// What the decoder program asks of the kernel.

// fork: the child comes back with 0.
pid_t cconf_fork(void);

// Makes the calling process end with its parent, able to do nothing but compute: no more files, sockets or processes,
// `memory` bytes of address space beyond what it has, and of all system calls those that computing and talking over
// descriptors that are open already take (seccomp through libseccomp). Everything but `channel` is closed.
// Gives back 0, or what the system answered.
int cconf_confine(pid_t parent, int channel, size_t memory);

// From now on the process may use so many milliseconds of processor time; 0 for no limit. After the first
// `cconf_patience` of them in a row it yields to everybody else (nice 19, for good). At the end `cconf_last_words` go
// out on the channel and it ends.
void cconf_allow(long milliseconds);

extern const long cconf_patience;

// What the process says before it is ended for its processor time.
void cconf_last_words(int channel, const void *bytes, size_t count);

// Processor time that the process has used, microseconds.
long cconf_used(void);

// Signals that a terminal or a service manager sends to a whole group are no business of a decoder's: it goes when its
// server goes.
void cconf_ignore_signals(void);

// A descriptor that becomes readable when a child ends (signalfd), which waitpid then takes. Children whose parent has gone
// become children of this process (PR_SET_CHILD_SUBREAPER).
int cconf_watch_children(void);

// Takes a child that has ended (waitpid): its number, 0 where there is none.
pid_t cconf_take_child(void);

// Ends a child, and its group where it leads one.
void cconf_kill(pid_t child);
