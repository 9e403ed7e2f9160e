package dev.rszshm.structures.internal.pool;

/**
 * What a client asks for.
 *
 * @param name id of the name of the task
 * @param isRepeated whether it is run again when its worker has died
 * @param form what argument and result are; a number of the caller's, 0 to 255
 * @param argument bytes of the argument, which are copied; empty if it lies in the heap
 * @param argumentOffset where the argument lies in the heap; 0 if it is copied
 * @param argumentLength length of the argument in bytes
 * @param destination the offset of an empty slot to which a block that is the result goes; 0: none
 * @param isAwaited whether the client wants to know the result
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares it
public record TaskRequest(
    long name,
    boolean isRepeated,
    int form,
    byte[] argument,
    long argumentOffset,
    long argumentLength,
    long destination,
    boolean isAwaited) {
  private static final byte[] NOTHING = {};

  /** Returns a request with an argument that is copied. */
  public static TaskRequest copying(long name, boolean isRepeated, int form, byte[] argument) {
    return new TaskRequest(name, isRepeated, form, argument, 0, argument.length, 0, true);
  }

  /** Returns a request with an argument that lies in the heap and stays the caller's. */
  public static TaskRequest inPlace(
      long name, boolean isRepeated, int form, long offset, long length) {
    return new TaskRequest(name, isRepeated, form, NOTHING, offset, length, 0, true);
  }

  /** Returns the same with a slot to which a block that is the result goes. */
  public TaskRequest into(long slot) {
    return new TaskRequest(
        name, isRepeated, form, argument, argumentOffset, argumentLength, slot, isAwaited);
  }

  /** Returns the same for a client that does not want to know the result. */
  public TaskRequest unawaited() {
    return new TaskRequest(
        name, isRepeated, form, argument, argumentOffset, argumentLength, destination, false);
  }

  /** The word of the layout that says how it is run. */
  int options() {
    return (isRepeated ? 1 : 0) | form << 8;
  }

  static boolean isRepeated(int options) {
    return (options & 1) != 0;
  }

  static int form(int options) {
    return options >>> 8 & 0xff;
  }
}
