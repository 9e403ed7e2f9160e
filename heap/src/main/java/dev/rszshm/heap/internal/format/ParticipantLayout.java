package dev.rszshm.heap.internal.format;

import dev.rszshm.heap.Participant;
import dev.rszshm.heap.ProcessIdentity;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;

/**
 * One slot of the participant table.
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    8 state word: state (bits 56-63: 0 free, 1 live), generation (26-55), process id (0-25)
 *      8    8 start time of the process, clock ticks since boot
 *     16   16 boot id
 *     32    8 inode of the pid namespace
 *     40    8 time of attaching, milliseconds since 1970
 *     48    4 flags
 *     52    4 length of the name
 *     56   72 name, UTF-8
 * </pre>
 *
 * The owner of a slot has the lock of its byte 0, and who is about to own it that of byte 64
 * before. The two do not touch, or the kernel would make one lock of them.
 */
public final class ParticipantLayout {
  public static final int STATE = 0;
  public static final int START_TIME = 8;
  static final int BOOT_ID = 16;
  static final int PID_NAMESPACE = 32;
  static final int ATTACHED = 40;
  static final int FLAGS = 48;
  static final int NAME_LENGTH = 52;
  static final int NAME = 56;

  public static final int SLOT_LENGTH = 128;
  static final int NAME_CAPACITY = SLOT_LENGTH - NAME;
  public static final int MAX_SLOTS = 65_536;

  public static final int OWNER_BYTE = 0;
  public static final int CLAIM_BYTE = 64;

  public static final int FREE = 0;
  public static final int LIVE = 1;

  public static final int FLAG_OTHER_ADDRESS = 1;

  private static final int STATE_SHIFT = 56;
  private static final int GENERATION_SHIFT = 26;
  private static final int GENERATION_MASK = (1 << Participant.TAG_BITS) - 1;

  /** Linux has no process id above 2^22. */
  private static final long PID_MASK = (1 << GENERATION_SHIFT) - 1;

  private ParticipantLayout() {}

  public static long stateWord(int state, int generation, long pid) {
    return (long) state << STATE_SHIFT
        | (long) (generation & GENERATION_MASK) << GENERATION_SHIFT
        | (pid & PID_MASK);
  }

  public static int state(long word) {
    return (int) (word >>> STATE_SHIFT);
  }

  public static int generation(long word) {
    return (int) (word >>> GENERATION_SHIFT) & GENERATION_MASK;
  }

  public static long pid(long word) {
    return word & PID_MASK;
  }

  /** Everything of a slot but its state word. */
  public static byte[] encode(ProcessIdentity process, Instant attached, int flags, String name) {
    byte[] utf8 = truncate(name.getBytes(StandardCharsets.UTF_8));
    ByteBuffer b =
        ByteBuffer.allocate(SLOT_LENGTH)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(START_TIME, process.startTime())
            .putLong(PID_NAMESPACE, process.pidNamespace())
            .putLong(ATTACHED, attached.toEpochMilli())
            .putInt(FLAGS, flags)
            .putInt(NAME_LENGTH, utf8.length);
    b.order(ByteOrder.BIG_ENDIAN)
        .putLong(BOOT_ID, process.bootId().getMostSignificantBits())
        .putLong(BOOT_ID + 8, process.bootId().getLeastSignificantBits());
    b.put(NAME, utf8);
    return b.array();
  }

  /**
   * Reads a slot; nothing in it is trusted.
   *
   * @param owned whether somebody else, or the attachment that asks, has the owner's lock
   */
  public static Participant decode(
      TagLayout tags, int slot, long word, byte[] bytes, boolean owned) {
    long pid = pid(word);
    ByteBuffer b = ByteBuffer.wrap(bytes).order(ByteOrder.BIG_ENDIAN);
    UUID boot = new UUID(b.getLong(BOOT_ID), b.getLong(BOOT_ID + 8));
    b.order(ByteOrder.LITTLE_ENDIAN);
    int nameLength = Math.max(0, Math.min(NAME_CAPACITY, b.getInt(NAME_LENGTH)));
    return new Participant(
        slot,
        generation(word),
        tags.tag(slot, generation(word)),
        pid,
        new String(bytes, NAME, nameLength, StandardCharsets.UTF_8),
        Instant.ofEpochMilli(b.getLong(ATTACHED)),
        (b.getInt(FLAGS) & FLAG_OTHER_ADDRESS) != 0,
        new ProcessIdentity(pid, b.getLong(START_TIME), boot, b.getLong(PID_NAMESPACE)),
        state(word) == LIVE && owned);
  }

  /** Cuts a name that is too long, at the end of a character. */
  private static byte[] truncate(byte[] utf8) {
    int length = Math.min(utf8.length, NAME_CAPACITY);
    CharsetDecoder strict = StandardCharsets.UTF_8.newDecoder();
    while (length > 0) {
      try {
        strict.decode(ByteBuffer.wrap(utf8, 0, length));
        break;
      } catch (CharacterCodingException e) {
        length--;
      }
    }
    return Arrays.copyOf(utf8, length);
  }
}
