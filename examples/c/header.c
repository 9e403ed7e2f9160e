/*
 * Opening a file and checking it: section 5 of docs/FORMAT.md, checks 1 to 6, in that order.
 *
 * All is read with pread, so that a file of any content is refused and never faults.
 */
#include "heap.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#if defined(__aarch64__)
static const uint64_t user_end = UINT64_C(1) << 48;
#else
static const uint64_t user_end = (UINT64_C(1) << 47) - 4096;
#endif
static const uint64_t user_start = 1 << 16;

static const unsigned char magic[8] = {0x52, 0x53, 0x5A, 0x53, 0x48, 0x4D, 0x1A, 0x0A};

bool heap_refuse(struct heap *heap, int status, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(heap->problem.text, sizeof heap->problem.text, format, arguments);
    va_end(arguments);
    heap->problem.status = status;
    return false;
}

uint64_t heap_page_up(const struct heap *heap, uint64_t length) {
    uint64_t rest = length % heap->page;
    if (rest == 0) return length;
    return length > UINT64_MAX - (heap->page - rest) ? UINT64_MAX : length + heap->page - rest;
}

/* CRC-32C (Castagnoli): reflected polynomial 0x82F63B78, start and final inversion. */
uint32_t heap_crc32c(const unsigned char *bytes, size_t length) {
    uint32_t table[256];
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t crc = i;
        for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? 0x82F63B78u : 0);
        table[i] = crc;
    }
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < length; i++) crc = crc >> 8 ^ table[(crc ^ bytes[i]) & 0xFF];
    return ~crc;
}

/* Check 1. O_NONBLOCK: opening a FIFO must not wait for its other end. */
static bool open_regular(struct heap *heap) {
    int mode = heap->writable ? O_RDWR : O_RDONLY;
    struct stat stat;
    /* What stands in /proc/self/fd is a link to an open file; nobody else can put one there. */
    int follow = strncmp(heap->path, OWN_FILES, strlen(OWN_FILES)) == 0 ? 0 : O_NOFOLLOW;
    heap->fd = open(heap->path, mode | O_CLOEXEC | follow | O_NONBLOCK);
    if (heap->fd < 0 && errno == ELOOP)
        return heap_refuse(heap, EXIT_UNUSABLE,
                           "is a symbolic link (or a loop of them), expected the file itself");
    if (heap->fd < 0)
        return heap_refuse(heap, EXIT_UNUSABLE, "cannot be opened to %s: %s",
                           heap->writable ? "write" : "read", strerror(errno));
    if (fstat(heap->fd, &stat) != 0)
        return heap_refuse(heap, EXIT_FAILED, "fstat: %s", strerror(errno));
    if (!S_ISREG(stat.st_mode))
        return heap_refuse(heap, EXIT_UNUSABLE, "is not a regular file (mode %o)",
                           (unsigned)stat.st_mode);
    if (stat.st_uid != geteuid() && stat.st_uid != 0)
        return heap_refuse(heap, EXIT_UNUSABLE, "belongs to user %u, expected %u (own) or 0 (root)",
                           (unsigned)stat.st_uid, (unsigned)geteuid());
    return true;
}

/* Checks 3 and 4, for a file that has the magic. */
static bool check_identity(struct heap *heap, size_t got) {
    const struct header *header = &heap->header;
    if (got < offsetof(struct header, header_length))
        return heap_refuse(
            heap, EXIT_UNUSABLE,
            "has the magic of a heap but only %zu bytes, expected at least %d: truncated", got,
            HEADER_LENGTH);
    if (header->version != 1)
        return heap_refuse(heap, EXIT_UNUSABLE, "has format version %" PRIu32 ", expected 1: %s",
                           header->version,
                           header->version == 0 ? "the header is damaged" : "use a newer program");
    if (got < sizeof *header)
        return heap_refuse(heap, EXIT_UNUSABLE,
                           "has only %zu bytes of the header, expected %d: truncated", got,
                           HEADER_LENGTH);
    uint32_t crc = heap_crc32c((const unsigned char *)header + 8, offsetof(struct header, crc) - 8);
    if (header->incompatible != 0)
        return heap_refuse(heap, EXIT_UNUSABLE,
                           "has the incompatible features 0x%" PRIx64 ", expected none: %s",
                           header->incompatible,
                           crc == header->crc ? "use a newer program" : "the CRC is wrong too");
    if (crc != header->crc)
        return heap_refuse(heap, EXIT_UNUSABLE,
                           "has the CRC %08" PRIx32 ", expected %08" PRIx32
                           ": the header is damaged",
                           header->crc, crc);
    if (heap->writable && header->read_only_compatible != 0)
        return heap_refuse(heap, EXIT_UNUSABLE,
                           "has the read-only-compatible features 0x%" PRIx64
                           ", expected none to write",
                           header->read_only_compatible);
    return true;
}

