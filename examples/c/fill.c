#include "fill.h"

#include <inttypes.h>

static uint64_t add_to_index(struct heap *heap, uint64_t claim) {
    void *index = heap->base + heap->content;
    return heap->plain ? __atomic_fetch_add((uint32_t *)index, (uint32_t)claim, __ATOMIC_ACQ_REL)
                       : __atomic_fetch_add((uint64_t *)index, claim, __ATOMIC_ACQ_REL);
}

/* The index of a plain file has 32 bits: leave room for what 1024 workers overshoot. */
bool fill_plan(struct heap *heap, struct fill *fill) {
    const uint64_t workers = 1024;
    if (heap->plain) {
        fill->first = heap->content + 4;
        if (fill->bytes == 0)
            return heap_refuse(heap, EXIT_UNUSABLE, "is a plain file, expected --bytes with it");
        if (fill->claim == 0) fill->claim = 1;
        if (fill->bytes > UINT32_MAX || fill->claim > (UINT32_MAX - fill->bytes) / workers)
            return heap_refuse(heap, EXIT_UNUSABLE,
                               "is a plain file and cannot take --bytes %" PRIu64
                               " and --claim %" PRIu64 ", expected bytes + %" PRIu64
                               " * claim < 2^32",
                               fill->bytes, fill->claim, workers);
    } else {
        if (fill->bytes != 0 || fill->claim != 0)
            return heap_refuse(
                heap, EXIT_UNUSABLE,
                "is a heap, expected neither --bytes nor --claim with it: the file says both");
        const uint64_t *plan = (const uint64_t *)(void *)(heap->base + heap->content + 128);
        fill->bytes = plan[0];
        fill->claim = plan[1];
        fill->first = heap->content + 256;
        if (fill->bytes == 0 || fill->claim == 0 || fill->claim > UINT32_MAX)
            return heap_refuse(heap, EXIT_UNUSABLE,
                               "has total %" PRIu64 " and claim %" PRIu64
                               ", expected 1 or more, claim below 2^32",
                               fill->bytes, fill->claim);
    }
    if (fill->bytes <= heap->header.max - fill->first) return true;
    return heap_refuse(heap, EXIT_UNUSABLE,
                       "has a span of %" PRIu64 " bytes, expected %" PRIu64
                       " more than the %" PRIu64 " to fill",
                       heap->header.max, fill->first, fill->bytes);
}

static bool take_claim(struct heap *heap, struct fill *fill, uint64_t index) {
    uint64_t rest = fill->bytes - index;
    uint64_t length = fill->claim < rest ? fill->claim : rest;
    if (!heap_make_room(heap, fill->first + index + length)) return false;
    unsigned char *bytes = heap->base + fill->first + index;
    for (uint64_t i = 0; i < length; i++) {
        if (bytes[i] != 0)
            return heap_refuse(heap, EXIT_FAILED,
                               "has 0x%02x at offset %" PRIu64
                               ", expected 0: claimed twice, or written by others",
                               bytes[i], fill->first + index + i);
        bytes[i] = fill->letter;
    }
    fill->count += length;
    return true;
}

bool fill_run(struct heap *heap, struct fill *fill) {
    /* Adding nothing first: in a full heap the index stays, however many come. */
    uint64_t index = add_to_index(heap, 0);
    while (index < fill->bytes && (index = add_to_index(heap, fill->claim)) < fill->bytes)
        if (!take_claim(heap, fill, index)) return false;
    return true;
}
