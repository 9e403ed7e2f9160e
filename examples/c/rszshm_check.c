/*
 * Checks the allocator of a heap, which it only reads: from docs/FORMAT.md alone. README.md says
 * what it prints.
 */
#include "check.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

/* A file truncated by somebody faults where it is mapped. */
static void on_bus_error(int signal) {
    static const char text[] =
        "rszshm_check: the mapped file has lost a page: truncated by somebody, or no memory\n";
    (void)signal;
    ssize_t ignored = write(STDERR_FILENO, text, sizeof text - 1);
    (void)ignored;
    _exit(EXIT_UNUSABLE);
}

static void print_sums(const struct check *check) {
    const struct sums *sums = &check->sums;
    printf("chunks %" PRIu64 " used %" PRIu64 " blocks %" PRIu64 " free %" PRIu64
           " reserved %" PRIu64 " metadata %" PRIu64 " runs %" PRIu64 " roots %" PRIu64
           " lanes %" PRIu64 " classes",
           check->allocator->chunks, sums->used, sums->blocks, sums->free, sums->reserved,
           check->allocator->tables.chunks, sums->runs, check->roots, check->allocator->lanes);
    for (unsigned class = 0; class < SIZE_CLASSES; class++)
        if (sums->slabs[class] > 0)
            printf(" %" PRIu64 ":%" PRIu64 ":%" PRIu64, class_size(class), sums->slabs[class],
                   sums->blocks_of[class]);
    printf("\n");
}

/* Whether nothing is damaged. */
static bool print_findings(const struct check *check) {
    static const char *const names[] = {"note", "recoverable", "damage"};
    bool sound = true;
    for (size_t i = 0; i < check->count; i++) {
        const struct finding *finding = &check->findings[i];
        printf("%s %" PRIu64 " %s\n", names[finding->severity], finding->offset, finding->text);
        sound &= finding->severity != DAMAGE;
    }
    return sound;
}

int main(int count, char **arguments) {
    if (count != 2) {
        fprintf(stderr, "usage: rszshm_check FILE\n");
        return EXIT_UNUSABLE;
    }
    struct sigaction action = {.sa_handler = on_bus_error};
    sigaction(SIGBUS, &action, NULL);
    struct allocator allocator;
    struct check check = {.count = 0};
    int status = EXIT_UNUSABLE;
    if (!allocator_open(&allocator, arguments[1])) {
        fprintf(stderr, "rszshm_check: %s %s\n", arguments[1], allocator.heap.problem.text);
        status = allocator.heap.problem.status;
    } else if (!check_run(&check, &allocator)) {
        fprintf(stderr, "rszshm_check: not enough memory\n");
    } else {
        print_sums(&check);
        status = print_findings(&check) ? EXIT_SOUND : EXIT_DAMAGED;
    }
    check_end(&check);
    allocator_close(&allocator);
    if (fflush(stdout) != 0) status = EXIT_UNUSABLE;
    return status;
}
