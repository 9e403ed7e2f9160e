/* Roots, and the blocks they refer to: sections 6.7 and 6.8 of docs/FORMAT.md. */
#include "check.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { ROOT_IN_USE = 1, ROOT_SLOT = 8, LOCK = 512 };

/* Whether an offset is that of a block in use. */
static bool is_block(struct allocator *allocator, uint64_t offset) {
    uint64_t begin = allocator->tables.chunks;
    if (offset < begin || offset - begin >= CHUNK_LENGTH * allocator->chunks) return false;
    uint64_t chunk = (offset - begin) / CHUNK_LENGTH;
    uint64_t word = allocator_owner(allocator, chunk);
    if (owner_state(word) == BODY) {
        if (owner_aux(word) > chunk) return false;
        chunk -= owner_aux(word);
        word = allocator_owner(allocator, chunk);
    }
    uint64_t distance = offset - allocator_chunk_offset(allocator, chunk);
    if (owner_state(word) == LARGE) return distance == 0;
    unsigned class = owner_class(word);
    if (!owner_is_slab(word) || class >= SIZE_CLASSES) return false;
    uint64_t index = distance / class_size(class);
    if (distance % class_size(class) != 0 || index >= class_blocks(class)) return false;
    return (allocator_local(allocator, chunk, index / 64) >> index % 64 & 1) != 0 &&
           (allocator_remote(allocator, chunk, index / 64) >> index % 64 & 1) == 0;
}

static void look_at_root(struct check *check, uint64_t offset, const struct root *root) {
    uint64_t slot = offset + ROOT_SLOT;
    uint64_t reference = allocator_load(check->allocator, slot);
    uint64_t block = slot_block(reference);
    if (root->name_length < 1 || root->name_length > ROOT_NAME_LENGTH)
        check_add(check, DAMAGE, offset,
                  "the root at %" PRIu64 " has a name of %" PRIu32 " bytes, expected 1 to %d",
                  offset, root->name_length, ROOT_NAME_LENGTH);
    if (block != 0 && !is_block(check->allocator, block))
        check_add(check, DAMAGE, slot,
                  "the root at %" PRIu64 " refers to %" PRIu64 ", which is no block in use",
                  offset, block);
}

static uint32_t name_length(const struct root *root) {
    return root->name_length < ROOT_NAME_LENGTH ? root->name_length : ROOT_NAME_LENGTH;
}

static int by_name(const void *left, const void *right) {
    const struct root *a = left, *b = right;
    if (name_length(a) != name_length(b)) return name_length(a) < name_length(b) ? -1 : 1;
    return memcmp(a->name, b->name, name_length(a));
}

static void look_at_names(struct check *check, struct root *roots) {
    qsort(roots, check->roots, sizeof *roots, by_name);
    for (uint64_t i = 1; i < check->roots; i++)
        if (by_name(&roots[i - 1], &roots[i]) == 0)
            check_add(check, DAMAGE, check->allocator->tables.roots,
                      "there are two roots of the same name, with types %" PRIu64 " and %" PRIu64,
                      roots[i - 1].type, roots[i].type);
}

static void look_at_lock(struct check *check) {
    struct heap *heap = &check->allocator->heap;
    uint64_t offset = heap->content + LOCK;
    uint64_t word = allocator_load(check->allocator, offset);
    if (word == 0) return;
    uint64_t slot = (word >> 30) - 1;
    struct participant participant;
    if (word >> 30 == 0 || slot >= heap->header.slots)
        check_add(check, DAMAGE, offset,
                  "the lock of the roots is 0x%016" PRIx64 ", which is of no participant", word);
    else if (participant_look(heap, (uint32_t)slot, &participant) &&
             (strcmp(participant.state, "live") != 0 ||
              participant.generation != (word & 0x3FFFFFFF)))
        check_add(check, RECOVERABLE, offset, "the lock of the roots is that of a dead process");
}

void check_roots(struct check *check) {
    struct allocator *allocator = check->allocator;
    uint64_t count = allocator->roots; /* those ever used: others may have no memory */
    struct root *roots = calloc(count + 1, sizeof *roots);
    if (roots == NULL) {
        check->exhausted = true;
        return;
    }
    for (uint64_t i = 0; i < count; i++) {
        uint64_t offset = allocator->tables.roots + ROOT_LENGTH * i;
        uint64_t state = allocator_load(allocator, offset);
        struct root *root = &roots[check->roots];
        memcpy(root, allocator->base + offset, sizeof *root);
        bool in_use = (state & ROOT_IN_USE) != 0;
        if (!in_use && slot_block(allocator_load(allocator, offset + ROOT_SLOT)) != 0)
            check_add(check, NOTE, offset, "the free root at %" PRIu64 " refers to a block",
                      offset);
        /* As it was: whoever removes or makes a root meanwhile changes its state. */
        if (!in_use || allocator_load(allocator, offset) != state) continue;
        look_at_root(check, offset, root);
        check->roots++;
    }
    look_at_names(check, roots);
    look_at_lock(check);
    free(roots);
}
