package dev.rszshm.benchmarks;

/** What a member does; {@link AllocationWorks} has those there are. */
abstract class AllocationWork {
  final AllocationMember me;

  AllocationWork(AllocationMember member) {
    this.me = member;
  }

  /** Before a lap, numbered from 0; not timed. All members have finished the one before. */
  void prepare(int lap) {}

  /** Does the work; returns the number of operations. */
  abstract long lap();

  /** After a lap; not timed. */
  void finish() {}

  /** Bytes of the blocks that this member has between laps, as they were asked for. */
  long liveBytes() {
    return 0;
  }
}
