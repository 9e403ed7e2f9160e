/*
 * What one claim and one stored byte cost in C: the comparator for the cooperative fill.
 *
 *   cc -std=c11 -O2 -Wall -Wextra -Werror -D_GNU_SOURCE -o claim claim.c
 *   ./claim --processes 2 --bytes 4194304 --claim 1 --width 64 --laps 5
 *
 * Processes share one counter and an array of bytes. Each adds the claim to the counter, checks
 * that the bytes it owns now are zero, and stores its letter there, until the total is reached.
 * Prints one line of JSON per lap, after every byte was verified.
 *
 * What is timed: from just before the gate opens (CLOCK_MONOTONIC in the parent) to the latest of
 * the children's own end stamps. Zeroing and verifying lie outside. nsPerClaim and nsPerByte divide
 * that time by all claims and all bytes, of all processes together.
 *
 * Without --cold each child has touched every page before the first lap, so there are no page
 * faults. With --cold the pages are taken away before each lap, so each is allocated in it.
 *
 * With --driven each lap waits for a line on standard input, and the end of the input ends the
 * program: somebody else can measure between two laps, while everybody here sleeps.
 *
 * Children wait at the gate spinning for a while and then on a futex; they die with their parent.
 */
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

enum { MOST_PROCESSES = 128, PAGE = 4096, SPINS = 20000 };

/* Alone on its lines: what a child writes must not slow the others. */
struct child {
    _Alignas(128) uint64_t count;
    uint64_t end;
};

struct control {
    _Alignas(128) union {
        _Atomic uint32_t narrow;
        _Atomic uint64_t wide;
    } counter;
    _Alignas(128) _Atomic uint32_t gate; /* number of the lap that is open */
    _Alignas(128) _Atomic uint32_t ready;
    _Alignas(128) _Atomic uint32_t done;
    struct child children[MOST_PROCESSES];
};

static struct {
    uint64_t processes, bytes, claim, width, laps;
    bool cold, driven;
} options = {.processes = 2, .bytes = 4194304, .claim = 1, .width = 64, .laps = 1};

static struct control *control;
static unsigned char *bytes;
static pid_t pids[MOST_PROCESSES];

