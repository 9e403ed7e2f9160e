/*
 * The receiving end of a channel: section 8 of docs/FORMAT.md.
 *
 * A struct channel is for one thread. The heap is attached for writing, and has a participant slot.
 */
#ifndef CHANNEL_H
#define CHANNEL_H

#include "heap.h"

/* Section 8.1; what is not written any more once the magic is there. */
struct channel_fields {
    uint64_t magic;
    uint64_t specification;
    uint32_t version;
    uint32_t index_bits;
    uint64_t granules;
    uint64_t payload_stride;
    uint64_t header_stride;
    uint64_t first_header;
    uint64_t first_payload;
    uint64_t bytes;
};

_Static_assert(offsetof(struct channel_fields, bytes) == 64, "bytes of it all");

/* A message that comes in parts. */
struct assembly {
    unsigned char *bytes;
    uint64_t id; /* 0: there is none */
    uint64_t total;
    uint64_t received;
    uint32_t parts;
};

struct channel {
    struct heap *heap;
    unsigned char *base;
    struct channel_fields fields;
    uint32_t tag; /* the own one */
    unsigned char *bytes;
    uint64_t room;
    struct assembly assembly;
};

enum received { RECEIVED, NOTHING, BUSY, CLOSED, FAILED };

/* Finds the channel at an offset, and counts this process among its receivers. */
bool channel_open(struct channel *channel, struct heap *heap, uint64_t offset);

/* Drops what is there of a message in parts. The channel itself goes on. */
void channel_end(struct channel *channel);

/* Receives the next message, if there is one. *bytes is valid until the next call. NOTHING: there is
 * none; BUSY: it is being written; CLOSED: there will never be one; FAILED: heap->problem. */
enum received channel_try_receive(struct channel *channel, const unsigned char **bytes,
                                  uint64_t *length);

/* Receives the next message, when there is one. NOTHING: all senders have died or detached. */
enum received channel_receive(struct channel *channel, const unsigned char **bytes,
                              uint64_t *length);

#endif
