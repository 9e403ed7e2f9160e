package dev.rszshm.heap.internal.format;

import dev.rszshm.heap.errors.DamagedHeapException;
import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.heap.errors.HeapNotReadyException;
import dev.rszshm.heap.errors.NotAHeapException;
import dev.rszshm.heap.errors.TruncatedHeapException;
import dev.rszshm.heap.errors.UnsupportedFormatException;
import dev.rszshm.heap.internal.os.AddressSpace;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.function.Function;

/**
 * Decides from the first bytes of a file whether it may be mapped. Nothing in them is trusted: a
 * header that passes describes a mapping that lies inside the user's addresses, and a part of the
 * file that exists.
 */
public final class HeaderCheck {
  private final String path;
  private final ByteBuffer bytes;
  private final long fileLength;
  private final int pageSize;

  /**
   * Prepares a check.
   *
   * @param path the file, for messages
   * @param bytes its first bytes, at most {@link HeaderLayout#HEADER_LENGTH}
   * @param fileLength its real length
   * @param pageSize the machine's page size
   */
  public HeaderCheck(String path, ByteBuffer bytes, long fileLength, int pageSize) {
    this.path = path;
    this.bytes = bytes;
    this.fileLength = fileLength;
    this.pageSize = pageSize;
  }

  /**
   * Checks the header.
   *
   * @param writing whether the heap is to be written
   * @throws HeapException of the kind that fits, if the file may not be mapped
   */
  public Header check(boolean writing) {
    if (fileLength > 0 && bytes.limit() < HeaderLayout.PLAIN_HEADER_LENGTH) {
      throw new NotAHeapException(
          path
              + " is not a heap: it has "
              + fileLength
              + " bytes, and a header alone has "
              + HeaderLayout.PLAIN_HEADER_LENGTH);
    }
    if (fileLength == 0 || isBlank()) {
      throw new HeapNotReadyException(
          path
              + " has no header yet: it is still being made, or the process that made it has"
              + " died. Try again, and remove the file if that does not help");
    }
    if (!Header.hasMagic(bytes)) {
      requireNoBrokenMagic();
      Header header = Header.decode(bytes);
      checkMapping(header, NotAHeapException::new, "is not a heap");
      return header;
    }
    checkVersion();
    checkChecksum();
    checkFeatures(writing);
    Header header = Header.decode(bytes);
    checkMapping(header, DamagedHeapException::new, "has a damaged header");
    checkTables(header);
    if (bytes.getInt(HeaderLayout.PHASE) != HeaderLayout.PHASE_READY) {
      throw new HeapNotReadyException(
          path
              + " is not complete: found phase "
              + bytes.getInt(HeaderLayout.PHASE)
              + ", expected "
              + HeaderLayout.PHASE_READY
              + " (ready). Try again, and remove the file if that does not help");
    }
    return header;
  }

  /** A heap whose magic is damaged must not pass for a plain file: its header would be content. */
  private void requireNoBrokenMagic() {
    if (bytes.limit() < HeaderLayout.HEADER_LENGTH) {
      return;
    }
    ByteBuffer mended = ByteBuffer.allocate(bytes.limit()).put(bytes.duplicate().rewind());
    mended.order(bytes.order()).putLong(HeaderLayout.MAGIC, HeaderLayout.MAGIC_VALUE);
    int found = bytes.getInt(HeaderLayout.CHECKSUM);
    if (found != 0 && found == Header.checksum(mended)) {
      throw damaged(
          String.format(
              Locale.ROOT,
              "its magic is %016x, and its checksum is right for %016x",
              bytes.getLong(HeaderLayout.MAGIC),
              HeaderLayout.MAGIC_VALUE));
    }
  }

  private boolean isBlank() {
    return bytes.getLong(HeaderLayout.LENGTH) == 0
        && bytes.getLong(HeaderLayout.SPAN) == 0
        && bytes.getLong(HeaderLayout.ADDRESS) == 0;
  }

  private void checkVersion() {
    if (bytes.limit() < HeaderLayout.HEADER_LENGTH) {
      throw new TruncatedHeapException(
          path
              + " has "
              + fileLength
              + " bytes, fewer than the "
              + HeaderLayout.HEADER_LENGTH
              + " of a heap's header: another program has truncated it. Restore the file or"
              + " remove it");
    }
    int version = bytes.getInt(HeaderLayout.VERSION);
    if (version < 1) {
      throw damaged("its format version is " + version + ", the first version is 1");
    }
    if (version > HeaderLayout.CURRENT_VERSION) {
      throw new UnsupportedFormatException(
          path
              + " has format version "
              + version
              + ", and this version of rszshm supports format versions up to "
              + HeaderLayout.CURRENT_VERSION
              + ". Use a newer version of rszshm");
    }
  }

