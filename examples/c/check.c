/* Chunks and lanes. */
#include "check.h"

#include <inttypes.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TRIES = 100 };
enum { LANE_FREE = 0, LANE_RECOVERED = 2 };

void check_add(struct check *check, enum severity severity, uint64_t offset, const char *format,
               ...) {
    if (check->count == check->room) {
        size_t room = check->room == 0 ? 64 : 2 * check->room;
        struct finding *more = realloc(check->findings, room * sizeof *more);
        if (more == NULL) {
            check->exhausted = true;
            return;
        }
        check->findings = more;
        check->room = room;
    }
    struct finding *finding = &check->findings[check->count++];
    finding->severity = severity;
    finding->offset = offset;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(finding->text, sizeof finding->text, format, arguments);
    va_end(arguments);
}

static uint64_t lane_word(struct check *check, uint64_t lane) {
    return allocator_load(check->allocator, allocator_lane_offset(check->allocator, lane));
}

/* Whether the participant of a lane that is not free is alive; see struct check. */
static int lane_owner(struct check *check, uint64_t lane) {
    if (check->owners[lane] != 0) return check->owners[lane];
    struct heap *heap = &check->allocator->heap;
    uint64_t word = lane_word(check, lane);
    uint32_t slot = (uint32_t)(word >> 30 & 0xFFFFF);
    struct participant participant;
    int owner = -2;
    if (slot < heap->header.slots && participant_look(heap, slot, &participant)) {
        bool alive = strcmp(participant.state, "live") == 0 &&
                     participant.generation == (word & 0x3FFFFFFF);
        owner = alive ? 1 : -1;
    }
    return check->owners[lane] = (signed char)owner;
}

/* A chunk in the hand of a lane, which must be somebody's. */
static void look_at_holder(struct check *check, uint64_t offset, uint64_t word) {
    uint64_t lane = owner_lane(word);
    if (lane < 1 || lane > check->allocator->lanes)
        check_add(check, DAMAGE, offset, "the chunk is of lane %" PRIu64 ", which does not exist",
                  lane);
    else if (lane_word(check, lane) >> 60 == LANE_FREE)
        check_add(check, DAMAGE, offset, "the chunk is of lane %" PRIu64 ", which is free", lane);
    else if (lane_owner(check, lane) == -1)
        check_add(check, RECOVERABLE, offset,
                  "the chunk is of lane %" PRIu64 ", whose owner is dead", lane);
}

/* The chunks behind the first must say that they belong to it. */
static void look_at_members(struct check *check, uint64_t first, uint64_t chunks) {
    for (uint64_t i = 1; i < chunks; i++) {
        uint64_t word = allocator_owner(check->allocator, first + i);
        uint64_t offset = allocator_chunk_offset(check->allocator, first + i);
        unsigned state = owner_state(word);
        if ((state != BODY && state != RESERVED) || owner_aux(word) != i)
            check_add(check, DAMAGE, offset,
                      "chunk %" PRIu64 " belongs to chunk %" PRIu64 ", and has owner word 0x%016" PRIx64,
                      first + i, first, word);
        else if (state == RESERVED)
            look_at_holder(check, offset, word);
    }
}

static void look_at_hint(struct check *check, uint64_t chunk, uint64_t kind) {
    if (!allocator_hinted(check->allocator, kind, chunk))
        check_add(check, NOTE, allocator_chunk_offset(check->allocator, chunk),
                  "no hint leads to chunk %" PRIu64, chunk);
}

/* Bits that are to be 0, of a chunk that is not the first of a slab or behind the last block. */
static void look_at_unused_bits(struct check *check, uint64_t chunk, uint64_t from) {
    for (uint64_t i = from; i < BITMAP_WORDS; i++)
        if (allocator_local(check->allocator, chunk, i) != 0 ||
            allocator_remote(check->allocator, chunk, i) != 0) {
            check_add(check, DAMAGE, allocator_chunk_offset(check->allocator, chunk),
                      "left over: chunk %" PRIu64 " has bits in its bitmaps that stand for nothing",
                      chunk);
            return;
        }
}

