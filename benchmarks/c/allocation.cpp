/*
 * What allocating and freeing cost with malloc, and with Boost.Interprocess: the comparators for
 * the allocator.
 *
 *   c++ -std=c++17 -O2 -Wall -Wextra -fno-builtin -pthread -o allocation allocation.cpp
 *   LD_PRELOAD=libmimalloc.so ./allocation malloc threads churn 2 200000
 *
 * Arguments: malloc or boost; threads or processes; a work (allocation_works.h); how many members;
 * operations of each in a lap. Without arguments: says which of the two it was built with.
 *
 * For each line "lap" of the standard input all members do their work once, and a line says
 * nanoseconds, from the first start to the last end, and operations, of all together. For each line
 * "memory" a line says the bytes that are resident more than at first, and the bytes of the blocks
 * in use. Between laps all members sleep. They end with their parent.
 */
#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cinttypes>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <string>
#include <thread>

#include "allocation_works.h"

#if __has_include(<boost/interprocess/managed_shared_memory.hpp>)
#include <boost/interprocess/managed_shared_memory.hpp>
#define HAS_BOOST 1
#endif

namespace {

constexpr int SPINS = 20000;
constexpr Word PAGE = 4096;

struct MemberStamps {
    alignas(128) Word start;
    Word end, operations, live;
};

struct Control {
    alignas(128) std::atomic<std::uint32_t> gate; /* number of the lap that is open */
    alignas(128) std::atomic<std::uint32_t> ready;
    alignas(128) std::atomic<std::uint32_t> done;
    MemberStamps stamps[MOST_MEMBERS];
    Area area;
};

Control *control;

[[noreturn]] void fail(const std::string &message) {
    std::fprintf(stderr, "allocation: %s\n", message.c_str());
    std::_Exit(1);
}

Word now() {
    timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return Word(time.tv_sec) * 1000000000 + Word(time.tv_nsec);
}

void futex_wait(std::atomic<std::uint32_t> &word, std::uint32_t seen, const timespec *limit) {
    syscall(SYS_futex, &word, FUTEX_WAIT, seen, limit, nullptr, 0);
}

void futex_wake(std::atomic<std::uint32_t> &word) {
    syscall(SYS_futex, &word, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
}

void arrive(std::atomic<std::uint32_t> &word) {
    word.fetch_add(1);
    futex_wake(word);
}

void await_gate(std::uint32_t lap) {
    for (int i = 0; i < SPINS; i++)
        if (control->gate.load(std::memory_order_acquire) >= lap) return;
    for (std::uint32_t seen; (seen = control->gate) < lap;)
        futex_wait(control->gate, seen, nullptr);
}

void await_members(std::atomic<std::uint32_t> &word, std::uint32_t arrivals) {
    const timespec slice = {0, 100000000};
    for (std::uint32_t seen; (seen = word) < arrivals;) {
        if (waitpid(-1, nullptr, WNOHANG) > 0) fail("a member ended before the lap did");
        futex_wait(word, seen, &slice);
    }
}

struct Malloc {
    Word before = 0;

    void *allocate(Word size) { return std::malloc(size); }
    void free(void *block) { std::free(block); }
    void start() { before = resident(); }
    Word mapped() { return resident() - before; }

    static Word resident() {
        std::FILE *file = std::fopen("/proc/self/statm", "r");
        Word length, pages;
        if (!file || std::fscanf(file, "%" SCNu64 " %" SCNu64, &length, &pages) != 2)
            fail("/proc/self/statm cannot be read");
        std::fclose(file);
        return pages * PAGE;
    }
};

#ifdef HAS_BOOST
/* Its name is removed at once: the children inherit the mapping. */
struct Boost {
    static constexpr Word LENGTH = Word(1) << 30;
    boost::interprocess::managed_shared_memory segment;

    Boost() {
        std::string name = "rszshm-benchmark-" + std::to_string(getpid());
        segment = {boost::interprocess::create_only, name.c_str(), LENGTH};
        boost::interprocess::shared_memory_object::remove(name.c_str());
    }

    void *allocate(Word size) { return segment.allocate(size); }
    void free(void *block) { segment.deallocate(block); }
    void start() {}

    Word mapped() {
        auto base = reinterpret_cast<std::uintptr_t>(segment.get_address()) / PAGE * PAGE;
        std::vector<unsigned char> pages(LENGTH / PAGE);
        if (mincore(reinterpret_cast<void *>(base), LENGTH, pages.data()) != 0) fail("mincore");
        return PAGE * Word(std::count_if(pages.begin(), pages.end(), [](auto p) { return p & 1; }));
    }
};
#endif

/* Each on a processor of its own, as far as there are some; as Placement.APART. */
void place(Word number) {
    cpu_set_t allowed, one;
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) fail("sched_getaffinity");
    Word skip = number % Word(CPU_COUNT(&allowed));
    for (int processor = 0; processor < CPU_SETSIZE; processor++) {
        if (CPU_ISSET(processor, &allowed) && skip-- == 0) {
            CPU_ZERO(&one);
            CPU_SET(processor, &one);
            if (sched_setaffinity(0, sizeof one, &one) != 0) fail("sched_setaffinity");
            return;
        }
    }
}

template <class Blocks>
void be_member(Blocks &blocks, const char *work_name, Word number, Word members, Word operations) {
    MemberStamps &mine = control->stamps[number];
    if (members > 1) place(number);
    Member<Blocks> member{blocks, control->area, number, members, operations, Random(number + 1)};
    auto work = make_work(work_name, member);
    for (std::uint32_t lap = 0;; lap++) {
        await_gate(2 * lap + 1);
        work->prepare(lap);
        arrive(control->ready);
        await_gate(2 * lap + 2);
        mine.start = now();
        mine.operations = work->lap();
        mine.end = now();
        work->finish();
        mine.live = work->live();
        arrive(control->done);
    }
}

void open_gate() {
    control->gate.fetch_add(1);
    futex_wake(control->gate);
}

void run_lap(std::uint32_t lap, Word members) {
    open_gate();
    await_members(control->ready, (lap + 1) * std::uint32_t(members));
    open_gate();
    await_members(control->done, (lap + 1) * std::uint32_t(members));
    Word start = UINT64_MAX, end = 0, operations = 0;
    for (Word i = 0; i < members; i++) {
        start = std::min(start, control->stamps[i].start);
        end = std::max(end, control->stamps[i].end);
        operations += control->stamps[i].operations;
    }
    std::printf("%" PRIu64 " %" PRIu64 "\n", end - start, operations);
}

template <class Blocks>
void serve(Blocks &blocks, Word members) {
    char line[64];
    for (std::uint32_t lap = 0; std::fgets(line, sizeof line, stdin);) {
        if (std::strcmp(line, "lap\n") == 0) {
            run_lap(lap++, members);
        } else if (std::strcmp(line, "memory\n") == 0) {
            Word live = 0;
            for (Word i = 0; i < members; i++) live += control->stamps[i].live;
            std::printf("%" PRIu64 " %" PRIu64 "\n", blocks.mapped(), live);
        } else {
            fail(std::string("heard \"") + line + "\", expected lap or memory");
        }
        std::fflush(stdout);
    }
}

template <class Blocks>
void run(Blocks &blocks, bool as_processes, const char *work, Word members, Word operations) {
    blocks.start();
    std::vector<pid_t> children;
    for (Word i = 0; i < members; i++) {
        if (!as_processes) {
            std::thread([&blocks, work, i, members, operations] {
                be_member(blocks, work, i, members, operations);
            }).detach();
        } else if (pid_t child = fork(); child == 0) {
            if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() == 1) std::_Exit(1);
            be_member(blocks, work, i, members, operations);
        } else {
            children.push_back(child);
        }
    }
    serve(blocks, members);
    for (pid_t child : children) kill(child, SIGKILL);
}

