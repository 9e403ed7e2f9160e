/*
 * Receiving from a channel: section 8 of docs/FORMAT.md.
 *
 * Protocol. A message is received by moving the head from its position to the one behind it, by
 * compare-and-set, after it was copied. Who fails has copied for nothing, and begins again.
 *
 * If a process dies here, before that the message is still there, and after it it is received. A
 * message in parts dies with the process that has begun to receive it: others drop its rest.
 */
#include "channel.h"

#include <inttypes.h>
#include <linux/futex.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum {
    NOT_EMPTY = 136,
    HEAD = 256,
    NOT_FULL = 264,
    PARTS_RECEIVER = 392,
    PARTS_IDENTITY = 400,
    SENDER_ARRIVALS = 416,
    RECEIVER_ARRIVALS = 424,
    COUNTS = 1536,
    STREAM_GRANULE = 64,
    PART_HEADER = 24
};

enum header_state { CLAIM = 1, MESSAGE, PART, PADDING, CLOSE };

static const uint64_t magic = UINT64_C(0x4c4e4148435a5352);
static const uint64_t length_mask = (UINT64_C(1) << 28) - 1;
static const uint64_t lap_mask = (UINT64_C(1) << 33) - 1;
static const long slice = 50000000; /* nanoseconds */
static const long moment = 1000000; /* as long as a sender needs to write a message */
static const int moments = 50;      /* then it is stopped, and will signal */

static uint64_t *word(struct channel *channel, uint64_t offset) {
    return (uint64_t *)(void *)(channel->base + offset);
}

static uint32_t *word32(struct channel *channel, uint64_t offset) {
    return (uint32_t *)(void *)(channel->base + offset);
}

static uint64_t load(struct channel *channel, uint64_t offset) {
    return __atomic_load_n(word(channel, offset), __ATOMIC_SEQ_CST);
}

