/*
 * A heap or plain file of the format in docs/FORMAT.md, attached at its fixed address.
 *
 * header.c        open and check (sections 1 and 5)
 * heap.c          reserve, map, catch up, grow, create (section 3)
 * participants.c  the participant table (section 2)
 *
 * Every function that can fail returns false and leaves the reason in heap->problem. A struct heap
 * is for one thread. A process must not fork while it holds one: locks belong to the open file
 * description, which the child would share and so keep.
 */
#ifndef HEAP_H
#define HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__ || !defined(__LP64__)
#error "the format is for 64-bit little-endian machines"
#endif

enum {
    EXIT_FAILED = 1,      /* the system or another process stood in the way */
    EXIT_UNUSABLE = 2,    /* the arguments or the file cannot be used */
    PLAIN_CONTENT = 24,   /* where the content of a plain file begins */
    HEADER_LENGTH = 4096, /* of a heap */
    SLOTS_USED = 264,     /* number of slots that were ever used, and the last one claimed */
    SLOT_LENGTH = 128,
    NAME_LENGTH = 72
};

/* Section 1. A plain file has the first three fields only. */
struct header {
    uint64_t flen;
    uint64_t max;
    uint64_t addr;
    unsigned char magic[8];
    uint32_t version;
    uint32_t header_length;
    uint64_t compatible;
    uint64_t incompatible;
    uint64_t read_only_compatible;
    unsigned char id[16];
    uint64_t created;
    uint32_t page_size;
    uint32_t flags;
    uint64_t participants;
    uint32_t slots;
    uint32_t slot_length;
    uint64_t lanes;
    uint64_t roots;
    uint64_t chunks;
    uint64_t data;
    uint64_t directory;
    unsigned char reserved_152[100];
    uint32_t crc;
    uint64_t initialisation;
    uint64_t slots_used;
    unsigned char reserved_272[112];
    uint64_t growths;
};

_Static_assert(offsetof(struct header, magic) == 24, "magic");
_Static_assert(offsetof(struct header, id) == 64, "heap id");
_Static_assert(offsetof(struct header, participants) == 96, "participant table");
_Static_assert(offsetof(struct header, data) == 136, "data offset");
_Static_assert(offsetof(struct header, crc) == 252, "CRC");
_Static_assert(offsetof(struct header, initialisation) == 256, "initialisation word");
_Static_assert(offsetof(struct header, slots_used) == SLOTS_USED, "used slots");
_Static_assert(offsetof(struct header, growths) == 384, "number of growths");

/* Section 2. */
struct slot {
    uint64_t state;
    uint64_t start_time;
    unsigned char boot_id[16];
    uint64_t pid_namespace;
    uint64_t attached;
    uint32_t flags;
    uint32_t name_length;
    char name[NAME_LENGTH];
};

_Static_assert(sizeof(struct slot) == SLOT_LENGTH, "participant slot");

/* Where this process has its open files. A descriptor that was received is opened anew by its name
 * here: one that is shared with other processes has one set of locks with them. */
#define OWN_FILES "/proc/self/fd/"

struct problem {
    int status; /* the exit status it deserves */
    char text[512];
};

struct heap {
    const char *path;
    int fd;
    bool writable;
    bool plain;
    uint64_t page;
    uint64_t content;     /* offset where the content begins */
    struct header header; /* as read on opening; only the fields that never change are used later */
    unsigned char *base;  /* NULL until mapped */
    uint64_t length;      /* mapped from base; the rest of the span is PROT_NONE */
    int64_t slot;         /* own participant slot, -1: none */
    struct problem problem;
};

/* Notes what was found and what was expected, and returns false. */
bool heap_refuse(struct heap *heap, int status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Opens the file and makes checks 1 to 6 of section 5; maps nothing. */
bool heap_open(struct heap *heap, const char *path, bool writable);

/* Opens, reserves the span, maps what is in use; takes a participant slot in a heap that is to be
 * written. If the process dies, the kernel unlocks the slot, and the slot then belongs to the dead.
 */
bool heap_attach(struct heap *heap, const char *path, bool writable);

/* Reserves, maps and takes a slot as heap_attach does, in a heap that heap_open has opened. */
bool heap_map(struct heap *heap);

/* Frees the slot, unmaps and closes. Harmless after a failed heap_open or heap_attach. */
void heap_detach(struct heap *heap);

/* Maps what others have added since. Nothing in the file changes. */
bool heap_catch_up(struct heap *heap);

/* Makes the heap at least this long (section 3). *before is the length it had. A process that dies
 * in it leaves a file that is longer than flen at most. */
bool heap_grow(struct heap *heap, uint64_t length, uint64_t *before);

/* Makes the bytes below this offset usable: catches up and, if that is not enough, grows in steps.
 */
bool heap_make_room(struct heap *heap, uint64_t end);

/* Makes a plain file with a span found by address search. It appears under its name when it is
 * complete, and never replaces another. A process that dies in it leaves no half-made file. */
bool heap_create_plain(struct heap *heap, const char *path, uint64_t length, uint64_t span);

/* Makes a plain file without a name, in memory, which nobody can make shorter. */
bool heap_create_memory(struct heap *heap, uint64_t length, uint64_t span);

/* CRC-32C (Castagnoli). */
uint32_t heap_crc32c(const unsigned char *bytes, size_t length);

/* Rounds up to whole pages; UINT64_MAX if that overflows. */
uint64_t heap_page_up(const struct heap *heap, uint64_t length);

struct participant {
    uint32_t index;
    uint32_t generation;
    uint32_t pid;
    const char *state; /* "free", "live", "dead" or "damaged" */
    uint64_t attached;
    char name[NAME_LENGTH + 1]; /* what is not printable ASCII is shown as '?' */
};

/* Tells who has the slot and whether the owner is alive. */
bool participant_look(struct heap *heap, uint32_t index, struct participant *participant);

/* The 30 bits that name a participant in words of shared memory, and the slot they name. */
uint32_t participant_tag(const struct heap *heap, uint32_t index, uint32_t generation);
uint32_t participant_of_tag(const struct heap *heap, uint32_t tag);

/* Takes a free slot. If there is none, buries the dead first, provided that the heap has no table
 * that this program could not repair. */
bool participant_attach(struct heap *heap);

/* Frees the own slot, if any. */
void participant_detach(struct heap *heap);

#endif
