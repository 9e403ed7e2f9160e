/*
 * What locks, semaphores and conditions of pthreads cost between processes: the comparators for
 * dev.rszshm.heap.sync.
 *
 *   cc -std=c11 -O2 -Wall -Wextra -D_GNU_SOURCE -pthread -o sync sync.c
 *   echo lap | ./sync robust contended 1000000 0 1
 *
 * Arguments: robust or plain, which kind of process-shared mutex; a work; operations of each member
 * in a lap; the processor of each member, -1 for any. The works are those of SyncWorks.java. How a lap goes: laps.h.
 */
#include <pthread.h>
#include <semaphore.h>

#include "laps.h"

/* How many locks a chase goes round; it needs one more than there are members. */
enum { CHASE = MOST_MEMBERS + 1 };

/* Each word that somebody writes is on cache lines of its own. */
struct lock {
    _Alignas(128) pthread_mutex_t mutex;
};
struct semaphore {
    _Alignas(128) sem_t value;
};
struct condition {
    _Alignas(128) pthread_cond_t condition;
};
struct area {
    struct lock locks[CHASE];
    struct semaphore semaphores[MOST_MEMBERS];
    struct condition conditions[MOST_MEMBERS];
    _Alignas(128) uint64_t counter;
    _Alignas(128) uint64_t turn;
};

static struct area *area;
static uint64_t own; /* counted by one member alone */

static void lock(unsigned index) {
    expect_zero(pthread_mutex_lock(&area->locks[index].mutex), "pthread_mutex_lock");
}

static void unlock(unsigned index) {
    expect_zero(pthread_mutex_unlock(&area->locks[index].mutex), "pthread_mutex_unlock");
}

static void post(unsigned index) {
    if (sem_post(&area->semaphores[index].value) != 0) fail("sem_post: %s", strerror(errno));
}

static void await(unsigned index) {
    while (sem_wait(&area->semaphores[index].value) != 0)
        if (errno != EINTR) fail("sem_wait: %s", strerror(errno));
}

/* One member locks and unlocks. */
static uint64_t uncontended(unsigned member, uint64_t operations) {
    (void)member;
    for (uint64_t i = 0; i < operations; i++) {
        lock(0);
        own++;
        unlock(0);
    }
    return operations;
}

/* Both lock, add 1 to a counter that they share, and unlock. */
static uint64_t contended(unsigned member, uint64_t operations) {
    (void)member;
    for (uint64_t i = 0; i < operations; i++) {
        lock(0);
        area->counter++;
        unlock(0);
    }
    return operations;
}

static unsigned held;

static void take_first(unsigned member, uint64_t operations) {
    (void)operations;
    held = member;
    lock(held);
}

/* Both go round three locks, one behind the other: each takes the next lock before it gives back
 * the one it has, so that they can only move in turn. */
static uint64_t handover(unsigned member, uint64_t operations) {
    (void)member;
    for (uint64_t i = 0; i < operations; i++) {
        unsigned next = held == CHASE - 1 ? 0 : held + 1;
        lock(next);
        unlock(held);
        held = next;
    }
    return operations;
}

/* One member posts and waits. */
static uint64_t semaphore(unsigned member, uint64_t operations) {
    (void)member;
    for (uint64_t i = 0; i < operations; i++) {
        post(0);
        own++;
        await(0);
    }
    return operations;
}

/* The first posts and waits for the answer; only it counts, so an operation is a round trip. */
static uint64_t semaphore_ping_pong(unsigned member, uint64_t operations) {
    for (uint64_t i = 0; i < operations; i++) {
        if (member == 0) post(0);
        await(1 - member);
        if (member == 1) post(1);
    }
    return member == 0 ? operations : 0;
}

/* Each waits until it is its turn, gives the turn to the other and signals; only the first counts. */
static uint64_t condition_ping_pong(unsigned member, uint64_t operations) {
    for (uint64_t i = 0; i < operations; i++) {
        lock(0);
        while (area->turn != member)
            expect_zero(
                pthread_cond_wait(&area->conditions[member].condition, &area->locks[0].mutex),
                "pthread_cond_wait");
        area->turn = 1 - member;
        expect_zero(pthread_cond_signal(&area->conditions[1 - member].condition),
                    "pthread_cond_signal");
        unlock(0);
    }
    return member == 0 ? operations : 0;
}

/* A mutex that is robust unless it is plain. */
static void make_lock(struct lock *lock, bool is_robust) {
    pthread_mutexattr_t attributes;
    expect_zero(pthread_mutexattr_init(&attributes), "pthread_mutexattr_init");
    expect_zero(pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED),
                "pthread_mutexattr_setpshared");
    if (is_robust)
        expect_zero(pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST),
                    "pthread_mutexattr_setrobust");
    expect_zero(pthread_mutex_init(&lock->mutex, &attributes), "pthread_mutex_init");
}

static void make_condition(struct condition *condition) {
    pthread_condattr_t attributes;
    expect_zero(pthread_condattr_init(&attributes), "pthread_condattr_init");
    expect_zero(pthread_condattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED),
                "pthread_condattr_setpshared");
    expect_zero(pthread_cond_init(&condition->condition, &attributes), "pthread_cond_init");
}

int main(int count, char **arguments) {
    static const struct work works[] = {
        {"lock", 1, NULL, uncontended, NULL},
        {"contended", 2, NULL, contended, NULL},
        {"handover", 2, take_first, handover, NULL},
        {"semaphore", 1, NULL, semaphore, NULL},
        {"semaphore-ping-pong", 2, NULL, semaphore_ping_pong, NULL},
        {"condition-ping-pong", 2, NULL, condition_ping_pong, NULL},
    };
    if (count < 2) fail("expected robust|plain WORK OPERATIONS PROCESSOR...");
    bool is_robust = strcmp(arguments[1], "robust") == 0;
    if (!is_robust && strcmp(arguments[1], "plain") != 0)
        fail("found \"%s\", expected robust or plain", arguments[1]);
    area = shared(sizeof *area);
    for (unsigned i = 0; i < CHASE; i++) make_lock(&area->locks[i], is_robust);
    for (unsigned i = 0; i < MOST_MEMBERS; i++) {
        if (sem_init(&area->semaphores[i].value, 1, 0) != 0) fail("sem_init: %s", strerror(errno));
        make_condition(&area->conditions[i]);
    }
    return serve(works, sizeof works / sizeof *works, arguments + 2);
}