void *touched(Word length) {
    void *address =
        mmap(nullptr, length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1,
             0);
    if (address == MAP_FAILED) fail("mmap of what the members share");
    return address;
}

}  // namespace

int main(int count, char **arguments) {
    if (count == 1) {
#ifdef HAS_BOOST
        std::puts("malloc boost");
#else
        std::puts("malloc");
#endif
        return 0;
    }
    if (count != 6) fail("expected malloc|boost threads|processes WORK MEMBERS OPERATIONS");
    control = new (touched(sizeof(Control))) Control;
    bool as_processes = std::strcmp(arguments[2], "processes") == 0;
    Word members = std::strtoull(arguments[4], nullptr, 10);
    Word operations = std::strtoull(arguments[5], nullptr, 10);
    if (members < 1 || members > MOST_MEMBERS || operations < 1)
        fail("expected 1 to 16 members and 1 operation or more");
    Malloc plain;
    Member<Malloc> nobody{plain, control->area, 0, 1, 1, Random(0)};
    if (!make_work(arguments[3], nobody)) fail(std::string("unknown work ") + arguments[3]);
    if (std::strcmp(arguments[1], "boost") != 0) {
        run(plain, as_processes, arguments[3], members, operations);
    } else {
#ifdef HAS_BOOST
        Boost boost;
        run(boost, as_processes, arguments[3], members, operations);
#else
        fail("built without Boost.Interprocess: install libboost-dev");
#endif
    }
    std::fflush(stdout);
    std::_Exit(0);
}
