package dev.rszshm.heap.spi;

/**
 * What a heap stands on. Tests put their own objects here; everybody else uses {@link #host()}.
 *
 * @param memory access to raw memory
 * @param calls the operating system
 */
public record Platform(Memory memory, SystemCalls calls) {

  /**
   * This machine.
   *
   * @throws dev.rszshm.heap.errors.UnsupportedPlatformException if it cannot hold a heap
   */
  public static Platform host() {
    SystemCalls calls = SystemCalls.host();
    return new Platform(Memory.host(), calls);
  }
}
