package dev.rszshm.heap;

import dev.rszshm.heap.internal.file.HeapFile;
import dev.rszshm.heap.internal.format.Header;
import dev.rszshm.heap.internal.format.HeaderLayout;
import dev.rszshm.heap.internal.format.ParticipantLayout;
import dev.rszshm.heap.internal.format.TagLayout;
import dev.rszshm.heap.internal.participants.ParticipantTable;
import dev.rszshm.heap.spi.SystemCalls;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the file of a heap says about it, read without attaching to the heap and without changing
 * anything.
 *
 * @param path the file
 * @param plain whether it has rszshm's 24-byte header only; then it has no identity and no
 *     participants
 * @param version format version, 0 for a plain file
 * @param id identity of the heap
 * @param created time of creation
 * @param address the address at which every process maps it
 * @param length bytes in use, header and tables included
 * @param span the number of bytes it can grow to
 * @param fileLength bytes of the file
 * @param dataOffset offset of the first byte of content
 * @param growths how often it has grown
 * @param generatedDirectory whether its directory was made for it, and is removed with it
 * @param participantSlots how many attachments for writing there can be at a time
 * @param participants the attachments for writing, and those of processes that have died and whose
 *     slots were not reclaimed yet
 */
public record HeapInfo(
    Path path,
    boolean plain,
    int version,
    Optional<UUID> id,
    Optional<Instant> created,
    long address,
    long length,
    long span,
    long fileLength,
    long dataOffset,
    long growths,
    boolean generatedDirectory,
    int participantSlots,
    List<Participant> participants) {

  /**
   * Reads what the file of a heap says.
   *
   * @throws dev.rszshm.heap.errors.NoSuchHeapException if there is no such file
   * @throws dev.rszshm.heap.errors.HeapException of another kind, if it is not a heap, damaged, or
   *     may not be read
   */
  public static HeapInfo of(Path path) {
    return of(SystemCalls.host(), path.toAbsolutePath());
  }

  static HeapInfo of(SystemCalls calls, Path path) {
    try (HeapFile file = HeapFile.open(calls, path, false, true)) {
      Header h = file.header(false);
      return new HeapInfo(
          path,
          h.plain(),
          h.version(),
          Optional.ofNullable(h.id()),
          Optional.ofNullable(h.created()),
          h.address(),
          h.length(),
          h.span(),
          file.status().length(),
          h.dataOffset(),
          h.plain() ? 0 : longAt(file, HeaderLayout.GROWTHS),
          h.directory() != 0,
          h.participantSlots(),
          participants(calls, file, h));
    }
  }

  private static List<Participant> participants(SystemCalls calls, HeapFile file, Header h) {
    List<Participant> found = new ArrayList<>();
    if (h.plain()) {
      return found;
    }
    TagLayout tags = new TagLayout(h.participantSlots());
    int end = HeaderLayout.used(longAt(file, HeaderLayout.SLOTS_USED), h.participantSlots());
    for (int slot = 0; slot < end; slot++) {
      long offset = h.participantTable() + (long) slot * ParticipantLayout.SLOT_LENGTH;
      Participant participant = participant(calls, file, tags, slot, offset);
      if (participant != null) {
        found.add(participant);
      }
    }
    return List.copyOf(found);
  }

  /** Reads a slot until its state word is the same before and after; null if it is free. */
  private static @Nullable Participant participant(
      SystemCalls calls, HeapFile file, TagLayout tags, int slot, long offset) {
    byte[] bytes = new byte[ParticipantLayout.SLOT_LENGTH];
    for (int i = 0; i < ParticipantTable.READS; i++) {
      file.readFully(bytes, offset);
      long word = longAt(bytes);
      if (ParticipantLayout.state(word) == ParticipantLayout.FREE) {
        return null;
      }
      boolean owned = calls.isByteLocked(file.descriptor(), offset + ParticipantLayout.OWNER_BYTE);
      if (longAt(file, offset) == word) {
        return ParticipantLayout.decode(tags, slot, word, bytes, owned);
      }
    }
    return null;
  }

  private static long longAt(HeapFile file, long offset) {
    byte[] bytes = new byte[Long.BYTES];
    file.readFully(bytes, offset);
    return longAt(bytes);
  }

  private static long longAt(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
  }
}