static bool change(uint64_t *at, uint64_t from, uint64_t to) {
    return __atomic_compare_exchange_n(at, &from, to, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

static bool is_alive(struct channel *channel, uint32_t tag) {
    struct participant participant;
    uint32_t slot = participant_of_tag(channel->heap, tag);
    if (tag == channel->tag) return true;
    if (slot >= channel->heap->header.slots) return false;
    return !participant_look(channel->heap, slot, &participant) ||
           (strcmp(participant.state, "live") == 0 &&
            participant_tag(channel->heap, slot, participant.generation) == tag);
}

/* Positions: section 8.2. */

static uint64_t lap_of(struct channel *channel, uint64_t position) {
    return position >> channel->fields.index_bits;
}

static uint64_t index_of(struct channel *channel, uint64_t position) {
    return position & ((UINT64_C(1) << channel->fields.index_bits) - 1);
}

static bool is_stream(struct channel *channel) {
    return channel->fields.header_stride != channel->fields.payload_stride;
}

static uint64_t granules_for(struct channel *channel, uint64_t length) {
    if (!is_stream(channel) || length == 0) return 1;
    return (length + STREAM_GRANULE - 1) / STREAM_GRANULE;
}

static uint64_t behind(struct channel *channel, uint64_t position, uint64_t run) {
    if (index_of(channel, position) + run < channel->fields.granules) return position + run;
    return (lap_of(channel, position) + 1) << channel->fields.index_bits;
}

static uint64_t *header_at(struct channel *channel, uint64_t position) {
    uint64_t index = index_of(channel, position);
    return word(channel,
                channel->fields.first_header + index * channel->fields.header_stride);
}

static unsigned char *payload_at(struct channel *channel, uint64_t position) {
    uint64_t index = index_of(channel, position);
    return channel->base + channel->fields.first_payload + index * channel->fields.payload_stride;
}

/* Opening. */

static bool check_fields(struct heap *heap, const struct channel_fields *fields, uint64_t offset) {
    if (fields->magic != magic || fields->version != 1)
        return heap_refuse(heap, EXIT_UNUSABLE,
                           "has no channel at offset %" PRIu64 ": found magic 0x%" PRIx64
                           " and version %" PRIu32 ", expected 0x%" PRIx64 " and 1",
                           offset, fields->magic, fields->version, magic);
    uint64_t last = fields->granules - 1;
    bool stream = fields->header_stride != fields->payload_stride;
    if (fields->bytes > heap->length - offset || last >= fields->bytes || fields->index_bits > 31 ||
        last >> fields->index_bits != 0 || fields->header_stride < 8 ||
        (stream && fields->payload_stride != STREAM_GRANULE) ||
        fields->header_stride > fields->bytes || fields->payload_stride > fields->bytes ||
        fields->first_header % 8 != 0 || fields->header_stride % 8 != 0 ||
        fields->first_header < COUNTS || fields->first_payload < fields->first_header ||
        fields->first_header + last * fields->header_stride + 8 > fields->bytes ||
        fields->first_payload + last * fields->payload_stride +
                (stream ? STREAM_GRANULE : fields->payload_stride - 8) >
            fields->bytes)
        return heap_refuse(heap, EXIT_UNUSABLE,
                           "has a damaged channel at offset %" PRIu64 ": %" PRIu64
                           " granules in %" PRIu64 " bytes",
                           offset, fields->granules, fields->bytes);
    return true;
}

static uint64_t counts(struct channel *channel, unsigned kind) {
    return COUNTS + (uint64_t)kind * 8 * channel->heap->header.slots;
}

bool channel_open(struct channel *channel, struct heap *heap, uint64_t offset) {
    *channel = (struct channel){.heap = heap, .base = heap->base + offset};
    if (heap->slot < 0)
        return heap_refuse(heap, EXIT_UNUSABLE, "is a plain file, which has no channels");
    if (!heap_catch_up(heap)) return false;
    if (offset % 128 != 0 || offset < heap->content || offset > heap->length - COUNTS)
        return heap_refuse(heap, EXIT_UNUSABLE,
                           "has no channel at offset %" PRIu64
                           ", expected a multiple of 128 from %" PRIu64 " to %" PRIu64,
                           offset, heap->content, heap->length - COUNTS);
    __atomic_load_n(word(channel, 0), __ATOMIC_ACQUIRE); /* the magic is written last */
    memcpy(&channel->fields, channel->base, sizeof channel->fields);
    if (!check_fields(heap, &channel->fields, offset)) return false;
    struct participant self;
    if (!participant_look(heap, (uint32_t)heap->slot, &self)) return false;
    channel->tag = participant_tag(heap, self.index, self.generation);
    uint64_t *own = word(channel, counts(channel, 1) + 8 * (uint64_t)heap->slot);
    __atomic_store_n(own, (uint64_t)channel->tag << 32 | 1, __ATOMIC_SEQ_CST);
    __atomic_fetch_add(word(channel, RECEIVER_ARRIVALS), 1, __ATOMIC_SEQ_CST);
    return true;
}

/* Event counts: section 7.2. */

static void signal_all(struct channel *channel, uint64_t offset) {
    uint32_t *event = word32(channel, offset);
    uint32_t found = __atomic_load_n(event, __ATOMIC_SEQ_CST);
    while ((found & 1) != 0) {
        if (__atomic_compare_exchange_n(event, &found, (found + 2) & ~UINT32_C(1), false,
                                        __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
            syscall(SYS_futex, event, FUTEX_WAKE, INT32_MAX, NULL, NULL, 0);
            return;
        }
    }
}

static uint32_t prepare(struct channel *channel, uint64_t offset) {
    return __atomic_fetch_or(word32(channel, offset), 1, __ATOMIC_SEQ_CST) | 1;
}

/* Returns whether the time is over. */
static bool sleep_on(struct channel *channel, uint64_t offset, uint32_t key, long nanoseconds) {
    struct timespec time = {.tv_nsec = nanoseconds};
    return syscall(SYS_futex, word32(channel, offset), FUTEX_WAIT, key, &time, NULL, 0) != 0;
}

/* Who receives a message in parts: section 8.4. */

static const uint64_t number_mask = (UINT64_C(1) << 34) - 1;

/* Takes a message whose first part is at the head. False: another process, which lives, has it. */
static bool take_message(struct channel *channel, uint64_t id, bool first) {
    uint64_t found = load(channel, PARTS_RECEIVER);
    uint32_t holder = (uint32_t)(found >> 34);
    if ((found & number_mask) == (id & number_mask) && holder != 0 && is_alive(channel, holder) &&
        holder != channel->tag)
        return false;
    uint64_t own = (uint64_t)channel->tag << 34 | (id & number_mask);
    return !first || change(word(channel, PARTS_RECEIVER), found, own);
}

static void drop_assembly(struct channel *channel) {
    if (channel->assembly.id == 0) return;
    free(channel->assembly.bytes);
    channel->assembly = (struct assembly){.id = 0};
    signal_all(channel, NOT_EMPTY);
}

void channel_end(struct channel *channel) {
    drop_assembly(channel);
    free(channel->bytes);
    channel->bytes = NULL;
    channel->room = 0;
}

/* Receiving. */

static enum received damaged(struct channel *channel, uint64_t position, const char *what) {
    heap_refuse(channel->heap, EXIT_FAILED,
                "has a damaged channel: at position 0x%" PRIx64 " %s", position, what);
    return FAILED;
}

static bool consume(struct channel *channel, uint64_t position, uint64_t end) {
    if (!change(word(channel, HEAD), position, end)) return false;
    signal_all(channel, NOT_FULL);
    return true;
}

static bool make_room(struct channel *channel, uint64_t length) {
    if (length <= channel->room) return true;
    unsigned char *bytes = realloc(channel->bytes, length);
    if (bytes == NULL)
        return heap_refuse(channel->heap, EXIT_FAILED,
                           "has a message of %" PRIu64 " bytes, for which there is no memory",
                           length);
    channel->bytes = bytes;
    channel->room = length;
    return true;
}

/* The part at the head. RECEIVED: the message is complete; NOTHING: look again; BUSY: somebody else
 * receives its message. */
static enum received receive_part(struct channel *channel, uint64_t position, uint64_t length) {
    struct assembly *assembly = &channel->assembly;
    const unsigned char *part = payload_at(channel, position);
    uint64_t end = behind(channel, position, granules_for(channel, length));
    uint64_t id, total;
    uint32_t index, size;
    memcpy(&id, part, 8);
    memcpy(&total, part + 8, 8);
    memcpy(&index, part + 16, 4);
    memcpy(&size, part + 20, 4);
    if (load(channel, HEAD) != position) return NOTHING;
    if (assembly->id != 0 && id != assembly->id) { /* its sender has given up */
        drop_assembly(channel);
        return NOTHING;
    }
    if (assembly->id == 0) {
        if (!take_message(channel, id, index == 0)) return BUSY;
        if (index != 0) { /* whoever received its beginning has died */
            consume(channel, position, end);
            return NOTHING;
        }
        *assembly = (struct assembly){.id = id, .total = total, .bytes = malloc(total)};
        if (assembly->bytes == NULL) {
            drop_assembly(channel);
            return damaged(channel, position, "begins a message for which there is no memory");
        }
    }
    if (index > assembly->parts && load(channel, PARTS_IDENTITY) != id) { /* being given up */
        drop_assembly(channel);
        consume(channel, position, end);
        return NOTHING;
    }
    if (length < PART_HEADER || size != length - PART_HEADER || index != assembly->parts ||
        total != assembly->total || size > total - assembly->received) {
        drop_assembly(channel);
        return damaged(channel, position, "is a part that does not belong here");
    }
    memcpy(assembly->bytes + assembly->received, part + PART_HEADER, size);
    if (!consume(channel, position, end)) { /* dropped by its sender */
        drop_assembly(channel);
        return NOTHING;
    }
    assembly->received += size;
    assembly->parts++;
    return assembly->received == total ? RECEIVED : NOTHING;
}

static enum received complete(struct channel *channel, const unsigned char **bytes,
                              uint64_t *length) {
    free(channel->bytes);
    channel->bytes = channel->assembly.bytes;
    channel->room = channel->assembly.total;
    channel->assembly = (struct assembly){.id = 0};
    signal_all(channel, NOT_EMPTY);
    *bytes = channel->bytes;
    *length = channel->room;
    return RECEIVED;
}

/* A claim at the head: waits, or makes it padding if its sender is dead. */
static bool settle(struct channel *channel, uint64_t position, uint64_t header) {
    if (is_alive(channel, (uint32_t)(header >> 31) & 0x3fffffff)) return false;
    uint64_t lap = lap_of(channel, position) & lap_mask;
    change(header_at(channel, position), header,
           (uint64_t)PADDING << 61 | lap << 28 | (header & 0xffffff));
    return true;
}

enum received channel_try_receive(struct channel *channel, const unsigned char **bytes,
                                  uint64_t *length) {
    uint64_t sending = load(channel, PARTS_IDENTITY);
    while (true) {
        uint64_t position = load(channel, HEAD);
        uint64_t header = __atomic_load_n(header_at(channel, position), __ATOMIC_ACQUIRE);
        uint64_t lap = lap_of(channel, position);
        unsigned state = (unsigned)(header >> 61);
        bool of_lap = state > CLAIM && (header >> 28 & lap_mask) == (lap & lap_mask);
        uint64_t size = header & length_mask;
        uint64_t run = state == PADDING ? size : granules_for(channel, size);
        if (of_lap && state != CLOSE &&
            (run > channel->fields.granules - index_of(channel, position) ||
             (!is_stream(channel) && state == MESSAGE &&
              size > channel->fields.payload_stride - 8)))
            return damaged(channel, position, "something is longer than there is room");
        if (of_lap && state == MESSAGE) {
            if (!make_room(channel, size)) return FAILED;
            if (size > 0) memcpy(channel->bytes, payload_at(channel, position), size);
            if (!consume(channel, position, behind(channel, position, run))) continue;
            *bytes = channel->bytes;
            *length = size;
            return RECEIVED;
        }
        if (load(channel, HEAD) != position) continue;
        if (of_lap && state == CLOSE) return CLOSED;
        if (of_lap && state == PADDING) {
            consume(channel, position, behind(channel, position, run));
        } else if (of_lap && state == PART) {
            enum received part = receive_part(channel, position, size);
            if (part == RECEIVED) return complete(channel, bytes, length);
            if (part != NOTHING) return part;
            sending = load(channel, PARTS_IDENTITY);
        } else if (state == CLAIM && (header >> 24 & 0x7f) == (lap & 0x7f)) {
            if (!settle(channel, position, header)) return BUSY;
        } else if (channel->assembly.id != 0 && sending != channel->assembly.id) {
            drop_assembly(channel); /* its sender has given up */
        } else if (channel->assembly.id != 0 &&
                   !is_alive(channel, (uint32_t)(channel->assembly.id >> 34))) {
            sending = 0; /* look once more: its last part may have come meanwhile */
        } else {
            return NOTHING;
        }
    }
}

static bool senders_have_gone(struct channel *channel) {
    if (load(channel, SENDER_ARRIVALS) == 0) return false;
    for (uint64_t slot = 0; slot < channel->heap->header.slots; slot++) {
        uint64_t count = load(channel, counts(channel, 0) + 8 * slot);
        if ((uint32_t)count != 0 && is_alive(channel, (uint32_t)(count >> 32))) return false;
    }
    return true;
}

enum received channel_receive(struct channel *channel, const unsigned char **bytes,
                              uint64_t *length) {
    int busy = 0;
    while (true) {
        enum received received = channel_try_receive(channel, bytes, length);
        if (received != NOTHING && received != BUSY) return received;
        uint32_t key = prepare(channel, NOT_EMPTY);
        received = channel_try_receive(channel, bytes, length);
        if (received != NOTHING && received != BUSY) return received;
        bool shortly = received == BUSY && busy++ < moments;
        bool over = sleep_on(channel, NOT_EMPTY, key, shortly ? moment : slice);
        if (!over || shortly || !senders_have_gone(channel)) continue;
        received = channel_try_receive(channel, bytes, length);
        if (received != BUSY) return received;
    }
}
