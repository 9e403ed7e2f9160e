package dev.rszshm.benchmarks;

/** Members that allocate and free. */
interface AllocationGroup extends LapGroup {
  /**
   * What the blocks take.
   *
   * @param mapped bytes of memory
   * @param live bytes of the blocks in use, as they were asked for
   * @param metadata bytes of tables; NaN if that is not known
   */
  record Memory(long mapped, long live, double metadata) {}

  /** What the blocks take between laps. */
  Memory memory() throws Exception;
}
