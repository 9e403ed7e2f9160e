package dev.rszshm.sync.internal;

/**
 * Room on the stack for what has to be done if something fails.
 *
 * <p>A lock that was acquired, and whose acquisition fails behind that, must be given back; on a
 * stack that is full, giving back would fail too. So whoever is about to acquire something, and has
 * more to do behind it than to return, asks for the room first: it has it, or the stack overflows
 * while nothing is held. The room is more than that of the deepest release in interpreted frames,
 * whatever runs compiled.
 */
public final class StackReserve {
  private static final int FRAMES = 48;

  private StackReserve() {}

  /**
   * Returns if there is room, which stays until the caller returns.
   *
   * @throws StackOverflowError if there is not
   */
  public static void require() {
    if (descend(FRAMES, 1, 2, 3, 4, 5, 6) == 0) {
      throw new AssertionError("a sum of positive numbers is 0");
    }
  }

  /** All arguments are used after the call, so each frame has room for them. */
  private static long descend(int frames, long a, long b, long c, long d, long e, long f) {
    return frames == 0 ? 1 : descend(frames - 1, b, c, d, e, f, a) + (a ^ b) + (c ^ d) + (e ^ f);
  }
}
