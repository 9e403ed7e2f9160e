package dev.rszshm.heap.internal.passing;

import dev.rszshm.heap.errors.DescriptorsLostException;
import dev.rszshm.heap.errors.NoDescriptorException;
import dev.rszshm.heap.errors.NotAHeapMessageException;
import dev.rszshm.heap.errors.OtherHeapException;
import dev.rszshm.heap.internal.format.Header;
import dev.rszshm.heap.spi.IncomingMessage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * What a message says of the heap that it passes on. It is compared with the header of the file,
 * and is used for nothing else: a message cannot make a file pass for a heap that it is not.
 *
 * @param id identity of the heap; zero for a plain file
 * @param address its address
 * @param span bytes of address space
 * @param length bytes in use when it was sent
 * @param plain whether it is a plain file
 */
public record PassedHeap(UUID id, long address, long span, long length, boolean plain) {
  private static final UUID NONE = new UUID(0, 0);

  /** What is to be said of a heap. */
  public static PassedHeap of(Header header, long length) {
    UUID id = header.id() == null ? NONE : header.id();
    return new PassedHeap(id, header.address(), header.span(), length, header.plain());
  }

  /** The message. */
  public byte[] encode() {
    ByteBuffer b =
        ByteBuffer.allocate(PassedHeapLayout.MESSAGE_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    b.putLong(PassedHeapLayout.MAGIC, PassedHeapLayout.MAGIC_VALUE)
        .putInt(PassedHeapLayout.VERSION, PassedHeapLayout.CURRENT_VERSION)
        .putInt(PassedHeapLayout.MESSAGE_LENGTH_FIELD, PassedHeapLayout.MESSAGE_LENGTH)
        .putLong(PassedHeapLayout.HEAP_ID, id.getMostSignificantBits())
        .putLong(PassedHeapLayout.HEAP_ID + 8, id.getLeastSignificantBits())
        .putLong(PassedHeapLayout.ADDRESS, address)
        .putLong(PassedHeapLayout.SPAN, span)
        .putLong(PassedHeapLayout.LENGTH, length)
        .putInt(PassedHeapLayout.FLAGS, plain ? PassedHeapLayout.FLAG_PLAIN : 0);
    b.putInt(PassedHeapLayout.CHECKSUM, checksum(b.array()));
    return b.array();
  }

  /**
   * Looks at what has come of a message so far.
   *
   * @throws NotAHeapMessageException if it is another message, whatever is still to come
   * @throws DescriptorsLostException if descriptors were lost
   */
  public static void checkBeginning(IncomingMessage message) {
    for (int i = 0; i < Math.min(message.length(), Long.BYTES); i++) {
      byte expected = (byte) (PassedHeapLayout.MAGIC_VALUE >>> Byte.SIZE * i);
      if (message.bytes()[i] != expected) {
        throw notAMessage(
            String.format(
                Locale.ROOT,
                "its byte %d is 0x%02x, expected 0x%02x. Let the other end send a heap now, with"
                    + " the same version of rszshm",
                i,
                message.bytes()[i],
                expected));
      }
    }
    if (message.isTruncated()) {
      throw new DescriptorsLostException(
          "the descriptor of a heap was lost on its way (MSG_CTRUNC): this process has as many open"
              + " files as it may have, or must not have this one. Raise its limit (ulimit -n), and"
              + " let the heap be sent again");
    }
    if (message.descriptors() > 1) {
      throw notAMessage("it brings " + message.descriptors() + " descriptors, expected one");
    }
  }

  /**
   * Reads a message that has come completely.
   *
   * @throws NotAHeapMessageException if it is damaged, or of another version
   * @throws NoDescriptorException if no descriptor has come with it
   */
  public static PassedHeap decode(IncomingMessage message) {
    ByteBuffer b = ByteBuffer.wrap(message.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    require("version", b.getInt(PassedHeapLayout.VERSION), PassedHeapLayout.CURRENT_VERSION);
    require(
        "length", b.getInt(PassedHeapLayout.MESSAGE_LENGTH_FIELD), PassedHeapLayout.MESSAGE_LENGTH);
    require("checksum", b.getInt(PassedHeapLayout.CHECKSUM), checksum(message.bytes()));
    if (message.descriptors() == 0) {
      throw new NoDescriptorException(
          "the message of a heap has come without a descriptor: the other end must send it with"
              + " SCM_RIGHTS, and nothing on the way may read the socket and write it on");
    }
    return new PassedHeap(
        new UUID(b.getLong(PassedHeapLayout.HEAP_ID), b.getLong(PassedHeapLayout.HEAP_ID + 8)),
        b.getLong(PassedHeapLayout.ADDRESS),
        b.getLong(PassedHeapLayout.SPAN),
        b.getLong(PassedHeapLayout.LENGTH),
        (b.getInt(PassedHeapLayout.FLAGS) & PassedHeapLayout.FLAG_PLAIN) != 0);
  }

  private static void require(String field, int found, int expected) {
    if (found != expected) {
      throw notAMessage("its " + field + " is " + found + ", expected " + expected);
    }
  }

  private static NotAHeapMessageException notAMessage(String fault) {
    return new NotAHeapMessageException(
        "what has come through the socket does not pass a heap on: " + fault);
  }

  /**
   * Compares what the message says with the header that its file has.
   *
   * @throws OtherHeapException if they are of different heaps
   */
  public void check(Header header) {
    PassedHeap found = of(header, header.length());
    boolean same =
        found.id.equals(id)
            && found.address == address
            && found.span == span
            && found.plain == plain
            && found.length >= length; // a heap only ever grows
    if (!same) {
      throw new OtherHeapException(
          "the descriptor that has come leads to another heap than its message says: found "
              + found
              + ", expected "
              + this);
    }
  }

  private static int checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, PassedHeapLayout.CHECKSUM);
    return (int) crc.getValue();
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s at 0x%x, span %d, length %d",
        plain ? "a plain file" : "heap " + id,
        address,
        span,
        length);
  }
}
