package dev.rszshm.heap.spi;

/**
 * A message of a known length while it comes in, with the descriptors that come with it. All its
 * room is there from the beginning, so that no descriptor is lost for want of memory. For one
 * thread.
 */
public final class IncomingMessage implements AutoCloseable {
  /** The most that the system sends with one message. */
  public static final int MAX_DESCRIPTORS = 253;

  private final byte[] bytes;
  private final int[] descriptors = new int[2 * MAX_DESCRIPTORS];
  private final SystemCalls calls;
  private int length;
  private int count;
  private boolean truncated;

  /**
   * Makes room for a message.
   *
   * @param calls closes descriptors
   */
  public IncomingMessage(SystemCalls calls, int length) {
    this.calls = calls;
    this.bytes = new byte[length];
  }

  /** Returns how many bytes have come. */
  public int length() {
    return length;
  }

  /** Returns how many bytes are still to come. */
  public int missing() {
    return bytes.length - length;
  }

  /** Returns the bytes, of which the first {@link #length} have come. */
  public byte[] bytes() {
    return bytes;
  }

  /** Returns how many descriptors have come. */
  public int descriptors() {
    return count;
  }

  /** Returns a descriptor. It is closed with this message. */
  public int descriptor(int index) {
    return descriptors[index];
  }

  /** Returns whether there were more descriptors than the system could hand over. */
  public boolean isTruncated() {
    return truncated;
  }

  /** Notes a byte that has come. */
  public void add(byte next) {
    bytes[length++] = next;
  }

  /** Notes a descriptor that has come; one for which there is no room is closed. */
  public void addDescriptor(int descriptor) {
    if (count < descriptors.length) {
      descriptors[count++] = descriptor;
    } else {
      truncated = true;
      calls.close(descriptor);
    }
  }

  /** Notes that not all descriptors could be handed over. */
  public void truncate() {
    truncated = true;
  }

  /** Closes all descriptors, those behind one that fails too. */
  @Override
  public void close() {
    RuntimeException failure = null;
    while (count > 0) {
      try {
        calls.close(descriptors[--count]);
      } catch (RuntimeException e) {
        failure = failure == null ? e : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
