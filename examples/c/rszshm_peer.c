/*
 * A C program that shares a heap with rszshm for Java, from docs/FORMAT.md alone. README.md lists
 * the commands and the exit status.
 */
#include "fill.h"
#include "heap.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
    "usage: rszshm_peer info FILE\n"
    "       rszshm_peer create FILE LENGTH [SPAN]\n"
    "       rszshm_peer grow FILE LENGTH\n"
    "       rszshm_peer read FILE OFFSET LENGTH\n"
    "       rszshm_peer write FILE OFFSET TEXT\n"
    "       rszshm_peer follow FILE UNTIL_LENGTH\n"
    "       rszshm_peer fill FILE LETTER [--bytes N] [--claim N] [--gate]\n";

static const uint64_t default_span = UINT64_C(4) << 30;

/* A file truncated by somebody faults where it is mapped. */
static void on_bus_error(int signal) {
    static const char text[] =
        "rszshm_peer: the mapped file has lost a page: truncated by somebody, or no memory\n";
    (void)signal;
    ssize_t ignored = write(STDERR_FILENO, text, sizeof text - 1);
    (void)ignored;
    _exit(EXIT_FAILED);
}

static bool bad_argument(struct heap *heap, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool bad_argument(struct heap *heap, const char *format, ...) {
    va_list arguments;
    heap->path = "arguments"; /* what the message starts with */
    heap->problem.status = EXIT_UNUSABLE;
    va_start(arguments, format);
    vsnprintf(heap->problem.text, sizeof heap->problem.text, format, arguments);
    va_end(arguments);
    return false;
}

/* Decimal, or hexadecimal with 0x. */
static bool number(struct heap *heap, const char *name, const char *text, uint64_t *value) {
    bool hexadecimal = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    const char *digits = hexadecimal ? text + 2 : text;
    size_t length = strspn(digits, hexadecimal ? "0123456789abcdefABCDEF" : "0123456789");
    errno = 0;
    if (length > 0 && digits[length] == 0) *value = strtoull(digits, NULL, hexadecimal ? 16 : 10);
    if (length > 0 && digits[length] == 0 && errno == 0) return true;
    return bad_argument(heap, "%s is \"%s\", expected a number from 0 to 2^64-1", name, text);
}

/* What was printed must have reached the reader. */
static bool flush(struct heap *heap) {
    if (fflush(stdout) == 0 && !ferror(stdout)) return true;
    return heap_refuse(heap, EXIT_FAILED, "the output cannot be written: %s", strerror(errno));
}

/* False at the end of the input. */
static bool next_line(void) {
    int c;
    do c = getchar();
    while (c != EOF && c != '\n');
    return c != EOF;
}

/* Catches up if need be, and checks that the bytes are within the length. */
static bool check_range(struct heap *heap, uint64_t lowest, uint64_t offset, uint64_t length) {
    if (offset > heap->length || length > heap->length - offset)
        if (!heap_catch_up(heap)) return false;
    if (offset >= lowest && offset <= heap->length && length <= heap->length - offset) return true;
    return heap_refuse(heap, EXIT_UNUSABLE,
                       "has no %" PRIu64 " bytes at offset %" PRIu64
                       ", expected a range within %" PRIu64 " to %" PRIu64,
                       length, offset, lowest, heap->length);
}

static void print_participant(const struct participant *participant) {
    printf("participant %" PRIu32 " generation %" PRIu32 " pid %" PRIu32 " %s attached %" PRIu64
           " name %s\n",
           participant->index, participant->generation, participant->pid, participant->state,
           participant->attached, participant->name);
}

static bool info(struct heap *heap, int count, char **arguments) {
    (void)count;
    if (!heap_open(heap, arguments[0], false)) return false;
    const struct header *header = &heap->header;
    printf("kind %s\nflen %" PRIu64 "\nmax %" PRIu64 "\naddr 0x%" PRIx64 "\ncontent %" PRIu64 "\n",
           heap->plain ? "plain" : "heap", header->flen, header->max, header->addr, heap->content);
    if (heap->plain) return true;
    printf("version %" PRIu32 "\nid ", header->version);
    for (size_t i = 0; i < sizeof header->id; i++) printf("%02x", header->id[i]);
    printf("\ncompatible 0x%" PRIx64 "\nread-only-compatible 0x%" PRIx64 "\ncreated %" PRIu64
           "\npage %" PRIu32 "\ndirectory %" PRIu64 "\nlanes %" PRIu64 "\nroots %" PRIu64
           "\nchunks %" PRIu64 "\ngrowths %" PRIu64 "\nparticipants %" PRIu64 " slots %" PRIu32
           "\n",
           header->compatible, header->read_only_compatible, header->created, header->page_size,
           header->directory, header->lanes, header->roots, header->chunks, header->growths,
           header->participants, header->slots);
    for (uint32_t index = 0; index < header->slots; index++) {
        struct participant participant;
        if (!participant_look(heap, index, &participant)) return false;
        if (strcmp(participant.state, "free") != 0) print_participant(&participant);
    }
    return true;
}

static bool create(struct heap *heap, int count, char **arguments) {
    uint64_t length, span = default_span;
    if (!number(heap, "LENGTH", arguments[1], &length)) return false;
    if (count > 2 && !number(heap, "SPAN", arguments[2], &span)) return false;
    if (!heap_create_plain(heap, arguments[0], length, span)) return false;
    printf("%s 0x%" PRIx64 "\n", heap->path, heap->header.addr);
    return true;
}

static bool grow(struct heap *heap, int count, char **arguments) {
    uint64_t length, before;
    (void)count;
    if (!number(heap, "LENGTH", arguments[1], &length) || !heap_attach(heap, arguments[0], true))
        return false;
    if (!heap_grow(heap, length, &before)) return false;
    printf("old %" PRIu64 " new %" PRIu64 "\n", before, heap->length);
    return true;
}

/* Attached read-only, hence without a participant slot. */
static bool read_bytes(struct heap *heap, int count, char **arguments) {
    uint64_t offset, length;
    (void)count;
    if (!number(heap, "OFFSET", arguments[1], &offset) ||
        !number(heap, "LENGTH", arguments[2], &length))
        return false;
    if (!heap_attach(heap, arguments[0], false) || !check_range(heap, 0, offset, length))
        return false;
    fwrite(heap->base + offset, 1, length, stdout);
    return true;
}

/* The header and the tables are not for this. */
static bool write_bytes(struct heap *heap, int count, char **arguments) {
    uint64_t offset, length = strlen(arguments[2]);
    (void)count;
    if (!number(heap, "OFFSET", arguments[1], &offset)) return false;
    if (!heap_attach(heap, arguments[0], true) || !check_range(heap, heap->content, offset, length))
        return false;
    memcpy(heap->base + offset, arguments[2], length);
    return true;
}

static bool follow(struct heap *heap, int count, char **arguments) {
    uint64_t until;
    (void)count;
    if (!number(heap, "UNTIL_LENGTH", arguments[1], &until) ||
        !heap_attach(heap, arguments[0], true))
        return false;
    if (until > heap->header.max)
        return heap_refuse(heap, EXIT_UNUSABLE,
                           "can never have %" PRIu64 " bytes, expected at most %" PRIu64
                           " (its span)",
                           until, heap->header.max);
    printf("attached %" PRIu64 "\n", heap->length);
    if (!flush(heap)) return false;
    while (next_line()) {
        if (!heap_catch_up(heap)) return false;
        (void)*(volatile unsigned char *)(heap->base + heap->length -
                                          1); /* faults if it is not mapped */
        printf("length %" PRIu64 "\n", heap->length);
        if (!flush(heap)) return false;
    }
    if (heap->length >= until) return true;
    return heap_refuse(heap, EXIT_FAILED,
                       "has %" PRIu64 " bytes at the end of the input, expected %" PRIu64,
                       heap->length, until);
}

static bool parse_fill(struct heap *heap, struct fill *fill, bool *gate, int count,
                       char **arguments) {
    if (strlen(arguments[1]) != 1)
        return bad_argument(heap, "LETTER is \"%s\", expected one byte", arguments[1]);
    *fill = (struct fill){.letter = (unsigned char)arguments[1][0]};
    for (int i = 2; i < count; i++) {
        uint64_t *value = strcmp(arguments[i], "--bytes") == 0   ? &fill->bytes
                          : strcmp(arguments[i], "--claim") == 0 ? &fill->claim
                                                                 : NULL;
        if (strcmp(arguments[i], "--gate") == 0) {
            *gate = true;
        } else if (value == NULL || i + 1 == count) {
            return bad_argument(heap, "found \"%s\", expected --bytes N, --claim N or --gate",
                                arguments[i]);
        } else {
            const char *name = arguments[i++];
            if (!number(heap, name, arguments[i], value)) return false;
            if (*value == 0) return bad_argument(heap, "%s is 0, expected 1 or more", name);
        }
    }
    return true;
}

static bool fill(struct heap *heap, int count, char **arguments) {
    struct fill fill;
    bool gate = false;
    if (!parse_fill(heap, &fill, &gate, count, arguments)) return false;
    if (!heap_attach(heap, arguments[0], true) || !fill_plan(heap, &fill)) return false;
    if (gate) {
        puts("ready");
        if (!flush(heap)) return false;
        if (!next_line())
            return heap_refuse(heap, EXIT_FAILED,
                               "found the end of the input, expected a line to start at");
    }
    if (!fill_run(heap, &fill)) return false;
    printf("%c %" PRIu64 "\n", fill.letter, fill.count);
    return true;
}

static const struct command {
    const char *name;
    int least, most; /* arguments */
    bool (*run)(struct heap *heap, int count, char **arguments);
} commands[] = {
    {"info", 1, 1, info},       {"create", 2, 3, create},     {"grow", 2, 2, grow},
    {"read", 3, 3, read_bytes}, {"write", 3, 3, write_bytes}, {"follow", 2, 2, follow},
    {"fill", 2, 7, fill},
};

int main(int count, char **arguments) {
    for (size_t i = 0; count > 1 && i < sizeof commands / sizeof *commands; i++) {
        const struct command *command = &commands[i];
        if (strcmp(arguments[1], command->name) != 0 || count - 2 < command->least ||
            count - 2 > command->most)
            continue;
        struct heap heap = {.path = arguments[2], .fd = -1, .slot = -1};
        sigaction(SIGBUS, &(struct sigaction){.sa_handler = on_bus_error}, NULL);
        bool done = command->run(&heap, count - 2, arguments + 2) && flush(&heap);
        heap_detach(&heap);
        if (!done) fprintf(stderr, "rszshm_peer: %s: %s\n", heap.path, heap.problem.text);
        return done ? EXIT_SUCCESS : heap.problem.status;
    }
    fputs(usage, stderr);
    return EXIT_UNUSABLE;
}
