/*
 * A walk over all of an allocator: section 6.9 of docs/FORMAT.md.
 *
 * Others may be at work meanwhile. What looks wrong is looked at again as long as it changes: it
 * was on its way from one state to the next then.
 */
#ifndef CHECK_H
#define CHECK_H

#include "allocator.h"

enum severity { NOTE, RECOVERABLE, DAMAGE };

struct finding {
    enum severity severity;
    uint64_t offset;
    char text[200];
};

struct sums {
    uint64_t used;
    uint64_t blocks;
    uint64_t free;
    uint64_t reserved;
    uint64_t runs;
    uint64_t slabs[SIZE_CLASSES];
    uint64_t blocks_of[SIZE_CLASSES];
};

struct check {
    struct allocator *allocator;
    struct sums sums;
    uint64_t roots;
    struct finding *findings;
    size_t count;
    size_t room;
    bool exhausted;      /* a finding could not be kept: no memory */
    signed char *owners; /* of each lane: 0 not looked at, 1 alive, -1 dead, -2 no such participant */
};

/* Walks; false if there is no memory to do it. */
bool check_run(struct check *check, struct allocator *allocator);

void check_end(struct check *check);

/* Notes what was found at an offset. */
void check_add(struct check *check, enum severity severity, uint64_t offset, const char *format,
               ...) __attribute__((format(printf, 4, 5)));

/* roots.c: looks at the roots, and at their lock. */
void check_roots(struct check *check);

#endif
