/*
 * The works of allocation.cpp: what one member, a thread or a process, does between the opening of
 * the gate and its end stamp. The same as in Java, number for number: AllocationWorks names where
 * each comes from. Every block's first word is written when it was allocated.
 */
#ifndef ALLOCATION_WORKS_H
#define ALLOCATION_WORKS_H

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <vector>

using Word = std::uint64_t;

constexpr int MOST_MEMBERS = 16;
constexpr Word RING = 1024, BATCH = 64, EXCHANGES = 1000, LARSON_BLOCKS = 5000;

/* One producer and one consumer. */
struct Ring {
    alignas(128) std::atomic<Word> head;
    alignas(128) std::atomic<Word> tail;
    alignas(128) void *cells[RING];
};

/* What all members share. */
struct Area {
    Ring rings[MOST_MEMBERS / 2];
    void *given[MOST_MEMBERS];
    std::atomic<void *> exchanges[EXCHANGES];
    void *larson[MOST_MEMBERS][LARSON_BLOCKS];
};

/* splitmix64, as java.util.SplittableRandom. */
class Random {
    Word state;

   public:
    explicit Random(Word seed) : state(seed) {}

    Word below(Word bound) {
        Word z = state += 0x9e3779b97f4a7c15;
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
        z = (z ^ z >> 27) * 0x94d049bb133111eb;
        return ((z ^ z >> 31) >> 32) * bound >> 32;
    }

    bool percent(Word chance) { return below(100) < chance; }
};

template <class Blocks>
struct Member {
    Blocks &blocks;
    Area &area;
    Word number, members, operations;
    Random random;

    void *allocate(Word size, Word first) {
        void *block = blocks.allocate(size);
        *static_cast<volatile Word *>(block) = first;
        return block;
    }

    /* With its size in its first word. */
    void *allocate(Word size) { return allocate(size, size); }

    void free(void *block) { blocks.free(block); }
};

inline Word first_word(const void *block) { return *static_cast<const volatile Word *>(block); }

inline Word live_bytes(void *const *from, Word count) {
    Word sum = 0;
    for (Word i = 0; i < count; i++) sum += from[i] ? first_word(from[i]) : 0;
    return sum;
}

inline void pause(int &spins) {
    if (++spins % 128 == 0) sched_yield();
    __builtin_ia32_pause();
}

struct Work {
    virtual ~Work() = default;
    virtual void prepare(Word) {}
    /* Returns the number of operations. */
    virtual Word lap() = 0;
    virtual void finish() {}
    virtual Word live() { return 0; }
};

template <class Blocks>
struct Pair : Work {
    Member<Blocks> me;
    explicit Pair(const Member<Blocks> &member) : me(member) {}

    Word lap() override {
        for (Word i = 0; i < me.operations; i++) me.free(me.allocate(64, i));
        return me.operations;
    }
};

template <class Blocks>
struct Churn : Work {
    static constexpr Word LIVE = 10000;
    Member<Blocks> me;
    std::vector<void *> live_blocks;
    explicit Churn(const Member<Blocks> &member) : me(member), live_blocks(LIVE) {}

    void *allocate() { return me.allocate(16 + me.random.below(497)); }

    void prepare(Word lap) override {
        if (lap == 0)
            for (void *&block : live_blocks) block = allocate();
    }

    Word lap() override {
        for (Word i = 0; i < me.operations; i++) {
            void *&victim = live_blocks[me.random.below(LIVE)];
            me.free(victim);
            victim = allocate();
        }
        return me.operations;
    }

    Word live() override { return live_bytes(live_blocks.data(), LIVE); }
};

/* Even members allocate, odd ones free. */
template <class Blocks>
struct Handover : Work {
    Member<Blocks> me;
    Ring &ring;
    Word least, most;
    Handover(const Member<Blocks> &member, Word least_size, Word most_size)
        : me(member),
          ring(member.area.rings[member.number / 2]),
          least(least_size),
          most(most_size) {}

    Word lap() override { return me.number % 2 == 0 ? produce() : consume(); }

    Word produce() {
        Word tail = ring.tail.load(std::memory_order_relaxed), head = ring.head;
        int spins = 0;
        for (Word i = 1; i <= me.operations; i++) {
            while (tail - head == RING) {
                head = ring.head.load(std::memory_order_acquire);
                if (tail - head == RING) pause(spins);
            }
            Word size = least == most ? least : least + me.random.below(most - least + 1);
            ring.cells[tail++ % RING] = me.allocate(size, i);
            if (tail % BATCH == 0 || i == me.operations)
                ring.tail.store(tail, std::memory_order_release);
        }
        return 0;
    }

    Word consume() {
        Word head = ring.head.load(std::memory_order_relaxed), sum = 0;
        int spins = 0;
        for (Word left = me.operations; left > 0;) {
            Word end = std::min(ring.tail.load(std::memory_order_acquire), head + BATCH);
            if (end == head) {
                pause(spins);
                continue;
            }
            left -= end - head;
            for (; head != end; head++) {
                void *block = ring.cells[head % RING];
                sum += first_word(block);
                me.free(block);
            }
            ring.head.store(head, std::memory_order_release);
        }
        if (sum != me.operations * (me.operations + 1) / 2)
            throw std::runtime_error("the consumer found other blocks than the producer made");
        return me.operations;
    }
};

template <class Blocks>
struct ThreadTest : Work {
    Member<Blocks> me;
    std::vector<void *> blocks;
    explicit ThreadTest(const Member<Blocks> &member)
        : me(member), blocks(std::min(100000 / member.members, member.operations)) {}

