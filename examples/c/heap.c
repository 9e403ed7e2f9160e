/*
 * Reserving, mapping, catching up, growing, creating: section 3 of docs/FORMAT.md.
 *
 * Layout. [base, base + length) is the file, shared; [base + length, base + max) is PROT_NONE.
 *
 * Protocol of a growth: 1 lock, 2 read flen again, 3 allocate the tail, 4 map it, 5 raise flen, 6
 * unlock.
 *
 * If a process dies here, the kernel drops the lock with the last descriptor. After 3 the file is
 * longer than flen, which the next growth uses. After 5 the growth is complete.
 */
#include "heap.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif

static const uint64_t search_start = UINT64_C(64) << 40;
static const uint64_t search_hop = UINT64_C(1) << 40;
enum { SEARCH_TRIES = 10 };

static struct header *header_of(struct heap *heap) { return (struct header *)(void *)heap->base; }

/* Check 7. A kernel that does not know the flag takes the address for a hint: hence the comparison.
 */
static bool reserve(struct heap *heap, uint64_t address, uint64_t length) {
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE;
    void *wanted = (void *)(uintptr_t)address;
    void *got = mmap(wanted, length, PROT_NONE, flags, -1, 0);
    if (got == wanted) {
        heap->base = got;
        return true;
    }
    int error = got == MAP_FAILED ? errno : EEXIST;
    if (got != MAP_FAILED) munmap(got, length);
    return heap_refuse(
        heap, EXIT_FAILED,
        "needs %" PRIu64 " bytes at 0x%" PRIx64 ", which this process cannot reserve: %s", length,
        address, error == EEXIST ? "something is mapped there" : strerror(error));
}

/* Maps from what is mapped to length. The caller knows that the file is as long. */
static bool map_tail(struct heap *heap, uint64_t length) {
    int protection = heap->writable ? PROT_READ | PROT_WRITE : PROT_READ;
    if (length <= heap->length) return true;
    void *tail = mmap(heap->base + heap->length, length - heap->length, protection,
                      MAP_SHARED | MAP_FIXED, heap->fd, (off_t)heap->length);
    if (tail == MAP_FAILED)
        return heap_refuse(heap, EXIT_FAILED,
                           "bytes %" PRIu64 " to %" PRIu64 " cannot be mapped: %s", heap->length,
                           length, strerror(errno));
    heap->length = length;
    return true;
}

bool heap_map(struct heap *heap) {
    return reserve(heap, heap->header.addr, heap->header.max) &&
           map_tail(heap, heap->header.flen) && heap_catch_up(heap) &&
           (heap->plain || !heap->writable || participant_attach(heap));
}

bool heap_attach(struct heap *heap, const char *path, bool writable) {
    return heap_open(heap, path, writable) && heap_map(heap);
}

void heap_detach(struct heap *heap) {
    participant_detach(heap);
    if (heap->base != NULL) munmap(heap->base, heap->header.max);
    if (heap->fd >= 0) close(heap->fd);
    heap->base = NULL;
    heap->length = 0;
    heap->fd = -1;
}

bool heap_catch_up(struct heap *heap) {
    uint64_t flen = __atomic_load_n(&header_of(heap)->flen, __ATOMIC_ACQUIRE);
    if (flen == heap->length) return true;
    struct stat stat;
    if (flen < heap->length || flen > heap->header.max || flen % heap->page != 0)
        return heap_refuse(heap, EXIT_UNUSABLE,
                           "has flen %" PRIu64 " now, expected a multiple of %" PRIu64
                           " from %" PRIu64 " to %" PRIu64 ": the header is damaged",
                           flen, heap->page, heap->length, heap->header.max);
    if (fstat(heap->fd, &stat) != 0)
        return heap_refuse(heap, EXIT_FAILED, "fstat: %s", strerror(errno));
    if ((uint64_t)stat.st_size < flen)
        return heap_refuse(heap, EXIT_UNUSABLE,
                           "has %" PRIu64 " bytes now, expected at least %" PRIu64
                           " (flen): truncated",
                           (uint64_t)stat.st_size, flen);
    return map_tail(heap, flen);
}

static bool allocate(struct heap *heap, uint64_t from, uint64_t to) {
    int result;
    do result = fallocate(heap->fd, 0, (off_t)from, (off_t)(to - from));
    while (result != 0 && errno == EINTR);
    if (result == 0) return true;
    return heap_refuse(heap, EXIT_FAILED,
                       "cannot be made %" PRIu64 " bytes long (%" PRIu64 " now): %s", to, from,
                       strerror(errno));
}

/* Steps 2 to 5. */
static bool grow_locked(struct heap *heap, uint64_t length, uint64_t *before) {
    struct header *header = header_of(heap);
    if (!heap_catch_up(heap)) return false;
    *before = heap->length;
    if (heap->length >= length) return true;
    if (!allocate(heap, heap->length, length) || !map_tail(heap, length)) return false;
    uint64_t flen = __atomic_load_n(&header->flen, __ATOMIC_RELAXED);
    while (flen < length)
        if (__atomic_compare_exchange_n(&header->flen, &flen, length, false, __ATOMIC_RELEASE,
                                        __ATOMIC_RELAXED)) {
            if (!heap->plain) __atomic_fetch_add(&header->growths, 1, __ATOMIC_RELAXED);
            break;
        }
    return true;
}

