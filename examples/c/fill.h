/*
 * The cooperative fill: section 4 of docs/FORMAT.md.
 *
 * A worker adds claim to the shared index; the value before is the first byte it owns. A worker
 * that dies leaves at most the bytes of one claim zero, for ever: nobody is told that it owned
 * them.
 */
#ifndef FILL_H
#define FILL_H

#include "heap.h"

struct fill {
    uint64_t bytes; /* to fill; 0: not known yet */
    uint64_t claim; /* bytes claimed at a time; 0: not known yet */
    uint64_t first; /* offset of the bytes; the index is at the start of the content */
    uint64_t count; /* bytes filled by this process */
    unsigned char letter;
};

/* Takes bytes and claim from a heap, or checks what was given for a plain file. */
bool fill_plan(struct heap *heap, struct fill *fill);

/* Claims and fills until all is claimed. Any number of processes may do so at the same time. */
bool fill_run(struct heap *heap, struct fill *fill);

#endif