/* Check 5, what a plain file has too. */
static bool check_lengths(struct heap *heap) {
    const struct header *header = &heap->header;
    uint64_t page = heap->page;
    if (header->addr % page != 0 || header->max % page != 0 || header->flen % page != 0)
        return heap_refuse(heap, EXIT_UNUSABLE,
                           "has flen %" PRIu64 ", max %" PRIu64 ", addr 0x%" PRIx64
                           ", expected multiples of the page size %" PRIu64,
                           header->flen, header->max, header->addr, page);
    if (header->addr < user_start || header->addr >= user_end ||
        header->max > user_end - header->addr)
        return heap_refuse(heap, EXIT_UNUSABLE,
                           "has a span of %" PRIu64 " bytes at 0x%" PRIx64
                           ", expected within 0x%" PRIx64 " and 0x%" PRIx64,
                           header->max, header->addr, user_start, user_end);
    if (header->flen == 0 || header->flen > header->max)
        return heap_refuse(heap, EXIT_UNUSABLE,
                           "has flen %" PRIu64 ", expected 1 to %" PRIu64 " (max)", header->flen,
                           header->max);
    struct stat stat; /* after flen was read: the file may grow in between, never the other way */
    if (fstat(heap->fd, &stat) != 0)
        return heap_refuse(heap, EXIT_FAILED, "fstat: %s", strerror(errno));
    if (header->flen > (uint64_t)stat.st_size)
        return heap_refuse(heap, EXIT_UNUSABLE,
                           "has %" PRIu64 " bytes, expected at least %" PRIu64 " (flen): truncated",
                           (uint64_t)stat.st_size, header->flen);
    return true;
}

static bool check_table(struct heap *heap, const char *name, uint64_t offset, uint64_t length) {
    uint64_t data = heap->header.data;
    if (offset % 8 == 0 && offset >= HEADER_LENGTH && offset <= data && length <= data - offset)
        return true;
    return heap_refuse(heap, EXIT_UNUSABLE,
                       "has the %s table at %" PRIu64 " with %" PRIu64
                       " bytes or more, expected within %d and %" PRIu64
                       " (data offset), on a multiple of 8",
                       name, offset, length, HEADER_LENGTH, data);
}

/* Check 5, what only a heap has, and check 6. */
static bool check_tables(struct heap *heap) {
    const struct header *header = &heap->header;
    uint32_t phase = (uint32_t)header->initialisation;
    if (header->header_length != HEADER_LENGTH || header->slot_length != SLOT_LENGTH)
        return heap_refuse(heap, EXIT_UNUSABLE,
                           "has a header of %" PRIu32 " and slots of %" PRIu32
                           " bytes, expected %d and %d",
                           header->header_length, header->slot_length, HEADER_LENGTH, SLOT_LENGTH);
    if (header->data % heap->page != 0 || header->data < HEADER_LENGTH ||
        header->data >= header->flen)
        return heap_refuse(heap, EXIT_UNUSABLE,
                           "has data offset %" PRIu64 ", expected a multiple of %" PRIu64
                           " from %d to below %" PRIu64 " (flen)",
                           header->data, heap->page, HEADER_LENGTH, header->flen);
    if (!check_table(heap, "participant", header->participants,
                     (uint64_t)header->slots * SLOT_LENGTH))
        return false;
    if (header->lanes != 0 && !check_table(heap, "lane", header->lanes, 1)) return false;
    if (header->roots != 0 && !check_table(heap, "root", header->roots, 1)) return false;
    if (header->chunks != 0 && !check_table(heap, "chunk", header->chunks, 1)) return false;
    if (header->page_size != heap->page)
        return heap_refuse(heap, EXIT_UNUSABLE,
                           "was made with pages of %" PRIu32
                           " bytes, expected this machine's %" PRIu64,
                           header->page_size, heap->page);
    if (phase != 1)
        return heap_refuse(heap, EXIT_UNUSABLE,
                           "is in initialisation phase %" PRIu32
                           ", expected 1 (ready): still being made, or damaged",
                           phase);
    return true;
}

bool heap_open(struct heap *heap, const char *path, bool writable) {
    *heap = (struct heap){.path = path,
                          .fd = -1,
                          .writable = writable,
                          .page = (uint64_t)sysconf(_SC_PAGESIZE),
                          .slot = -1};
    if (!open_regular(heap)) return false;
    struct header *header = &heap->header;
    ssize_t got = pread(heap->fd, header, sizeof *header, 0);
    if (got < 0) return heap_refuse(heap, EXIT_FAILED, "pread: %s", strerror(errno));
    if (got < PLAIN_CONTENT)
        return heap_refuse(heap, EXIT_UNUSABLE,
                           "has %zd bytes, expected at least %d: not a heap, or still being made",
                           got, PLAIN_CONTENT);
    if (header->flen == 0 && header->max == 0 && header->addr == 0)
        return heap_refuse(heap, EXIT_UNUSABLE,
                           "has a header of zeros: still being made, or its maker died");
    heap->plain = got < PLAIN_CONTENT + 8 || memcmp(header->magic, magic, sizeof magic) != 0;
    if (!heap->plain && !check_identity(heap, (size_t)got)) return false;
    if (!check_lengths(heap)) return false;
    if (!heap->plain && !check_tables(heap)) return false;
    heap->content = heap->plain ? PLAIN_CONTENT : header->data;
    return true;
}
