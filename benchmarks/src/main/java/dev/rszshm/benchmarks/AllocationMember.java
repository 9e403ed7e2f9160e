package dev.rszshm.benchmarks;

/** A thread that does its part of a work, alone or beside others in this process or another. */
final class AllocationMember {
  private static final int SPINS = 128;

  final AllocationTarget target;
  final AllocationArea area;
  final int number;
  final int members;

  /** Of this member in a lap. */
  final int operations;

  private long state;
  private int spins;

  AllocationMember(
      AllocationTarget target, AllocationArea area, int number, int members, int operations) {
    this.target = target;
    this.area = area;
    this.number = number;
    this.members = members;
    this.operations = operations;
    this.state = number + 1L;
  }

  /** A random number below a bound: splitmix64, as in allocation_works.h. */
  int below(int bound) {
    state += 0x9e3779b97f4a7c15L;
    long z = state;
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return (int) ((((z ^ (z >>> 31)) >>> 32) * bound) >>> 32);
  }

  boolean percent(int chance) {
    return below(100) < chance;
  }

  /** Allocates a block and writes its first word. */
  long allocate(long size, long first) {
    long block = target.allocate(size);
    target.put(block, first);
    return block;
  }

  /** Allocates a block with its size in its first word. */
  long allocate(long size) {
    return allocate(size, size);
  }

  void free(long block) {
    target.free(block);
  }

  /** Passes time until another member has done something. */
  @SuppressWarnings("ThreadPriorityCheck") // there may be fewer processors than members
  void pause() {
    if (++spins % SPINS == 0) {
      Thread.yield();
    }
    Thread.onSpinWait();
  }

  /** The bytes of blocks with their sizes in their first words; 0 stands for none. */
  long liveBytes(long[] blocks, int count) {
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += blocks[i] == 0 ? 0 : target.get(blocks[i]);
    }
    return sum;
  }
}