static void explain_slab(struct check *check, uint64_t chunk, uint64_t word) {
    uint64_t offset = allocator_chunk_offset(check->allocator, chunk);
    unsigned class = owner_class(word);
    unsigned state = owner_state(word);
    uint64_t blocks = class_blocks(class), in_use = 0;
    uint64_t words = (blocks + 63) / 64;
    bool freed = false, behind = false, twice = false;
    for (uint64_t i = 0; i < words; i++) {
        uint64_t rest = blocks - 64 * i;
        uint64_t mask = rest >= 64 ? UINT64_MAX : (UINT64_C(1) << rest) - 1;
        uint64_t local = allocator_local(check->allocator, chunk, i);
        uint64_t remote = allocator_remote(check->allocator, chunk, i);
        behind |= ((local | remote) & ~mask) != 0;
        twice |= state != ACTIVE && (remote & ~local) != 0;
        freed |= remote != 0;
        in_use += (uint64_t)__builtin_popcountll(local & ~remote & mask);
    }
    if (behind)
        check_add(check, DAMAGE, offset, "slab %" PRIu64 " has bits behind its last block", chunk);
    if (twice)
        check_add(check, DAMAGE, offset, "slab %" PRIu64 " has blocks that were freed twice", chunk);
    look_at_unused_bits(check, chunk, words);
    check->sums.used += in_use * class_size(class);
    check->sums.blocks += in_use;
    check->sums.free += CHUNK_LENGTH * class_chunks(class) - in_use * class_size(class);
    check->sums.slabs[class]++;
    check->sums.blocks_of[class] += in_use;
    look_at_members(check, chunk, class_chunks(class));
    if (state == ACTIVE)
        look_at_holder(check, offset, word);
    else if (state == PARTIAL)
        look_at_hint(check, chunk, 1 + class);
    else if (freed)
        check_add(check, NOTE, offset, "slab %" PRIu64 " has room, and is said to be full", chunk);
}

/* The fields of an owner word that are 0 in this state: section 6.3. */
static void look_at_fields(struct check *check, uint64_t chunk, uint64_t word) {
    unsigned state = owner_state(word);
    bool holder = state == ACTIVE || state == RESERVED || state == FREEING;
    bool counts = state != EMPTY && state != FULL && state != PARTIAL;
    uint64_t most = counts ? UINT64_MAX : state == EMPTY ? 1 : 0;
    if ((!owner_is_slab(word) && owner_class(word) != 0) || (!holder && owner_lane(word) != 0) ||
        owner_aux(word) > most)
        check_add(check, DAMAGE, allocator_chunk_offset(check->allocator, chunk),
                  "left over: chunk %" PRIu64 " has owner word 0x%016" PRIx64
                  " with fields that are to be 0",
                  chunk, word);
}

/* How many chunks belong together, said by the first; 0: it says nonsense. */
static uint64_t extent(uint64_t word) {
    unsigned state = owner_state(word);
    if (state == LARGE || state == FREEING) return owner_aux(word);
    if (!owner_is_slab(word)) return 1;
    return owner_class(word) < SIZE_CLASSES ? class_chunks(owner_class(word)) : 0;
}

/* Explains what begins at a chunk; returns how many chunks that is. */
static uint64_t explain(struct check *check, uint64_t chunk, uint64_t word) {
    struct allocator *allocator = check->allocator;
    uint64_t offset = allocator_chunk_offset(allocator, chunk);
    uint64_t chunks = extent(word);
    unsigned state = owner_state(word);
    if (chunks == 0 || chunks > allocator->chunks - chunk || state > FREEING) {
        const char *why = state > FREEING                          ? "an unknown state"
                          : owner_is_slab(word) && chunks == 0     ? "an unknown size class"
                          : chunks == 0                            ? "no chunks"
                                                                   : "chunks that are not there";
        check_add(check, DAMAGE, offset,
                  "chunk %" PRIu64 " has owner word 0x%016" PRIx64 ", of %s", chunk, word, why);
        if (state == FREEING) look_at_holder(check, offset, word);
        check->sums.reserved += CHUNK_LENGTH;
        return 1;
    }
    look_at_fields(check, chunk, word);
    if (state == EMPTY) {
        check->sums.free += CHUNK_LENGTH;
        look_at_hint(check, chunk, 0);
        look_at_unused_bits(check, chunk, 0);
    } else if (owner_is_slab(word)) {
        explain_slab(check, chunk, word);
    } else if (state == LARGE) {
        check->sums.used += CHUNK_LENGTH * chunks;
        check->sums.blocks++;
        check->sums.runs++;
        look_at_members(check, chunk, chunks);
        look_at_unused_bits(check, chunk, 0);
    } else {
        check->sums.reserved += CHUNK_LENGTH;
        uint64_t distance = owner_aux(word);
        if (state != BODY)
            look_at_holder(check, offset, word);
        else if (distance > chunk ||
                 owner_state(allocator_owner(allocator, chunk - distance)) != FREEING)
            check_add(check, DAMAGE, offset,
                      "chunk %" PRIu64 " is said to belong to the chunk %" PRIu64
                      " before it, which does not know it",
                      chunk, distance);
        chunks = 1; /* of those that are being freed, the others may be somebody's already */
    }
    return chunks;
}