bool heap_grow(struct heap *heap, uint64_t length, uint64_t *before) {
    uint64_t wanted = heap_page_up(heap, length);
    if (wanted > heap->header.max)
        return heap_refuse(heap, EXIT_UNUSABLE,
                           "cannot grow to %" PRIu64 " bytes, expected at most %" PRIu64
                           " (its span)",
                           wanted, heap->header.max);
    while (flock(heap->fd, LOCK_EX) != 0)
        if (errno != EINTR)
            return heap_refuse(heap, EXIT_FAILED, "cannot be locked: %s", strerror(errno));
    bool grown = grow_locked(heap, wanted, before);
    flock(heap->fd, LOCK_UN);
    return grown;
}

bool heap_make_room(struct heap *heap, uint64_t end) {
    const uint64_t small = UINT64_C(64) << 20, step_limit = UINT64_C(256) << 20;
    if (end <= heap->length) return true;
    if (!heap_catch_up(heap)) return false;
    if (end <= heap->length) return true;
    uint64_t step = heap->length / 8 < step_limit ? heap->length / 8 : step_limit;
    uint64_t length = heap->length + (heap->length < small ? heap->length : step);
    uint64_t before;
    if (length > heap->header.max) length = heap->header.max;
    return heap_grow(heap, length < end ? end : length, &before);
}

/* Candidates are start, start - hop, start + hop, start - 2 hop, and so on. One that is refused is
 * skipped, whatever the reason. */
static bool search_span(struct heap *heap, uint64_t length) {
    for (uint64_t i = 0; i < SEARCH_TRIES; i++) {
        uint64_t distance = (i + 1) / 2 * search_hop;
        uint64_t candidate = i % 2 == 1 ? search_start - distance : search_start + distance;
        if (reserve(heap, candidate, length)) {
            heap->header = (struct header){.addr = candidate, .max = length};
            return true;
        }
    }
    return heap_refuse(heap, EXIT_FAILED,
                       "needs a span of %" PRIu64
                       " bytes, and none of the %d addresses around 0x%" PRIx64 " is free for it",
                       length, SEARCH_TRIES, search_start);
}

/* Opens a file that has no name, or where the file system has none such, one with a temporary name.
 */
static bool open_unnamed(struct heap *heap, char *temporary, size_t size) {
    const char *slash = strrchr(heap->path, '/');
    int length = slash == NULL ? 0 : (int)(slash - heap->path) + 1;
    if (strlen(heap->path) + 8 > size)
        return heap_refuse(heap, EXIT_UNUSABLE, "has a name longer than %zu bytes", size - 8);
    snprintf(temporary, size, "%.*s.", length, heap->path);
    heap->fd = open(temporary, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    temporary[0] = 0;
    if (heap->fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR)) {
        snprintf(temporary, size, "%s.XXXXXX", heap->path);
        heap->fd = mkostemp(temporary, O_CLOEXEC);
        if (heap->fd < 0) temporary[0] = 0;
    }
    if (heap->fd >= 0) return true;
    return heap_refuse(heap, EXIT_UNUSABLE, "cannot be made: %s", strerror(errno));
}

static bool give_name(struct heap *heap, const char *temporary) {
    char unnamed[64];
    snprintf(unnamed, sizeof unnamed, "/proc/self/fd/%d", heap->fd);
    int result = temporary[0] != 0
                     ? link(temporary, heap->path)
                     : linkat(AT_FDCWD, unnamed, AT_FDCWD, heap->path, AT_SYMLINK_FOLLOW);
    if (result == 0) return true;
    return heap_refuse(heap, EXIT_UNUSABLE, "cannot be made: %s", strerror(errno));
}

/* Finds the addresses of a plain file that is about to be made. */
static bool begin_plain(struct heap *heap, const char *path, uint64_t *length, uint64_t span) {
    *heap = (struct heap){.path = path,
                          .fd = -1,
                          .writable = true,
                          .plain = true,
                          .content = PLAIN_CONTENT,
                          .slot = -1};
    heap->page = (uint64_t)sysconf(_SC_PAGESIZE);
    uint64_t flen = heap_page_up(heap, *length), max = heap_page_up(heap, span);
    if (*length <= PLAIN_CONTENT || flen > max)
        return heap_refuse(heap, EXIT_UNUSABLE,
                           "cannot have length %" PRIu64 " and span %" PRIu64
                           ", expected %d < length <= span",
                           *length, span, PLAIN_CONTENT);
    *length = flen;
    return search_span(heap, max);
}

static bool fill_plain(struct heap *heap, uint64_t length) {
    if (!allocate(heap, 0, length) || !map_tail(heap, length)) return false;
    heap->header.flen = length;
    memcpy(heap->base, &heap->header, PLAIN_CONTENT);
    return true;
}

bool heap_create_plain(struct heap *heap, const char *path, uint64_t length, uint64_t span) {
    char temporary[4096] = "";
    if (!begin_plain(heap, path, &length, span) ||
        !open_unnamed(heap, temporary, sizeof temporary))
        return false;
    bool made = fill_plain(heap, length) && give_name(heap, temporary);
    if (temporary[0] != 0) unlink(temporary);
    return made;
}

bool heap_create_memory(struct heap *heap, uint64_t length, uint64_t span) {
    if (!begin_plain(heap, "memory", &length, span)) return false;
    heap->fd = memfd_create("rszshm", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (heap->fd < 0 || fchmod(heap->fd, 0600) != 0)
        return heap_refuse(heap, EXIT_FAILED, "cannot be made: %s", strerror(errno));
    if (!fill_plain(heap, length)) return false;
    if (fcntl(heap->fd, F_ADD_SEALS, F_SEAL_SHRINK) != 0)
        return heap_refuse(heap, EXIT_FAILED, "cannot be sealed: %s", strerror(errno));
    return true;
}
