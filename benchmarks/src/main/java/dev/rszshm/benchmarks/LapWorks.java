package dev.rszshm.benchmarks;

/** Finds the work that a worker was started for. */
final class LapWorks {
  private LapWorks() {}

  /**
   * Makes a work.
   *
   * @param target what the members use
   */
  static LapWork make(String name, String target, LapMember member) throws Exception {
    LapWork work = SyncWorks.find(name, target, member);
    if (work == null) {
      work = ChannelWorks.find(name, target, member);
    }
    if (work == null) {
      work = MapWorks.find(name, target, member);
    }
    if (work == null) {
      work = SortedWorks.find(name, target, member);
    }
    if (work == null) {
      work = ListWorks.find(name, target, member);
    }
    if (work == null) {
      work = YcsbWorks.find(name, target, member);
    }
    if (work == null) {
      throw new IllegalArgumentException("unknown work " + name);
    }
    return work;
  }
}