  private void checkChecksum() {
    int found = bytes.getInt(HeaderLayout.CHECKSUM);
    int expected = Header.checksum(bytes);
    if (found != expected) {
      throw damaged(
          String.format(Locale.ROOT, "its checksum is %08x, its bytes give %08x", found, expected));
    }
  }

  private void checkFeatures(boolean writing) {
    long incompatible = bytes.getLong(HeaderLayout.INCOMPATIBLE_FEATURES);
    if (incompatible != 0) {
      throw new UnsupportedFormatException(
          String.format(
              Locale.ROOT,
              "%s needs features 0x%x, which this version of rszshm does not support. Use a"
                  + " newer version of rszshm",
              path,
              incompatible));
    }
    long readOnly = bytes.getLong(HeaderLayout.READ_ONLY_COMPATIBLE_FEATURES);
    if (readOnly != 0 && writing) {
      throw new UnsupportedFormatException(
          String.format(
              Locale.ROOT,
              "%s has features 0x%x, which this version of rszshm does not support. Use a newer"
                  + " version of rszshm, or attach"
                  + " for reading only",
              path,
              readOnly));
    }
    int made = bytes.getInt(HeaderLayout.PAGE_SIZE);
    if (made != pageSize) {
      throw new UnsupportedFormatException(
          path
              + " was made for pages of "
              + made
              + " bytes; this machine has pages of "
              + pageSize
              + ". Make a new heap on this machine");
    }
  }

  private void checkMapping(Header h, Function<String, HeapException> kind, String verdict) {
    String fault = null;
    if (h.span() <= 0 || h.span() % pageSize != 0) {
      fault = "its span is " + h.span() + " bytes, expected a positive multiple of " + pageSize;
    } else if (h.address() <= 0 || h.address() % pageSize != 0) {
      fault =
          String.format(
              Locale.ROOT, "its address is 0x%x, expected a multiple of %d", h.address(), pageSize);
    } else if (h.span() > AddressSpace.LIMIT - h.address()) {
      fault =
          String.format(
              Locale.ROOT,
              "its span of %d bytes at 0x%x ends beyond the addresses of this machine, 0x%x",
              h.span(),
              h.address(),
              AddressSpace.LIMIT);
    } else if (h.length() <= 0 || h.length() % pageSize != 0) {
      fault = "its length is " + h.length() + " bytes, expected a positive multiple of " + pageSize;
    } else if (h.length() > h.span()) {
      fault = "its length is " + h.length() + " bytes, more than its span of " + h.span();
    }
    if (fault != null) {
      throw kind.apply(path + " " + verdict + ": " + fault);
    }
    if (h.length() > fileLength) {
      throw truncated(path, fileLength, h.length());
    }
  }

  public static TruncatedHeapException truncated(String path, long fileLength, long length) {
    return new TruncatedHeapException(
        path
            + " has "
            + fileLength
            + " bytes, its header says "
            + length
            + ": another program has truncated it. Restore the file or remove it");
  }

  private void checkTables(Header h) {
    int headerLength = bytes.getInt(HeaderLayout.HEADER_LENGTH_FIELD);
    int slotLength = bytes.getInt(HeaderLayout.PARTICIPANT_SLOT_LENGTH);
    if (headerLength != HeaderLayout.HEADER_LENGTH) {
      throw damaged(
          "its header length is " + headerLength + ", expected " + HeaderLayout.HEADER_LENGTH);
    }
    if (slotLength != ParticipantLayout.SLOT_LENGTH) {
      throw damaged(
          "its participant slots have "
              + slotLength
              + " bytes, expected "
              + ParticipantLayout.SLOT_LENGTH);
    }
    if (h.participantSlots() < 1 || h.participantSlots() > ParticipantLayout.MAX_SLOTS) {
      throw damaged(
          "it has "
              + h.participantSlots()
              + " participant slots, expected 1 to "
              + ParticipantLayout.MAX_SLOTS);
    }
    if (h.dataOffset() <= 0 || h.dataOffset() % pageSize != 0) {
      throw damaged(
          "its content begins at "
              + h.dataOffset()
              + ", expected a positive multiple of "
              + pageSize);
    }
    long tableLength = (long) h.participantSlots() * slotLength;
    if (h.participantTable() < headerLength
        || h.participantTable() % ParticipantLayout.SLOT_LENGTH != 0
        || h.dataOffset() > h.length()
        || h.participantTable() > h.dataOffset() - tableLength) {
      throw damaged(
          "its participant table of "
              + tableLength
              + " bytes at "
              + h.participantTable()
              + " does not lie between header and content, which begins at "
              + h.dataOffset());
    }
  }

  private DamagedHeapException damaged(String fault) {
    return new DamagedHeapException(path + " has a damaged header: " + fault);
  }
}
