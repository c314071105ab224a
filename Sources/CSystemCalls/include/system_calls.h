#pragma once

#include <stdint.h>

// What Swift's Glibc module leaves out.

// A set of sockets to watch, or -1; and a pipe: when its second end is closed, that is told as number 0.
int csys_watch_open(int ends[2]);
// From now on is told, once, that the socket's other side will send no more; the socket may be closed without further ado.
void csys_watch_begin(int set, int socket, uint64_t number);
void csys_watch_end(int set, int socket);
// Waits for what is to be told: the numbers of sockets.
int csys_watch_wait(int set, uint64_t *numbers, int most);

// The calling thread leaves the processor to all others.
void csys_be_nice(void);

// Processors of the calling thread's affinity mask; -1 where the mask has no room for them.
int csys_affinity(void);
