/*
 * Receives the messages of a channel, beside receivers in Java: from docs/FORMAT.md alone.
 * README.md says what it prints.
 */
#include "allocator.h"
#include "channel.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A number is an offset, anything else a name. */
static bool find(struct heap *heap, const char *path, const char *where, uint64_t *offset) {
    char *end;
    errno = 0;
    *offset = strtoull(where, &end, 0);
    if (*end == 0 && end != where && where[0] != '-' && errno == 0) return true;
    struct allocator allocator;
    *offset = allocator_open(&allocator, path) ? allocator_root(&allocator, where) : 0;
    *offset = (*offset + 127) / 128 * 128; /* where a channel is in its block: section 8.1 */
    heap->problem = allocator.heap.problem;
    allocator_close(&allocator);
    return *offset != 0;
}

/* Printable ASCII as it is, a backslash twice, all else as \xNN. */
static void print_message(const unsigned char *bytes, uint64_t length) {
    for (uint64_t i = 0; i < length; i++) {
        if (bytes[i] == '\\')
            fputs("\\\\", stdout);
        else if (bytes[i] >= ' ' && bytes[i] <= '~')
            putchar(bytes[i]);
        else
            printf("\\x%02x", bytes[i]);
    }
    putchar('\n');
    fflush(stdout);
}

static bool receive_all(struct channel *channel, uint64_t most) {
    const unsigned char *bytes;
    uint64_t length;
    for (uint64_t i = 0; i < most; i++) {
        switch (channel_receive(channel, &bytes, &length)) {
            case RECEIVED:
                print_message(bytes, length);
                break;
            case CLOSED:
                return true;
            case NOTHING:
                return heap_refuse(channel->heap, EXIT_FAILED,
                                   "has a channel whose senders have all died or detached");
            default:
                return false;
        }
    }
    return true;
}

int main(int count, char **arguments) {
    if (count != 3 && count != 4) {
        fprintf(stderr, "usage: ring_read FILE NAME|OFFSET [MESSAGES]\n");
        return EXIT_UNUSABLE;
    }
    struct heap heap = {.fd = -1, .slot = -1};
    struct channel channel = {.heap = &heap};
    uint64_t offset;
    uint64_t most = count == 4 ? strtoull(arguments[3], NULL, 10) : UINT64_MAX;
    bool done = find(&heap, arguments[1], arguments[2], &offset) &&
                heap_attach(&heap, arguments[1], true) && channel_open(&channel, &heap, offset) &&
                receive_all(&channel, most);
    if (!done) fprintf(stderr, "ring_read: %s %s\n", arguments[1], heap.problem.text);
    channel_end(&channel);
    heap_detach(&heap);
    return done ? 0 : heap.problem.status;
}
