/*
 * Processes that work in laps beside each other, for the comparators in C.
 *
 * The program names its works and calls serve(). For each line "lap" of the standard input all
 * members do their work once, and a line says nanoseconds, from the first start to the last end,
 * operations, of all together, and what the first member found. Between laps all members sleep:
 * somebody else can measure then. Members are children, wait at the gate spinning for a while and
 * then on a futex, and die with their parent.
 */
#ifndef RSZSHM_BENCHMARKS_LAPS_H
#define RSZSHM_BENCHMARKS_LAPS_H

#include <errno.h>
#include <inttypes.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST_MEMBERS = 2, MOST_FINDINGS = 2, LAP_SPINS = 20000 };

struct work {
    const char *name;
    unsigned members;
    /* What a member does once, before its first lap; may be missing. */
    void (*start)(unsigned member, uint64_t operations);
    /* What it does in a lap; returns the number of its operations. */
    uint64_t (*lap)(unsigned member, uint64_t operations);
    /* What it does after a lap, not timed; may be missing. */
    void (*finish)(unsigned member, uint64_t operations);
};

struct stamps {
    _Alignas(128) uint64_t start;
    uint64_t end, operations, findings[MOST_FINDINGS];
};

struct board {
    _Alignas(128) _Atomic uint32_t gate; /* number of the lap that is open */
    _Alignas(128) _Atomic uint32_t ready;
    _Alignas(128) _Atomic uint32_t done;
    struct stamps stamps[MOST_MEMBERS];
};

static struct board *board;

_Noreturn static void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

_Noreturn static void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    _exit(1);
}

/* Fails unless a call of pthreads, which returns its error, was a success. */
static inline void expect_zero(int error, const char *call) {
    if (error != 0) fail("%s: %s", call, strerror(error));
}

static inline uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

/* Memory that children share, with all its pages there. */
static void *shared(uint64_t length) {
    void *address = mmap(NULL, length, PROT_READ | PROT_WRITE,
                         MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (address == MAP_FAILED) fail("mmap of %" PRIu64 " bytes: %s", length, strerror(errno));
    return address;
}

/* After a lap, by the first member: what there is to tell beside the time. */
static inline void set_finding(unsigned index, uint64_t value) {
    board->stamps[0].findings[index] = value;
}

static void lap_wait(_Atomic uint32_t *word, uint32_t seen, const struct timespec *limit) {
    syscall(SYS_futex, word, FUTEX_WAIT, seen, limit, NULL, 0);
}

static void lap_wake(_Atomic uint32_t *word) {
    atomic_fetch_add(word, 1);
    syscall(SYS_futex, word, FUTEX_WAKE, INT32_MAX, NULL, NULL, 0);
}

static void await_gate(uint32_t lap) {
    for (int i = 0; i < LAP_SPINS; i++)
        if (atomic_load_explicit(&board->gate, memory_order_acquire) >= lap) return;
    for (uint32_t seen; (seen = atomic_load(&board->gate)) < lap;)
        lap_wait(&board->gate, seen, NULL);
}

static void await_members(_Atomic uint32_t *word, uint32_t arrivals) {
    const struct timespec slice = {.tv_nsec = 100000000};
    for (uint32_t seen; (seen = atomic_load(word)) < arrivals;) {
        if (waitpid(-1, NULL, WNOHANG) > 0) fail("a member ended before the lap did");
        lap_wait(word, seen, &slice);
    }
}

/* Runs this process on one processor; -1 stands for any. */
static void place(const char *processor) {
    int number = atoi(processor);
    cpu_set_t set;
    CPU_ZERO(&set);
    if (number < 0) return;
    CPU_SET((unsigned)number, &set);
    if (sched_setaffinity(0, sizeof set, &set) != 0)
        fail("cannot run on processor %s: %s", processor, strerror(errno));
}

_Noreturn static void be_member(const struct work *work, unsigned member, uint64_t operations) {
    struct stamps *mine = &board->stamps[member];
    if (work->start != NULL) work->start(member, operations);
    for (uint32_t lap = 1;; lap++) {
        lap_wake(&board->ready);
        await_gate(lap);
        mine->start = now();
        mine->operations = work->lap(member, operations);
        mine->end = now();
        if (work->finish != NULL) work->finish(member, operations);
        lap_wake(&board->done);
    }
}

static void run_lap(const struct work *work, uint32_t lap) {
    await_members(&board->ready, lap * work->members);
    lap_wake(&board->gate);
    await_members(&board->done, lap * work->members);
    uint64_t start = UINT64_MAX, end = 0, sum = 0;
    for (unsigned i = 0; i < work->members; i++) {
        const struct stamps *stamps = &board->stamps[i];
        if (stamps->start < start) start = stamps->start;
        if (stamps->end > end) end = stamps->end;
        sum += stamps->operations;
    }
    const uint64_t *findings = board->stamps[0].findings;
    printf("%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", end - start, sum, findings[0],
           findings[1]);
    fflush(stdout);
}

/* Starts the members of a work, and runs laps until the input ends. Words: the name of the work,
 * operations, and the processor of each member. */
static int serve(const struct work *works, size_t count, char **words) {
    size_t i = 0;
    while (words[0] != NULL && i < count && strcmp(works[i].name, words[0]) != 0) i++;
    if (words[0] == NULL || words[1] == NULL || i == count)
        fail("found %s, expected WORK OPERATIONS PROCESSOR...", words[0] ? words[0] : "nothing");
    uint64_t operations = strtoull(words[1], NULL, 10);
    if (operations < 1) fail("found %s operations, expected 1 or more", words[1]);
    const struct work *work = &works[i];
    board = shared(sizeof *board);
    pid_t parent = getpid();
    for (unsigned member = 0; member < work->members; member++) {
        if (words[2 + member] == NULL) fail("expected a processor for member %u", member);
        pid_t child = fork();
        if (child < 0) fail("fork: %s", strerror(errno));
        if (child == 0) {
            place(words[2 + member]);
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            if (getppid() != parent) _exit(1);
            be_member(work, member, operations);
        }
    }
    char line[16];
    for (uint32_t lap = 1; fgets(line, sizeof line, stdin) != NULL; lap++) run_lap(work, lap);
    return 0; /* the children die with their parent */
}

#endif
