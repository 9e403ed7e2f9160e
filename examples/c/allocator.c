/*
 * Finding, mapping and reading the tables of an allocator: sections 6.1, 6.3 and 6.4 of
 * docs/FORMAT.md.
 */
#include "allocator.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

static const unsigned char magic[8] = {0x52, 0x53, 0x5A, 0x41, 0x4C, 0x4C, 0x4F, 0x43};
static const uint64_t most_chunks = (1 << 24) - 1;

enum { SLOT_CLEAN = 3, SLOT_FRESH = 5 }; /* forms of a slot's word */
enum { ROOT_IN_USE = 1 };
enum { PAGE_LENGTH = 4096, CHUNKS_SAID = 256, LANES_SAID = 384, ROOTS_SAID = 768 };

/* The part of the allocator's page that never changes. */
struct page {
    unsigned char magic[8];
    uint32_t version;
    uint32_t flags;
    uint64_t summary;
    uint64_t roots;
    uint64_t lanes;
    uint64_t owners;
    uint64_t hints;
    uint64_t descriptors;
    uint64_t chunks;
    uint32_t root_count;
    uint32_t lane_count;
    uint64_t chunk_count;
};

_Static_assert(offsetof(struct page, chunk_count) == 80, "number of chunks");

unsigned owner_state(uint64_t word) { return (unsigned)(word >> 60); }

unsigned owner_class(uint64_t word) { return (unsigned)(word >> 54 & 63); }

uint64_t slot_block(uint64_t word) {
    bool is_reference = (word & 7) == SLOT_CLEAN || (word & 7) == SLOT_FRESH;
    return is_reference ? word >> 24 << 4 : 0;
}

unsigned owner_lane(uint64_t word) { return (unsigned)(word >> 42 & 4095); }

uint64_t owner_aux(uint64_t word) { return word & 0xFFFFFF; }

bool owner_is_slab(uint64_t word) {
    unsigned state = owner_state(word);
    return state == ACTIVE || state == FULL || state == PARTIAL;
}

uint64_t class_size(unsigned class) {
    if (class < 4) return 16 * (class + 1);
    uint64_t base = UINT64_C(64) << (class - 4) / 4;
    return base + base / 4 * ((class - 4) % 4 + 1);
}

uint64_t class_chunks(unsigned class) {
    uint64_t size = class_size(class);
    uint64_t chunks = 1;
    while (CHUNK_LENGTH * chunks < size || CHUNK_LENGTH * chunks % size > 4096 * chunks) chunks++;
    return chunks;
}

uint64_t class_blocks(unsigned class) {
    return CHUNK_LENGTH * class_chunks(class) / class_size(class);
}

static uint64_t up(uint64_t offset, uint64_t unit) { return (offset + unit - 1) / unit * unit; }

static uint64_t between(uint64_t least, uint64_t value, uint64_t most) {
    return value < least ? least : value > most ? most : value;
}

/* Neither can overflow: the span ends below 2^47. */
static struct tables lay_tables(uint64_t data, uint64_t chunk_count) {
    uint64_t groups = (chunk_count + 63) / 64;
    uint64_t summary_words = HINT_KINDS * ((groups + 63) / 64);
    struct tables tables = {.root_count = between(32, chunk_count / 4, 1024),
                            .lane_count = between(16, chunk_count / 4, 4095),
                            .chunk_count = chunk_count};
    tables.summary = data + PAGE_LENGTH;
    tables.roots = up(tables.summary + 8 * summary_words, PAGE_LENGTH);
    tables.lanes = up(tables.roots + ROOT_LENGTH * tables.root_count, PAGE_LENGTH);
    tables.owners = up(tables.lanes + LANE_LENGTH * tables.lane_count, PAGE_LENGTH);
    tables.hints = up(tables.owners + 8 * chunk_count, PAGE_LENGTH);
    tables.descriptors = up(tables.hints + GROUP_LENGTH * groups, PAGE_LENGTH);
    tables.chunks = up(tables.descriptors + DESCRIPTOR_LENGTH * chunk_count, CHUNK_LENGTH);
    return tables;
}