_Noreturn static void fail(int status, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

_Noreturn static void fail(int status, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("claim: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(status);
}

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static void futex_wait(_Atomic uint32_t *word, uint32_t expected, const struct timespec *timeout) {
    syscall(SYS_futex, word, FUTEX_WAIT, expected, timeout, NULL, 0);
}

static void futex_wake(_Atomic uint32_t *word) {
    syscall(SYS_futex, word, FUTEX_WAKE, INT32_MAX, NULL, NULL, 0);
}

static void await_gate(uint32_t lap) {
    for (int i = 0; i < SPINS; i++)
        if (atomic_load_explicit(&control->gate, memory_order_acquire) >= lap) return;
    for (uint32_t gate; (gate = atomic_load(&control->gate)) < lap;)
        futex_wait(&control->gate, gate, NULL);
}

/* In the parent: until all children have raised the word that often; fails if one of them dies. */
static void await_children(_Atomic uint32_t *word, uint32_t expected) {
    const struct timespec slice = {.tv_nsec = 100000000};
    for (uint32_t seen; (seen = atomic_load(word)) < expected;) {
        int status;
        pid_t dead = waitpid(-1, &status, WNOHANG);
        if (dead > 0)
            fail(1, "child %d ended with status 0x%x before the lap did", (int)dead,
                 (unsigned)status);
        futex_wait(word, seen, &slice);
    }
}

static void arrive(_Atomic uint32_t *word) {
    atomic_fetch_add(word, 1);
    futex_wake(word);
}

static inline uint64_t add_claim(unsigned width, uint64_t claim) {
    return width == 32 ? atomic_fetch_add(&control->counter.narrow, (uint32_t)claim)
                       : atomic_fetch_add(&control->counter.wide, claim);
}

/* Inlined with constants for the width and a claim of one, so that the loop has no choice left in
 * it. */
static inline __attribute__((always_inline)) uint64_t fill(unsigned width, uint64_t claim,
                                                           unsigned char letter) {
    const uint64_t total = options.bytes;
    unsigned char *const base =
        bytes; /* a store of a byte could change the static one, to the compiler */
    uint64_t count = 0, index;
    while ((index = add_claim(width, claim)) < total) {
        uint64_t length = claim == 1 || claim <= total - index ? claim : total - index;
        unsigned char seen = 0;
        for (uint64_t i = 0; i < length; i++) seen |= base[index + i];
        if (seen != 0) return UINT64_MAX;
        for (uint64_t i = 0; i < length; i++) base[index + i] = letter;
        count += length;
    }
    return count;
}

static uint64_t fill_as_asked(unsigned char letter) {
    if (options.width == 32)
        return options.claim == 1 ? fill(32, 1, letter) : fill(32, options.claim, letter);
    return options.claim == 1 ? fill(64, 1, letter) : fill(64, options.claim, letter);
}

static unsigned char letter_of(uint64_t process) { return (unsigned char)('A' + process); }

_Noreturn static void child(uint64_t process) {
    struct child *own = &control->children[process];
    if (!options.cold)
        for (uint64_t i = 0; i < options.bytes; i += PAGE)
            atomic_fetch_or((_Atomic unsigned char *)&bytes[i], 0);
    for (uint32_t lap = 1; lap <= options.laps; lap++) {
        arrive(&control->ready);
        await_gate(lap);
        own->count = fill_as_asked(letter_of(process));
        own->end = now();
        arrive(&control->done);
        if (own->count == UINT64_MAX)
            fail(1, "child %" PRIu64 " found a byte that is not zero in its claim", process);
    }
    await_gate((uint32_t)options.laps + 1); /* so that a child that ends early has failed */
    exit(0);
}

static void verify(void) {
    uint64_t counts[256] = {0}, sum = 0;
    for (uint64_t i = 0; i < options.bytes; i++) counts[bytes[i]]++;
    for (uint64_t process = 0; process < options.processes; process++) {
        uint64_t found = counts[letter_of(process)], expected = control->children[process].count;
        if (found != expected)
            fail(1,
                 "found %" PRIu64 " bytes of process %" PRIu64 ", expected the %" PRIu64
                 " it stored",
                 found, process, expected);
        sum += found;
    }
    if (sum != options.bytes)
        fail(1, "found %" PRIu64 " bytes stored, expected %" PRIu64, sum, options.bytes);
}

static void run_lap(uint32_t lap) {
    uint32_t arrivals = lap * (uint32_t)options.processes;
    if (options.cold) {
        if (madvise(bytes, options.bytes, MADV_REMOVE) != 0)
            fail(1, "madvise(MADV_REMOVE): %s", strerror(errno));
    } else {
        memset(bytes, 0, options.bytes);
    }
    await_children(&control->ready, arrivals);
    atomic_store(&control->counter.wide, 0);
    uint64_t start = now();
    atomic_store(&control->gate, lap);
    futex_wake(&control->gate);
    await_children(&control->done, arrivals);
    uint64_t end = start;
    for (uint64_t process = 0; process < options.processes; process++)
        if (control->children[process].end > end) end = control->children[process].end;
    verify();
    double nanoseconds = (double)(end - start);
    uint64_t claims = (options.bytes - 1) / options.claim + 1;
    printf("{\"processes\":%" PRIu64 ",\"bytes\":%" PRIu64 ",\"claim\":%" PRIu64
           ",\"width\":%" PRIu64 ",\"cold\":%s,\"lap\":%" PRIu32
           ",\"seconds\":%.9f,\"nsPerClaim\":%.3f,\"nsPerByte\":%.4f}\n",
           options.processes, options.bytes, options.claim, options.width,
           options.cold ? "true" : "false", lap, nanoseconds / 1e9, nanoseconds / (double)claims,
           nanoseconds / (double)options.bytes);
    fflush(stdout);
}

/* False at the end of the input, after which nobody wants another lap. */
static bool next_line(void) {
    int c;
    do c = getchar();
    while (c != EOF && c != '\n');
    return c != EOF;
}

static void *shared(uint64_t length) {
    void *address = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (address == MAP_FAILED) fail(1, "mmap of %" PRIu64 " bytes: %s", length, strerror(errno));
    return address;
}

static uint64_t number(const char *name, const char *text, uint64_t least, uint64_t most) {
    char *end;
    errno = 0;
    uint64_t value = strtoull(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != 0 || errno != 0 || value < least || value > most)
        fail(2, "%s is \"%s\", expected a number from %" PRIu64 " to %" PRIu64, name, text, least,
             most);
    return value;
}

static void parse(int count, char **arguments) {
    const struct {
        const char *name;
        uint64_t *value, least, most;
    } known[] = {
        {"--processes", &options.processes, 1, MOST_PROCESSES},
        {"--bytes", &options.bytes, 1, UINT64_C(1) << 40},
        {"--claim", &options.claim, 1, UINT64_C(1) << 30},
        {"--width", &options.width, 32, 64},
        {"--laps", &options.laps, 1, 1000000},
    };
    for (int i = 1; i < count; i++) {
        size_t k = 0;
        if (strcmp(arguments[i], "--cold") == 0) {
            options.cold = true;
            continue;
        }
        if (strcmp(arguments[i], "--driven") == 0) {
            options.driven = true;
            continue;
        }
        while (k < sizeof known / sizeof *known && strcmp(arguments[i], known[k].name) != 0) k++;
        if (k == sizeof known / sizeof *known || i + 1 == count)
            fail(2,
                 "found \"%s\", expected [--processes N] [--bytes N] [--claim N] [--width 32|64] "
                 "[--laps K] [--cold] [--driven]",
                 arguments[i]);
        i++;
        *known[k].value = number(known[k].name, arguments[i], known[k].least, known[k].most);
    }
    if (options.width != 32 && options.width != 64)
        fail(2, "--width is %" PRIu64 ", expected 32 or 64", options.width);
    if (options.width == 32 && options.bytes + options.processes * options.claim > UINT32_MAX)
        fail(2,
             "a counter of 32 bits overflows, expected bytes + processes * claim < 2^32, or "
             "--width 64");
}

int main(int count, char **arguments) {
    parse(count, arguments);
    control = shared(sizeof *control);
    bytes = shared(options.bytes);
    pid_t parent = getpid();
    for (uint64_t process = 0; process < options.processes; process++) {
        pids[process] = fork();
        if (pids[process] < 0) fail(1, "fork: %s", strerror(errno));
        if (pids[process] == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            if (getppid() != parent) _exit(1);
            child(process);
        }
    }
    for (uint32_t lap = 1; lap <= options.laps; lap++) {
        if (options.driven && !next_line()) return 0; /* the children die with their parent */
        run_lap(lap);
    }
    atomic_store(&control->gate, (uint32_t)options.laps + 1);
    futex_wake(&control->gate);
    for (uint64_t process = 0; process < options.processes; process++) {
        int status;
        if (waitpid(pids[process], &status, 0) != pids[process] || status != 0)
            fail(1, "child %" PRIu64 " failed", process);
    }
    return 0;
}
