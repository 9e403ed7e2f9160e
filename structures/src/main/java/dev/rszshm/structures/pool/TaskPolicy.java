package dev.rszshm.structures.pool;

/** What becomes of a task whose worker dies. */
public enum TaskPolicy {
  /**
   * It is not run again: its future says that the worker has died. For what must not happen twice,
   * and may not happen at all.
   */
  AT_MOST_ONCE,

  /**
   * It is run again, by another worker. For what may be done twice, or is computed only. There is
   * one result in any case.
   */
  AT_LEAST_ONCE,

  /**
   * It is run again, and its effect is its result and nothing else: that is committed once, and
   * then goes to a slot of the caller if one is named ({@link BlockCalls#submitInto}); what other
   * runs have allocated is freed. What a task does elsewhere, adding to a counter say, is not
   * undone and may happen twice: for tasks that return objects this is no more than {@link
   * #AT_LEAST_ONCE}.
   */
  EXACTLY_ONE_EFFECT
}
