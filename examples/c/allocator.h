/*
 * The allocator of a heap, to be read: sections 6.1 to 6.8 of docs/FORMAT.md.
 *
 * allocator.c  finds and maps the tables, and reads single words
 * check.c      walks over all of it
 *
 * The file is mapped for reading at any address. It may be damaged in any way: each word is read
 * with allocator_load, which looks at the bounds first.
 */
#ifndef ALLOCATOR_H
#define ALLOCATOR_H

#include "heap.h"

enum {
    CHUNK_LENGTH = 65536,
    DESCRIPTOR_LENGTH = 1024,
    REMOTE_BITMAP = 512, /* in a descriptor */
    BITMAP_WORDS = 64,
    LANE_LENGTH = 512,
    LANE_PENDING = 128,
    ROOT_LENGTH = 128,
    ROOT_NAME_LENGTH = 88,
    GROUP_LENGTH = 424,
    SIZE_CLASSES = 52,
    HINT_KINDS = 1 + SIZE_CLASSES
};

enum owner_state { EMPTY, ACTIVE, FULL, PARTIAL, RESERVED, LARGE, BODY, FREEING };

/* Section 6.8. */
struct root {
    uint64_t state;
    uint64_t slot;
    uint64_t type;
    uint32_t version;
    uint32_t name_length;
    uint64_t size;
    unsigned char name[ROOT_NAME_LENGTH];
};

_Static_assert(sizeof(struct root) == ROOT_LENGTH, "root");

/* Section 6.1: what follows from the data offset and the span. */
struct tables {
    uint64_t summary;
    uint64_t roots;
    uint64_t lanes;
    uint64_t owners;
    uint64_t hints;
    uint64_t descriptors;
    uint64_t chunks;
    uint64_t root_count;
    uint64_t lane_count;
    uint64_t chunk_count;
};

struct allocator {
    struct heap heap; /* opened, not attached */
    const unsigned char *base;
    uint64_t length; /* mapped */
    struct tables tables;
    uint64_t chunks_said; /* number of chunks that are said to exist */
    uint64_t lanes_said;
    uint64_t roots_said; /* number of roots that are said to have been used */
    uint64_t chunks; /* of these, as many as there can be */
    uint64_t lanes;
    uint64_t roots;
    bool outside; /* something outside of the mapped part was to be read */
};

enum { EXIT_SOUND = 0, EXIT_DAMAGED = 1 };

/* Opens a heap and finds the tables. False: heap.problem has the reason and the exit status. */
bool allocator_open(struct allocator *allocator, const char *path);

void allocator_close(struct allocator *allocator);

/* Reads a word of the heap with acquire order; 0 where there is none. */
uint64_t allocator_load(struct allocator *allocator, uint64_t offset);

/* The offset of the block of a root: section 6.8. 0: there is none, and heap.problem is set. */
uint64_t allocator_root(struct allocator *allocator, const char *name);

uint64_t allocator_owner(struct allocator *allocator, uint64_t chunk);
uint64_t allocator_local(struct allocator *allocator, uint64_t chunk, uint64_t word);
uint64_t allocator_remote(struct allocator *allocator, uint64_t chunk, uint64_t word);
uint64_t allocator_chunk_offset(const struct allocator *allocator, uint64_t chunk);
uint64_t allocator_lane_offset(const struct allocator *allocator, uint64_t lane);

/* Whether hints of a kind (0, or 1 + size class) lead to a chunk. */
bool allocator_hinted(struct allocator *allocator, uint64_t kind, uint64_t chunk);

/* Section 6.3. */
unsigned owner_state(uint64_t word);
unsigned owner_class(uint64_t word);
/* The block that a slot refers to; 0: none. */
uint64_t slot_block(uint64_t word);
unsigned owner_lane(uint64_t word);
uint64_t owner_aux(uint64_t word);
bool owner_is_slab(uint64_t word);

/* Section 6.4, for classes below SIZE_CLASSES. */
uint64_t class_size(unsigned class);
uint64_t class_chunks(unsigned class);
uint64_t class_blocks(unsigned class);

#endif
