/*
 * The participant table: section 2 of docs/FORMAT.md.
 *
 * Layout. A slot is 128 bytes; its state word is {state, generation, process id}.
 *
 * Protocol. The write lock on the slot's owner byte, that byte and nothing else, says that its owner
 * lives; the state word says who that is.
 *   attach: 1 lock the claim byte of a free slot, 2 read the state again, 3 lock the owner byte,
 * 4 count the slot in the header, 5 write the fields, 6 store live, 7 unlock the claim byte.
 *   detach: 1 store free, 2 unlock the owner byte.
 *   bury:   1 read a state that is not free, 2 ask for the lock of the owner byte: there is none,
 * 3 change the state to free, unless it is another by then.
 *
 * If a process dies here, the kernel unlocks the slot. Before attach 6 and after detach 1 it reads
 * free: nothing is left. Otherwise it reads live without a lock: it is to be buried.
 */
#include "heap.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { FREE = 0, LIVE = 1, OWNER_BYTE = 0, CLAIM_BYTE = 64, TAG_BITS = 30 };

static const uint32_t generation_mask = (1 << TAG_BITS) - 1;
static const uint64_t pid_mask = (1 << 26) - 1;

static uint64_t state_word(uint64_t state, uint64_t generation, uint64_t pid) {
    return state << 56 | (generation & generation_mask) << 26 | (pid & pid_mask);
}

static unsigned state_of(uint64_t word) { return (unsigned)(word >> 56); }

static uint32_t generation_of(uint64_t word) { return (uint32_t)(word >> 26) & generation_mask; }

static uint64_t slot_offset(const struct heap *heap, uint32_t index) {
    return heap->header.participants + (uint64_t)index * SLOT_LENGTH;
}

/* The bits of a tag that say which slot. */
static unsigned slot_bits(const struct heap *heap) {
    unsigned bits = 0;
    while (heap->header.slots > UINT32_C(1) << bits) bits++;
    return bits;
}

uint32_t participant_tag(const struct heap *heap, uint32_t index, uint32_t generation) {
    return generation << slot_bits(heap) | index;
}

uint32_t participant_of_tag(const struct heap *heap, uint32_t tag) {
    return tag & ((UINT32_C(1) << slot_bits(heap)) - 1);
}

/* A slot whose generations are used up is nobody's any more, so that no tag comes twice. */
static bool can_be_had(const struct heap *heap, uint64_t word) {
    uint32_t last = (UINT32_C(1) << (TAG_BITS - slot_bits(heap))) - 2;
    return state_of(word) == FREE && generation_of(word) < last;
}

static struct flock slot_lock(const struct heap *heap, uint32_t index, int byte, short type) {
    return (struct flock){.l_type = type,
                          .l_whence = SEEK_SET,
                          .l_start = (off_t)slot_offset(heap, index) + byte,
                          .l_len = 1};
}

static struct slot *slot_at(const struct heap *heap, uint32_t index) {
    return (struct slot *)(void *)(heap->base + slot_offset(heap, index));
}

/* 1: locked now, 0: somebody else has it, -1: failed. */
static int try_lock(struct heap *heap, uint32_t index, int byte) {
    struct flock lock = slot_lock(heap, index, byte, F_WRLCK);
    if (fcntl(heap->fd, F_OFD_SETLK, &lock) == 0) return 1;
    if (errno == EAGAIN || errno == EACCES) return 0;
    heap_refuse(heap, EXIT_FAILED, "cannot lock participant slot %" PRIu32 ": %s", index,
                strerror(errno));
    return -1;
}

static void unlock(struct heap *heap, uint32_t index, int byte) {
    struct flock lock = slot_lock(heap, index, byte, F_UNLCK);
    fcntl(heap->fd, F_OFD_SETLK, &lock);
}

/* 1: somebody owns the slot, 0: nobody, -1: failed. A lock of another kind or length says nothing,
 * and an own lock is not reported. */
static int is_owned(struct heap *heap, uint32_t index) {
    if (index == heap->slot) return 1;
    struct flock lock = slot_lock(heap, index, OWNER_BYTE, F_WRLCK);
    off_t start = lock.l_start;
    if (fcntl(heap->fd, F_OFD_GETLK, &lock) == 0)
        return lock.l_type == F_WRLCK && lock.l_start == start && lock.l_len == 1 &&
               lock.l_pid == -1;
    heap_refuse(heap, EXIT_FAILED, "cannot ask for the lock of participant slot %" PRIu32 ": %s",
                index, strerror(errno));
    return -1;
}

static bool read_slot(struct heap *heap, uint32_t index, struct slot *slot) {
    ssize_t got = pread(heap->fd, slot, sizeof *slot, (off_t)slot_offset(heap, index));
    if (got == (ssize_t)sizeof *slot) return true;
    return heap_refuse(heap, EXIT_FAILED, "participant slot %" PRIu32 " cannot be read: %s", index,
                       got < 0 ? strerror(errno) : "the file was truncated");
}

bool participant_look(struct heap *heap, uint32_t index, struct participant *participant) {
    struct slot slot, again;
    int owned;
    do { /* the owner may leave, and another come, between reading and asking */
        if (!read_slot(heap, index, &slot)) return false;
        owned = is_owned(heap, index);
        if (owned < 0) return false;
        if (!read_slot(heap, index, &again)) return false;
    } while (slot.state != again.state);
    unsigned state = state_of(slot.state);
    uint32_t length = slot.name_length <= NAME_LENGTH ? slot.name_length : NAME_LENGTH;
    *participant = (struct participant){.index = index,
                                        .generation = generation_of(slot.state),
                                        .pid = (uint32_t)(slot.state & pid_mask),
                                        .attached = slot.attached,
                                        .state = state == FREE   ? "free"
                                                 : state != LIVE ? "damaged"
                                                 : owned         ? "live"
                                                                 : "dead"};
    for (uint32_t i = 0; i < length; i++)
        participant->name[i] = slot.name[i] >= ' ' && slot.name[i] <= '~' ? slot.name[i] : '?';
    return true;
}

