package dev.rszshm.heap.internal.shrink;

import dev.rszshm.heap.FileRegion;
import dev.rszshm.heap.Region;
import dev.rszshm.heap.errors.HeapInUseException;
import dev.rszshm.heap.errors.NotAHeapException;
import dev.rszshm.heap.errors.SystemCallException;
import dev.rszshm.heap.internal.file.HeapFile;
import dev.rszshm.heap.internal.file.Pages;
import dev.rszshm.heap.internal.format.Header;
import dev.rszshm.heap.internal.format.HeaderLayout;
import dev.rszshm.heap.internal.format.ParticipantLayout;
import dev.rszshm.heap.spi.Errno;
import dev.rszshm.heap.spi.SystemCalls;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;

/*
 * Makes a heap shorter that nobody has attached for writing.
 *
 * Layout
 * ------
 * `flen` at offset 0, and the locks of the participant table.
 *
 * Protocol
 * --------
 * 1 lock the claim byte of every participant slot: nobody attaches for writing from now on;
 * 2 ask for the lock on the owner byte of every slot: nobody has one, so nobody is attached;
 * 3 ask the owner of the content how short the heap may be; it takes note that the rest is gone;
 * 4 give the memory of the rest back, so that it reads as zeros whatever comes;
 * 5 write the new `flen`;
 * 6 cut the file off behind it;
 * 7 drop the locks, by closing the file.
 * Who attaches at the same time has read the old `flen` before 5, mapped so much, and claims a slot after 7: it
 * looks then whether `flen` is still what it mapped, and begins again if not (AttachmentOpening). Who reads the
 * header before 5 and the length of the file after 6 finds the file too short, and reads the header again
 * (HeapFile). Who attaches for reading only has no slot, and is not seen: an access behind the new end is one to
 * a truncated file.
 *
 * If a process dies here
 * ----------------------
 * 1, 2: the kernel drops the locks. 3: the content is shorter than the heap, as after a growth that was cut off.
 * 4: the same, and there are zeros behind it. 5: the file is longer than `flen` says, as in a growth; what is behind
 * it are zeros. 6, 7: the heap is shorter.
 */
public final class HeapShrinking {
  /** Knows what of a heap is in use. */
  @FunctionalInterface
  public interface Content {
    /**
     * Notes that what is not in use is gone.
     *
     * @param file the whole file; offsets are those of the heap
     * @param dataOffset where content begins
     * @param span of the heap
     * @return the end of what stays
     */
    long cut(Region file, long dataOffset, long span);
  }

  private final SystemCalls calls;
  private final Path path;

  public HeapShrinking(SystemCalls calls, Path path) {
    this.calls = calls;
    this.path = path.toAbsolutePath();
  }

  /**
   * Makes the heap as short as its content allows.
   *
   * @return how many bytes shorter the file is
   * @throws HeapInUseException if somebody has it attached for writing, or is attaching
   */
  public long shrink(Content content) {
    try (HeapFile file = HeapFile.open(calls, path, true, false)) {
      Header header = file.header(true);
      if (header.plain()) {
        throw new NotAHeapException(
            path + " is a plain file, which does not say who uses it: it cannot be made shorter");
      }
      requireUnused(file, header);
      header = file.header(true); // somebody may have grown it before the locks
      long fileLength = file.status().length();
      long end = Pages.roundUp(cut(file, header, content), calls.pageSize());
      if (end < header.length()) {
        discard(file.descriptor(), end, fileLength - end);
        writeLength(file.descriptor(), end);
      }
      long length = Math.min(end, header.length());
      if (length < fileLength) {
        calls.truncate(file.descriptor(), length);
      }
      return Math.max(0, fileLength - length);
    }
  }

  private long cut(HeapFile file, Header header, Content content) {
    Path opened = Path.of("/proc/self/fd/" + file.descriptor());
    try (FileRegion whole = Region.map(opened, MapMode.READ_WRITE)) {
      long end = content.cut(whole, header.dataOffset(), header.span());
      return Math.max(end, header.dataOffset());
    }
  }

  private void requireUnused(HeapFile file, Header header) {
    int descriptor = file.descriptor();
    for (int slot = 0; slot < header.participantSlots(); slot++) {
      long at = header.participantTable() + (long) slot * ParticipantLayout.SLOT_LENGTH;
      if (!calls.tryLockByte(descriptor, at + ParticipantLayout.CLAIM_BYTE)) {
        throw inUse("somebody is attaching to it");
      }
    }
    for (int slot = 0; slot < header.participantSlots(); slot++) {
      long at = header.participantTable() + (long) slot * ParticipantLayout.SLOT_LENGTH;
      if (calls.isByteLocked(descriptor, at + ParticipantLayout.OWNER_BYTE)) {
        throw inUse(who(descriptor, at) + " is attached for writing");
      }
    }
  }

  private String who(int descriptor, long at) {
    byte[] word = new byte[Long.BYTES];
    int read = calls.read(descriptor, word, at + ParticipantLayout.STATE);
    long pid =
        ParticipantLayout.pid(ByteBuffer.wrap(word).order(ByteOrder.LITTLE_ENDIAN).getLong());
    return read == word.length && pid > 0 ? "process " + pid : "a process";
  }

  private HeapInUseException inUse(String by) {
    return new HeapInUseException(
        path + " cannot be made shorter while it is in use, and " + by + ": try when nobody is");
  }

  /** A file system that cannot give memory back has the rest cut off in one step only. */
  private void discard(int descriptor, long offset, long length) {
    try {
      calls.discard(descriptor, offset, length);
    } catch (SystemCallException e) {
      if (e.errno() != Errno.EOPNOTSUPP) {
        throw e;
      }
      calls.truncate(descriptor, offset);
      calls.truncate(descriptor, offset + length); // zeros, as the header still says
    }
  }

  private void writeLength(int descriptor, long length) {
    byte[] word =
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
    int written = calls.write(descriptor, word, HeaderLayout.LENGTH);
    if (written != word.length) {
      throw new SystemCallException(
          "pwrite(length of " + path + ")", Errno.ENOSPC, "only " + written + " bytes fit");
    }
  }
}