/* Looks again as long as there are findings in what changes. */
static uint64_t walk_from(struct check *check, uint64_t chunk) {
    for (int i = 0;; i++) {
        size_t count = check->count;
        struct sums sums = check->sums;
        uint64_t word = allocator_owner(check->allocator, chunk);
        uint64_t chunks = explain(check, chunk, word);
        bool steady = allocator_owner(check->allocator, chunk) == word;
        if (steady && (check->count == count || i >= TRIES)) return chunks;
        if (i >= 2 * TRIES) return chunks; /* somebody is at it all the time */
        check->count = count;
        check->sums = sums;
        sched_yield();
    }
}

static void look_at_lanes(struct check *check) {
    struct allocator *allocator = check->allocator;
    for (uint64_t lane = 1; lane <= allocator->lanes; lane++) {
        uint64_t offset = allocator_lane_offset(allocator, lane);
        uint64_t word = lane_word(check, lane);
        uint64_t state = word >> 60;
        if (state > LANE_RECOVERED || (state == LANE_FREE && word != 0) ||
            (word >> 44 & 0xFFFF) != 0)
            check_add(check, DAMAGE, offset,
                      "lane %" PRIu64 " has word 0x%016" PRIx64 ", which is none", lane, word);
        else if (state != LANE_FREE && lane_owner(check, lane) == -2)
            check_add(check, DAMAGE, offset,
                      "lane %" PRIu64 " has word 0x%016" PRIx64
                      " with a participant that does not exist",
                      lane, word);
        else if (state != LANE_FREE && lane_owner(check, lane) == -1)
            check_add(check, RECOVERABLE, offset, "lane %" PRIu64 " is that of a dead process",
                      lane);
        if (allocator_load(allocator, offset + LANE_PENDING) > allocator->tables.chunk_count)
            check_add(check, NOTE, offset + LANE_PENDING,
                      "lane %" PRIu64 " has a pending word that names no chunk", lane);
    }
}

/* A chunk in use behind the last, as far as the tables surely have memory; or UINT64_MAX. */
static uint64_t chunk_behind(struct allocator *allocator) {
    uint64_t first = allocator->chunks, page = 4096 / 8;
    uint64_t room =
        (allocator->length - allocator->tables.chunks) / CHUNK_LENGTH;
    uint64_t end = (first / page + 1) * page;
    if (end > room) end = room;
    if (end > allocator->tables.chunk_count) end = allocator->tables.chunk_count;
    for (uint64_t chunk = first; chunk < end; chunk++)
        if (allocator_owner(allocator, chunk) != 0) return chunk;
    uint64_t groups = (first + 63) / 64;
    uint64_t words = ((allocator->tables.chunk_count + 63) / 64 + 63) / 64;
    for (uint64_t kind = 0; kind < 1 + SIZE_CLASSES; kind++)
        for (uint64_t word = groups / 64; word < words; word++) {
            uint64_t bits =
                allocator_load(allocator, allocator->tables.summary + 8 * (kind * words + word));
            if (word == groups / 64) bits &= UINT64_MAX << groups % 64;
            if (bits != 0) return (64 * word + (uint64_t)__builtin_ctzll(bits)) * 64;
        }
    return UINT64_MAX;
}

