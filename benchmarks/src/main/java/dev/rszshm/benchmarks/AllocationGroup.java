package dev.rszshm.benchmarks;

/** Members that stay alive between laps, and sleep then. */
interface AllocationGroup extends AutoCloseable {
  /**
   * What the blocks take.
   *
   * @param mapped bytes of memory
   * @param live bytes of the blocks in use, as they were asked for
   * @param metadata bytes of tables; NaN if that is not known
   */
  record Memory(long mapped, long live, double metadata) {}

  /**
   * Lets all members do their work once.
   *
   * @return nanoseconds from the first start to the last end, over the operations of all members
   */
  double lap() throws Exception;

  /** What the blocks take between laps. */
  Memory memory() throws Exception;

  @Override
  void close() throws Exception;
}
