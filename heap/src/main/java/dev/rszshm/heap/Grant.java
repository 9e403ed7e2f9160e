package dev.rszshm.heap;

/**
 * What became of a wish about the memory of a heap. A wish that was not granted changes nothing but
 * speed, so it is no exception.
 *
 * @param granted whether the kernel does what was wished
 * @param explanation what was done, or what stands in the way and what to do about it
 */
public record Grant(boolean granted, String explanation) {
  /** Returns one that is granted. */
  public static Grant of(String explanation) {
    return new Grant(true, explanation);
  }

  /** Returns one that was refused. */
  public static Grant refused(String explanation) {
    return new Grant(false, explanation);
  }
}
