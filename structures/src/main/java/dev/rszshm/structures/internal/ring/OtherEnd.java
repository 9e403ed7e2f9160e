package dev.rszshm.structures.internal.ring;

/** Those without whom a thread waits in vain. */
@FunctionalInterface
public interface OtherEnd {
  /** Those of whom it does not matter whether they live: they never depart. */
  OtherEnd NOT_WATCHED = known -> 0;

  /**
   * Returns what to {@link #tell} of if none of them is left and that is not known; otherwise 0.
   */
  long departure(long known);

  /** Returns the last departure that somebody was told of. */
  default long known() {
    return 0;
  }

  /** Notes that somebody is told. */
  default void tell(long departure) {}
}