/* A lane in use behind the last, on the same page; or 0. */
static uint64_t lane_behind(struct check *check) {
    uint64_t lanes = check->allocator->lanes;
    uint64_t end = (lanes + 7) / 8 * 8;
    if (end > check->allocator->tables.lane_count) end = check->allocator->tables.lane_count;
    for (uint64_t lane = lanes + 1; lane <= end; lane++)
        if (lane_word(check, lane) != 0) return lane;
    return 0;
}

/* A root that was used behind the last, where there is memory for sure; or UINT64_MAX. */
static uint64_t root_behind(struct check *check) {
    const struct tables *tables = &check->allocator->tables;
    uint64_t roots = check->allocator->roots;
    uint64_t pages = roots == 0 ? 1 : (roots + 31) / 32;
    uint64_t end = pages * 32 < tables->root_count ? pages * 32 : tables->root_count;
    for (uint64_t root = roots; root < end; root++)
        if (allocator_load(check->allocator, tables->roots + ROOT_LENGTH * root) != 0)
            return root;
    return UINT64_MAX;
}

/* Bytes of the own page that are in no field are 0; those of fields were compared before. */
static void look_at_reserved(struct check *check) {
    uint64_t page = check->allocator->heap.content;
    for (uint64_t at = 88; at < 4096; at += 8) {
        if (at == 256 || at == 384 || at == 512 || at == 640 || at == 768) continue;
        uint64_t word = allocator_load(check->allocator, page + at);
        if (word != 0)
            check_add(check, DAMAGE, page + at,
                      "the allocator's page has 0x%016" PRIx64 " at %" PRIu64 ", expected 0", word,
                      at);
    }
}

static void look_at_numbers(struct check *check) {
    struct allocator *allocator = check->allocator;
    uint64_t page = allocator->heap.content;
    look_at_reserved(check);
    uint64_t chunk = chunk_behind(allocator);
    if (chunk != UINT64_MAX && allocator_load(allocator, page + 256) <= chunk)
        check_add(check, DAMAGE, page + 256,
                  "%" PRIu64 " chunks are said to exist, and chunk %" PRIu64 " is in use",
                  allocator->chunks, chunk);
    uint64_t lane = lane_behind(check);
    if (lane != 0 && allocator_load(allocator, page + 384) < lane)
        check_add(check, DAMAGE, page + 384,
                  "%" PRIu64 " lanes are said to exist, and lane %" PRIu64 " is in use",
                  allocator->lanes, lane);
    uint64_t root = root_behind(check);
    if (root != UINT64_MAX && allocator_load(allocator, page + 768) <= root)
        check_add(check, DAMAGE, page + 768,
                  "%" PRIu64 " roots are said to exist, and root %" PRIu64 " was used",
                  allocator->roots, root);
    if (allocator->roots_said > allocator->roots)
        check_add(check, DAMAGE, page + 768,
                  "%" PRIu64 " roots are said to exist, expected at most %" PRIu64,
                  allocator->roots_said, allocator->roots);
    if (allocator_load(allocator, page + 640) >> 63 != 0)
        check_add(check, DAMAGE, page + 640, "a negative number of lanes was recovered");
    if (allocator->chunks_said > allocator->chunks)
        check_add(check, DAMAGE, page + 256,
                  "%" PRIu64 " chunks are said to exist, expected at most %" PRIu64,
                  allocator->chunks_said, allocator->chunks);
    if (allocator->lanes_said > allocator->lanes)
        check_add(check, DAMAGE, page + 384,
                  "%" PRIu64 " lanes are said to exist, expected at most %" PRIu64,
                  allocator->lanes_said, allocator->lanes);
}

bool check_run(struct check *check, struct allocator *allocator) {
    *check = (struct check){.allocator = allocator};
    check->owners = calloc(allocator->lanes + 1, 1);
    if (check->owners == NULL) return false;
    look_at_numbers(check);
    for (uint64_t chunk = 0; chunk < allocator->chunks;) chunk += walk_from(check, chunk);
    check->sums.free +=
        allocator->length - allocator_chunk_offset(allocator, allocator->chunks);
    look_at_lanes(check);
    check_roots(check);
    if (allocator->outside)
        check_add(check, DAMAGE, 0, "something outside of the heap was referred to");
    return !check->exhausted;
}

void check_end(struct check *check) {
    free(check->findings);
    free(check->owners);
}