/* Field 22 of /proc/self/stat; the name in field 2 may contain anything, so count from its last
 * ')'. */
static uint64_t own_start_time(void) {
    char text[1024];
    FILE *file = fopen("/proc/self/stat", "re");
    if (file == NULL) return 0;
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = 0;
    char *field = strrchr(text, ')');
    for (int number = 2; field != NULL && number < 22; number++) field = strchr(field + 1, ' ');
    return field == NULL ? 0 : strtoull(field, NULL, 10);
}

static void own_boot_id(unsigned char id[16]) {
    FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");
    if (file == NULL) return;
    unsigned byte;
    for (int i = 0; i < 16 && fscanf(file, "%2x", &byte) == 1; i++) {
        id[i] = (unsigned char)byte;
        int next = getc(file);
        if (next != '-') ungetc(next, file);
    }
    fclose(file);
}

static void write_fields(struct slot *slot) {
    static const char name[] = "rszshm_peer";
    struct stat namespace;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    struct slot fields = {.start_time = own_start_time(), .name_length = sizeof name - 1};
    own_boot_id(fields.boot_id);
    if (stat("/proc/self/ns/pid", &namespace) == 0) fields.pid_namespace = namespace.st_ino;
    fields.attached = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
    memcpy(fields.name, name, sizeof name - 1);
    size_t after_state = offsetof(struct slot, start_time);
    memcpy((char *)slot + after_state, (char *)&fields + after_state, sizeof fields - after_state);
}

/* Who looks at the slots that were ever used must find every one that is live. */
static void count_used(struct heap *heap, uint32_t index) {
    uint64_t *counts = (uint64_t *)(void *)(heap->base + SLOTS_USED);
    uint64_t found = __atomic_load_n(counts, __ATOMIC_SEQ_CST), next;
    do {
        uint32_t used = (uint32_t)found > heap->header.slots ? heap->header.slots : (uint32_t)found;
        next = (uint64_t)index << 32 | (used > index ? used : index + 1);
    } while (!__atomic_compare_exchange_n(counts, &found, next, false, __ATOMIC_SEQ_CST,
                                          __ATOMIC_SEQ_CST));
}

/* 1: attached, 0: no slot is free, -1: failed. */
static int take_free_slot(struct heap *heap) {
    for (uint32_t index = 0; index < heap->header.slots; index++) {
        struct slot *slot = slot_at(heap, index);
        if (!can_be_had(heap, __atomic_load_n(&slot->state, __ATOMIC_ACQUIRE))) continue;
        int locked = try_lock(heap, index, CLAIM_BYTE);
        if (locked < 0) return -1;
        if (locked == 0) continue;
        uint64_t state = __atomic_load_n(&slot->state, __ATOMIC_ACQUIRE);
        locked = can_be_had(heap, state) ? try_lock(heap, index, OWNER_BYTE) : 0;
        if (locked > 0) {
            count_used(heap, index);
            write_fields(slot);
            __atomic_store_n(&slot->state,
                             state_word(LIVE, generation_of(state) + 1, (uint32_t)getpid()),
                             __ATOMIC_RELEASE);
            heap->slot = index;
        }
        unlock(heap, index, CLAIM_BYTE);
        if (locked != 0) return locked;
    }
    return 0;
}

/* Nothing is to be repaired where there are no lanes, roots and chunks: only the slot is freed. */
static bool bury_the_dead(struct heap *heap, uint32_t *buried) {
    for (uint32_t index = 0; index < heap->header.slots; index++) {
        struct slot *slot = slot_at(heap, index);
        uint64_t state = __atomic_load_n(&slot->state, __ATOMIC_ACQUIRE);
        if (state_of(state) == FREE) continue;
        int owned = is_owned(heap, index);
        if (owned < 0) return false;
        if (!owned && __atomic_compare_exchange_n(&slot->state, &state,
                                                  state_word(FREE, generation_of(state), 0), false,
                                                  __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
            ++*buried;
    }
    return true;
}

bool participant_attach(struct heap *heap) {
    const struct header *header = &heap->header;
    bool can_repair = header->lanes == 0 && header->roots == 0 && header->chunks == 0;
    int taken = take_free_slot(heap);
    if (taken == 0 && can_repair) {
        uint32_t buried = 0;
        if (!bury_the_dead(heap, &buried)) return false;
        if (buried > 0) taken = take_free_slot(heap);
    }
    if (taken != 0) return taken > 0;
    uint32_t dead = 0;
    for (uint32_t index = 0; index < header->slots; index++) {
        struct participant participant;
        if (!participant_look(heap, index, &participant)) return false;
        if (strcmp(participant.state, "dead") == 0) dead++;
    }
    return heap_refuse(heap, EXIT_FAILED,
                       "has no free participant slot: %" PRIu32 " in all, %" PRIu32
                       " of them of the dead%s",
                       header->slots, dead,
                       dead > 0 ? ", to be recovered by a program that knows all tables" : "");
}

void participant_detach(struct heap *heap) {
    if (heap->slot < 0) return;
    uint32_t index = (uint32_t)heap->slot;
    struct slot *slot = slot_at(heap, index);
    uint32_t generation = generation_of(__atomic_load_n(&slot->state, __ATOMIC_RELAXED));
    __atomic_store_n(&slot->state, state_word(FREE, generation, 0), __ATOMIC_RELEASE);
    unlock(heap, index, OWNER_BYTE);
    heap->slot = -1;
}
