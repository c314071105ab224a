#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// What the two sides of a decoder process share below Swift: descriptors that are handed over, sealed memory, and the
// starting of the program. Every function gives back -1 (and errno) where the system refuses.

// A pair of connected sockets that keep messages apart (socketpair, SOCK_SEQPACKET), closed on exec.
int cdec_socket_pair(int *first, int *second);

// Shared memory of a size that nobody can change any more (memfd_create, F_ADD_SEALS): a process that shrank it would
// make the other one fail with SIGBUS.
int cdec_shared_memory(size_t size);

// Sends a message, with two descriptors where they are not negative.
ssize_t cdec_send(int socket, const void *bytes, size_t count, int first, int second);

// Waits so many milliseconds (forever where negative) for a message and takes it; 0 at the end of the conversation.
// ETIMEDOUT where none came. The descriptors that came with it, else -1, are closed on exec.
ssize_t cdec_receive(int socket, void *bytes, size_t count, int *first, int *second, int milliseconds);

// Starts the program with `control` as descriptor 3, nothing else open, and /dev/null as its standard streams
// (posix_spawn). `external`, where it is not NULL, is the program that it may run in turn.
pid_t cdec_spawn(const char *program, int control, const char *external);