/* The tables with the most chunks that fit; no chunks if none does. */
static struct tables largest_tables(uint64_t data, uint64_t span) {
    uint64_t fits = 0;
    uint64_t fails = between(0, span / CHUNK_LENGTH, most_chunks) + 1;
    while (fails - fits > 1) {
        uint64_t middle = fits + (fails - fits) / 2;
        if (lay_tables(data, middle).chunks + CHUNK_LENGTH * middle <= span)
            fits = middle;
        else
            fails = middle;
    }
    return lay_tables(data, fits);
}

static bool check_page(struct allocator *allocator) {
    struct heap *heap = &allocator->heap;
    struct page page;
    memcpy(&page, allocator->base + heap->content, sizeof page);
    if (memcmp(page.magic, magic, sizeof magic) != 0)
        return heap_refuse(heap, EXIT_UNUSABLE,
                           "has no allocator: another magic is at its data offset %" PRIu64,
                           heap->content);
    if (page.version > 1)
        return heap_refuse(heap, EXIT_UNUSABLE,
                           "has an allocator of version %" PRIu32
                           ", expected 1: use a newer program",
                           page.version);
    struct tables found = {.summary = page.summary,
                           .roots = page.roots,
                           .lanes = page.lanes,
                           .owners = page.owners,
                           .hints = page.hints,
                           .descriptors = page.descriptors,
                           .chunks = page.chunks,
                           .root_count = page.root_count,
                           .lane_count = page.lane_count,
                           .chunk_count = page.chunk_count};
    struct tables expected = largest_tables(heap->content, heap->header.max);
    if (page.version != 1 || expected.chunk_count == 0 ||
        memcmp(&found, &expected, sizeof found) != 0)
        return heap_refuse(heap, EXIT_DAMAGED,
                           "has a damaged allocator: version %" PRIu32 ", %" PRIu64
                           " chunks from %" PRIu64 " on, expected version 1, %" PRIu64
                           " chunks from %" PRIu64 " on, and the tables before them",
                           page.version, found.chunk_count, found.chunks, expected.chunk_count,
                           expected.chunks);
    allocator->tables = expected;
    return true;
}

/* Maps what is in use now. */
static bool map(struct allocator *allocator) {
    struct heap *heap = &allocator->heap;
    struct stat stat;
    uint64_t length = heap->header.flen;
    if (allocator->base != NULL) {
        length = allocator_load(allocator, 0);
        munmap((void *)(uintptr_t)allocator->base, allocator->length);
        allocator->base = NULL;
    }
    if (fstat(heap->fd, &stat) != 0)
        return heap_refuse(heap, EXIT_UNUSABLE, "fstat: %s", strerror(errno));
    if (length > heap->header.max || length > (uint64_t)stat.st_size || length <= heap->content)
        return heap_refuse(heap, EXIT_UNUSABLE,
                           "has flen %" PRIu64 ", expected at most %" PRIu64 " and %" PRIu64
                           " (the file): truncated or damaged",
                           length, heap->header.max, (uint64_t)stat.st_size);
    void *base = mmap(NULL, length, PROT_READ, MAP_SHARED, heap->fd, 0);
    if (base == MAP_FAILED)
        return heap_refuse(heap, EXIT_UNUSABLE, "cannot be mapped: %s", strerror(errno));
    allocator->base = base;
    allocator->length = length;
    return true;
}

/* The number of chunks is read before the length: it is raised after it. */
static bool map_all(struct allocator *allocator) {
    do {
        if (!map(allocator)) return false;
        uint64_t page = allocator->heap.content;
        allocator->chunks_said = allocator_load(allocator, page + CHUNKS_SAID);
        allocator->lanes_said = allocator_load(allocator, page + LANES_SAID);
        allocator->roots_said = allocator_load(allocator, page + ROOTS_SAID);
    } while (allocator_load(allocator, 0) != allocator->length);
    return true;
}

