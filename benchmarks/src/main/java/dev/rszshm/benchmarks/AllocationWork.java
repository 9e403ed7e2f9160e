package dev.rszshm.benchmarks;

/** What a member does; {@link AllocationWorks} has those there are. */
abstract class AllocationWork extends LapWork {
  final AllocationMember me;

  AllocationWork(AllocationMember member) {
    this.me = member;
  }

  /** Bytes of the blocks that this member has between laps, as they were asked for. */
  long liveBytes() {
    return 0;
  }

  @Override
  final long[] findings() {
    return new long[] {liveBytes()};
  }
}
