/*
 * Heaps that are passed on through a Unix domain socket: section 14 of docs/FORMAT.md.
 *
 * Every function that can fail returns false and leaves the reason in heap->problem.
 */
#ifndef PASSING_H
#define PASSING_H

#include "heap.h"

/* Connects to the socket of a path. Sending and receiving wait for 30 seconds at most. */
bool passing_connect(struct heap *heap, const char *path, int *socket);

/* Receives a heap, and attaches to it to write. The descriptor that came is closed, whatever
 * happens; heap->path is storage of the caller, at least 64 bytes. */
bool passing_receive(struct heap *heap, int socket, char *path, size_t size);

/* Sends an open heap. */
bool passing_send(struct heap *heap, int socket);

#endif