bool allocator_open(struct allocator *allocator, const char *path) {
    *allocator = (struct allocator){.length = 0};
    struct heap *heap = &allocator->heap;
    if (!heap_open(heap, path, false)) {
        heap->problem.status = EXIT_UNUSABLE;
        return false;
    }
    if (heap->plain)
        return heap_refuse(heap, EXIT_UNUSABLE, "is a plain file, which has no allocator");
    if (!map_all(allocator) || !check_page(allocator)) return false;
    const struct tables *tables = &allocator->tables;
    if (allocator->length < tables->chunks)
        return heap_refuse(heap, EXIT_DAMAGED,
                           "has flen %" PRIu64 ", expected at least %" PRIu64
                           ", where its chunks begin",
                           allocator->length, tables->chunks);
    uint64_t room = (allocator->length - tables->chunks) / CHUNK_LENGTH;
    uint64_t most = room < tables->chunk_count ? room : tables->chunk_count;
    allocator->chunks = between(0, allocator->chunks_said, most);
    allocator->lanes = between(0, allocator->lanes_said, tables->lane_count);
    allocator->roots = between(0, allocator->roots_said, tables->root_count);
    return true;
}

void allocator_close(struct allocator *allocator) {
    if (allocator->base != NULL) munmap((void *)(uintptr_t)allocator->base, allocator->length);
    allocator->base = NULL;
    heap_detach(&allocator->heap);
}

uint64_t allocator_load(struct allocator *allocator, uint64_t offset) {
    if (offset % 8 != 0 || offset > allocator->length - 8) {
        allocator->outside = true;
        return 0;
    }
    return __atomic_load_n((const uint64_t *)(const void *)(allocator->base + offset),
                           __ATOMIC_ACQUIRE);
}

uint64_t allocator_owner(struct allocator *allocator, uint64_t chunk) {
    return allocator_load(allocator, allocator->tables.owners + 8 * chunk);
}

uint64_t allocator_local(struct allocator *allocator, uint64_t chunk, uint64_t word) {
    uint64_t descriptor = allocator->tables.descriptors + DESCRIPTOR_LENGTH * chunk;
    return allocator_load(allocator, descriptor + 8 * word);
}

uint64_t allocator_remote(struct allocator *allocator, uint64_t chunk, uint64_t word) {
    uint64_t descriptor = allocator->tables.descriptors + DESCRIPTOR_LENGTH * chunk;
    return allocator_load(allocator, descriptor + REMOTE_BITMAP + 8 * word);
}

uint64_t allocator_chunk_offset(const struct allocator *allocator, uint64_t chunk) {
    return allocator->tables.chunks + CHUNK_LENGTH * chunk;
}

uint64_t allocator_lane_offset(const struct allocator *allocator, uint64_t lane) {
    return allocator->tables.lanes + LANE_LENGTH * (lane - 1);
}

bool allocator_hinted(struct allocator *allocator, uint64_t kind, uint64_t chunk) {
    const struct tables *tables = &allocator->tables;
    uint64_t group = chunk / 64;
    uint64_t words = ((tables->chunk_count + 63) / 64 + 63) / 64;
    uint64_t bits = allocator_load(allocator, tables->hints + GROUP_LENGTH * group + 8 * kind);
    uint64_t groups =
        allocator_load(allocator, tables->summary + 8 * (kind * words + group / 64));
    return (bits >> chunk % 64 & 1) != 0 && (groups >> group % 64 & 1) != 0;
}

uint64_t allocator_root(struct allocator *allocator, const char *name) {
    size_t length = strlen(name);
    for (uint64_t i = 0; i < allocator->roots; i++) {
        uint64_t offset = allocator->tables.roots + ROOT_LENGTH * i;
        struct root root;
        uint64_t state;
        do {
            state = allocator_load(allocator, offset);
            memcpy(&root, allocator->base + offset, sizeof root);
            __atomic_thread_fence(__ATOMIC_ACQUIRE);
        } while (allocator_load(allocator, offset) != state);
        uint64_t block = slot_block(root.slot);
        if ((state & ROOT_IN_USE) != 0 && block != 0 && root.name_length == length &&
            length <= ROOT_NAME_LENGTH && memcmp(root.name, name, length) == 0)
            return block;
    }
    heap_refuse(&allocator->heap, EXIT_UNUSABLE, "has no root named \"%s\"", name);
    return 0;
}
