/*
 * What a message through a pipe costs between processes, and how fast a core copies: the
 * comparators for channels.
 *
 *   cc -std=c11 -O2 -Wall -Wextra -D_GNU_SOURCE -o channel channel.c
 *   echo lap | ./channel round-trip 10000 0 1
 *
 * Arguments: a work; operations of the first member in a lap; the processor of each
 * member, -1 for any. How a lap goes: laps.h.
 */
#include "laps.h"

enum { MESSAGE = 32, BLOCK = 1 << 20 };

static int pipes[MOST_MEMBERS][2]; /* to the second member, and back */
static uint64_t *times;
static char *source, *target;

static void start_round_trips(unsigned member, uint64_t operations) {
    times = member == 0 ? calloc(operations, sizeof *times) : NULL;
    if (member == 0 && times == NULL) fail("no memory for %" PRIu64 " times", operations);
}

static void send_message(unsigned pipe, uint64_t number) {
    uint64_t message[MESSAGE / sizeof(uint64_t)] = {number};
    if (write(pipes[pipe][1], message, MESSAGE) != MESSAGE) fail("write: %s", strerror(errno));
}

/* Messages of this length are written and read whole. */
static void receive_message(unsigned pipe, uint64_t number) {
    uint64_t message[MESSAGE / sizeof(uint64_t)];
    if (read(pipes[pipe][0], message, MESSAGE) != MESSAGE) fail("read: %s", strerror(errno));
    if (message[0] != number)
        fail("found message %" PRIu64 ", expected %" PRIu64, message[0], number);
}

/* The first sends a message and waits for the answer; only it counts. */
static uint64_t round_trip(unsigned member, uint64_t operations) {
    for (uint64_t i = 0; i < operations; i++) {
        if (member == 0) {
            uint64_t start = now();
            send_message(0, i);
            receive_message(1, i);
            times[i] = now() - start;
        } else {
            receive_message(0, i);
            send_message(1, i);
        }
    }
    return member == 0 ? operations : 0;
}

static int compare(const void *a, const void *b) {
    uint64_t first = *(const uint64_t *)a, second = *(const uint64_t *)b;
    return (first > second) - (first < second);
}

static void find_quantiles(unsigned member, uint64_t operations) {
    if (member != 0) return;
    qsort(times, operations, sizeof *times, compare);
    set_finding(0, times[operations / 2]);
    set_finding(1, times[operations * 99 / 100]);
}

static void start_copies(unsigned member, uint64_t operations) {
    (void)member;
    source = shared(operations * BLOCK);
    target = shared(operations * BLOCK);
    memset(source, 1, operations * BLOCK);
}

/* As many blocks of 1 MiB as there are operations, each once; counts bytes. */
static uint64_t copy(unsigned member, uint64_t operations) {
    (void)member;
    for (uint64_t i = 0; i < operations; i++)
        memcpy(target + i * BLOCK, source + i * BLOCK, BLOCK);
    return operations * BLOCK;
}

static void check_copies(unsigned member, uint64_t operations) {
    (void)member;
    if (memcmp(source, target, operations * BLOCK) != 0) fail("the copy is not what was copied");
}

int main(int count, char **arguments) {
    static const struct work works[] = {
        {"round-trip", 2, start_round_trips, round_trip, find_quantiles},
        {"copy", 1, start_copies, copy, check_copies},
    };
    if (count < 2) fail("expected WORK OPERATIONS PROCESSOR...");
    for (unsigned i = 0; i < MOST_MEMBERS; i++)
        if (pipe(pipes[i]) != 0) fail("pipe: %s", strerror(errno));
    return serve(works, sizeof works / sizeof *works, arguments + 1);
}
