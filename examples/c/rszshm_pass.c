/*
 * Receives a heap from a JVM through a socket, reads and writes in it, and sends another one back.
 */
#include "passing.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] = "usage: rszshm_pass SOCKET\n";

enum { QUESTION = 0, ANSWER = 100, ROOM = 100 };

static bool answer(struct heap *heap) {
    const char *question = (const char *)heap->base + heap->content + QUESTION;
    if (heap->length - heap->content < ANSWER + ROOM)
        return heap_refuse(heap, EXIT_UNUSABLE, "has %" PRIu64 " bytes of content, expected %d",
                           heap->length - heap->content, ANSWER + ROOM);
    printf("received 0x%" PRIx64 " with %" PRIu64 " bytes: %.*s\n", heap->header.addr, heap->length,
           (int)strnlen(question, ROOM), question);
    strcpy((char *)heap->base + heap->content + ANSWER, "answered by C");
    return fflush(stdout) == 0 || heap_refuse(heap, EXIT_FAILED, "the output is closed");
}

/* Makes a heap, sends it, and waits until the other end has it: its end is the answer. */
static bool send_own(struct heap *heap, int socket) {
    char byte;
    if (!heap_create_memory(heap, 4096, UINT64_C(1) << 30)) return false;
    strcpy((char *)heap->base + heap->content, "made by C");
    if (!passing_send(heap, socket)) return false;
    printf("sent 0x%" PRIx64 "\n", heap->header.addr);
    fflush(stdout);
    while (read(socket, &byte, 1) > 0)
        ;
    return true;
}

int main(int count, char **arguments) {
    char path[64];
    int socket = -1;
    struct heap received = {.path = "heap", .fd = -1, .slot = -1};
    struct heap own = {.path = "heap", .fd = -1, .slot = -1};
    if (count != 2) {
        fputs(usage, stderr);
        return EXIT_UNUSABLE;
    }
    bool done = passing_connect(&received, arguments[1], &socket) &&
                passing_receive(&received, socket, path, sizeof path) && answer(&received);
    if (!done) {
        fprintf(stderr, "rszshm_pass: the heap %s\n", received.problem.text);
    } else if (!send_own(&own, socket)) {
        fprintf(stderr, "rszshm_pass: the own heap %s\n", own.problem.text);
        received.problem.status = own.problem.status;
        done = false;
    }
    heap_detach(&own);
    heap_detach(&received);
    if (socket >= 0) close(socket);
    return done ? EXIT_SUCCESS : received.problem.status;
}