    Word lap() override {
        Word done = 0;
        while (done < me.operations) {
            for (void *&block : blocks) block = me.allocate(8, 1);
            for (void *block : blocks) me.free(block);
            done += blocks.size();
        }
        return done;
    }
};

template <class Blocks>
struct Larson : Work {
    Member<Blocks> me;
    std::vector<void *> blocks;
    Word array = 0;
    explicit Larson(const Member<Blocks> &member) : me(member), blocks(LARSON_BLOCKS) {}

    void *allocate() { return me.allocate(8 + me.random.below(993)); }

    void prepare(Word lap) override {
        array = (me.number + lap) % me.members;
        std::copy_n(me.area.larson[array], LARSON_BLOCKS, blocks.begin());
        if (lap == 0)
            for (void *&block : blocks) block = allocate();
    }

    Word lap() override {
        for (Word i = 0; i < me.operations; i++) {
            void *&victim = blocks[me.random.below(LARSON_BLOCKS)];
            me.free(victim);
            victim = allocate();
        }
        return me.operations;
    }

    void finish() override { std::copy(blocks.begin(), blocks.end(), me.area.larson[array]); }

    Word live() override { return live_bytes(blocks.data(), LARSON_BLOCKS); }
};

template <class Blocks>
struct Stress : Work {
    Member<Blocks> me;
    std::vector<void *> retained, passing;
    explicit Stress(const Member<Blocks> &member) : me(member) {
        retained.reserve(member.operations / 2);
        passing.reserve(member.operations);
    }

    void *allocate() {
        Word size = 8 << me.random.below(8);
        return me.allocate(me.random.percent(1) ? size * 100 : size);
    }

    void free(std::vector<void *> &blocks) {
        for (void *block : blocks)
            if (block) me.free(block);
        blocks.clear();
    }

    Word lap() override {
        free(retained);
        Word pass = me.operations, retain = me.operations / 2;
        while (pass + retain > 0) {
            if (retain == 0 || (pass > 0 && me.random.percent(50))) {
                pass--;
                passing.push_back(allocate());
            } else {
                retain--;
                retained.push_back(allocate());
            }
            if (!passing.empty() && me.random.percent(66)) {
                void *&victim = passing[me.random.below(passing.size())];
                if (victim) me.free(victim);
                victim = nullptr;
            }
            if (!passing.empty() && me.random.percent(25)) {
                void *&mine = passing[me.random.below(passing.size())];
                mine = me.area.exchanges[me.random.below(EXCHANGES)].exchange(mine);
            }
        }
        free(passing);
        return me.operations + me.operations / 2;
    }

    Word live() override {
        Word sum = live_bytes(retained.data(), retained.size());
        if (me.number == 0)
            for (auto &exchange : me.area.exchanges) {
                void *block = exchange;
                sum += live_bytes(&block, 1);
            }
        return sum;
    }
};

template <class Blocks>
struct CacheScratch : Work {
    static constexpr Word WRITES = 1000;
    Member<Blocks> me;
    explicit CacheScratch(const Member<Blocks> &member) : me(member) {}

    void prepare(Word) override {
        if (me.number == 0)
            for (Word i = 0; i < me.members; i++) me.area.given[i] = me.allocate(8, 0);
    }

    Word lap() override {
        me.free(me.area.given[me.number]);
        Word done = 0;
        for (; done < me.operations; done += WRITES) {
            void *block = me.allocate(8, 0);
            auto *word = static_cast<volatile Word *>(block);
            for (Word i = 0; i < WRITES; i++) *word = *word + 1;
            me.free(block);
        }
        return done;
    }
};

template <class Blocks>
struct Sh8Bench : Work {
    Member<Blocks> me;
    std::vector<void *> blocks;
    explicit Sh8Bench(const Member<Blocks> &member)
        : me(member), blocks(std::min<Word>(3000, member.operations)) {}

    Word lap() override {
        Word count = blocks.size(), third = count / 3, done = 0;
        for (; done < me.operations; done += count) {
            for (void *&block : blocks)
                block = me.allocate(8 + me.random.below(1000) * me.random.below(1000) / 1000);
            for (Word i = 0; i < third; i++) me.free(blocks[i]);
            for (Word i = 2 * third; i-- > third;) me.free(blocks[i]);
            for (Word i = 2 * third; i < count; i++) {
                void *other =
                    me.area.exchanges[me.random.below(EXCHANGES)].exchange(blocks[i]);
                if (other) me.free(other);
            }
        }
        return done;
    }
};

/* Null for an unknown name. */
template <class Blocks>
std::unique_ptr<Work> make_work(const char *name, const Member<Blocks> &member) {
    auto named = [name](const char *other) { return std::strcmp(name, other) == 0; };
    if (named("pair")) return std::make_unique<Pair<Blocks>>(member);
    if (named("churn")) return std::make_unique<Churn<Blocks>>(member);
    if (named("handover")) return std::make_unique<Handover<Blocks>>(member, 64, 64);
    if (named("threadtest")) return std::make_unique<ThreadTest<Blocks>>(member);
    if (named("larson")) return std::make_unique<Larson<Blocks>>(member);
    if (named("xmalloc-test")) return std::make_unique<Handover<Blocks>>(member, 8, 512);
    if (named("mstress")) return std::make_unique<Stress<Blocks>>(member);
    if (named("cache-scratch")) return std::make_unique<CacheScratch<Blocks>>(member);
    if (named("sh8bench")) return std::make_unique<Sh8Bench<Blocks>>(member);
    return nullptr;
}

#endif
