package dev.rszshm.heap.internal.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The header of a heap as it stood at one moment. In a plain file, whatever the 24 bytes do not say
 * is zero or null.
 *
 * @param length bytes in use
 * @param span bytes of address space reserved for growth
 * @param address where the span is mapped
 * @param plain whether the file has rszshm's 24 bytes only
 * @param version format version
 * @param id random identity of the heap
 * @param created time of creation
 * @param pageSize page size of the machine that made the file
 * @param participantTable offset of the participant table
 * @param participantSlots number of participant slots
 * @param dataOffset offset of the first byte of content
 * @param directory inode of the directory that was made for the heap; 0 if none was
 * @param sparse whether it takes its memory at the first write
 */
public record Header(
    long length,
    long span,
    long address,
    boolean plain,
    int version,
    @Nullable UUID id,
    @Nullable Instant created,
    int pageSize,
    long participantTable,
    int participantSlots,
    long dataOffset,
    long directory,
    boolean sparse) {

  /** The header of a plain file. */
  public static Header plain(long length, long span, long address) {
    return new Header(
        length,
        span,
        address,
        true,
        0,
        null,
        null,
        0,
        0,
        0,
        HeaderLayout.PLAIN_HEADER_LENGTH,
        0,
        false);
  }

  /** What stands for a header where a range of any file is mapped. */
  public static Header ofRange(long length) {
    return plain(length, length, 0);
  }

  /** The same header with another address. */
  public Header at(long elsewhere) {
    return with(elsewhere, directory);
  }

  /** The same header with a directory that was made for the heap. */
  public Header inDirectory(long inode) {
    return with(address, inode);
  }

  private Header with(long newAddress, long newDirectory) {
    return new Header(
        length,
        span,
        newAddress,
        plain,
        version,
        id,
        created,
        pageSize,
        participantTable,
        participantSlots,
        dataOffset,
        newDirectory,
        sparse);
  }

  /** Reads the fields from the first bytes of a file, without checking one of them. */
  static Header decode(ByteBuffer bytes) {
    ByteBuffer b = bytes.order(ByteOrder.LITTLE_ENDIAN);
    long length = b.getLong(HeaderLayout.LENGTH);
    long span = b.getLong(HeaderLayout.SPAN);
    long address = b.getLong(HeaderLayout.ADDRESS);
    if (!hasMagic(b)) {
      return plain(length, span, address);
    }
    return new Header(
        length,
        span,
        address,
        false,
        b.getInt(HeaderLayout.VERSION),
        new UUID(b.getLong(HeaderLayout.HEAP_ID), b.getLong(HeaderLayout.HEAP_ID + 8)),
        Instant.ofEpochMilli(b.getLong(HeaderLayout.CREATED)),
        b.getInt(HeaderLayout.PAGE_SIZE),
        b.getLong(HeaderLayout.PARTICIPANT_TABLE),
        b.getInt(HeaderLayout.PARTICIPANT_SLOTS),
        b.getLong(HeaderLayout.DATA_OFFSET),
        b.getLong(HeaderLayout.DIRECTORY),
        (b.getInt(HeaderLayout.FLAGS) & HeaderLayout.FLAG_SPARSE) != 0);
  }

  /** The bytes of this header, complete with checksum and in the phase "ready". */
  public byte[] encode() {
    ByteBuffer b =
        ByteBuffer.allocate(plain ? HeaderLayout.PLAIN_HEADER_LENGTH : HeaderLayout.HEADER_LENGTH)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(HeaderLayout.LENGTH, length)
            .putLong(HeaderLayout.SPAN, span)
            .putLong(HeaderLayout.ADDRESS, address);
    if (!plain) {
      UUID known = Objects.requireNonNull(id, "a heap that is no plain file has an id");
      Instant made = Objects.requireNonNull(created, "a heap that is no plain file has a time");
      b.putLong(HeaderLayout.MAGIC, HeaderLayout.MAGIC_VALUE)
          .putInt(HeaderLayout.VERSION, version)
          .putInt(HeaderLayout.HEADER_LENGTH_FIELD, HeaderLayout.HEADER_LENGTH)
          .putLong(HeaderLayout.HEAP_ID, known.getMostSignificantBits())
          .putLong(HeaderLayout.HEAP_ID + 8, known.getLeastSignificantBits())
          .putLong(HeaderLayout.CREATED, made.toEpochMilli())
          .putInt(HeaderLayout.PAGE_SIZE, pageSize)
          .putInt(HeaderLayout.FLAGS, sparse ? HeaderLayout.FLAG_SPARSE : 0)
          .putLong(HeaderLayout.PARTICIPANT_TABLE, participantTable)
          .putInt(HeaderLayout.PARTICIPANT_SLOTS, participantSlots)
          .putInt(HeaderLayout.PARTICIPANT_SLOT_LENGTH, ParticipantLayout.SLOT_LENGTH)
          .putLong(HeaderLayout.DATA_OFFSET, dataOffset)
          .putLong(HeaderLayout.DIRECTORY, directory)
          .putLong(HeaderLayout.PHASE, HeaderLayout.PHASE_READY);
      b.putInt(HeaderLayout.CHECKSUM, checksum(b));
    }
    return b.array();
  }

  /**
   * Gives the first bytes of a heap that is not plain another address, with the checksum for it;
   * whatever else they say stays.
   */
  public static void relocate(byte[] bytes, long address) {
    ByteBuffer b = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    b.putLong(HeaderLayout.ADDRESS, address).putInt(HeaderLayout.CHECKSUM, checksum(b));
  }

  static boolean hasMagic(ByteBuffer bytes) {
    return bytes.limit() >= HeaderLayout.MAGIC + 8
        && bytes.order(ByteOrder.LITTLE_ENDIAN).getLong(HeaderLayout.MAGIC)
            == HeaderLayout.MAGIC_VALUE;
  }

  /** The checksum over everything in the header that never changes. */
  static int checksum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate().position(HeaderLayout.SPAN).limit(HeaderLayout.CHECKSUM));
    return (int) crc.getValue();
  }
}
