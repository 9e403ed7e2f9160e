package dev.rszshm.heap.internal.file;

import dev.rszshm.heap.errors.SystemCallException;
import dev.rszshm.heap.errors.UnsharedFileException;
import dev.rszshm.heap.internal.format.HeaderLayout;
import dev.rszshm.heap.spi.Errno;
import dev.rszshm.heap.spi.Memory;
import dev.rszshm.heap.spi.Platform;
import dev.rszshm.heap.spi.SystemCalls;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Proof that what this process has mapped is what everybody else gets who opens the file by its
 * name. Some file systems, most of them in user space, keep the content of a file once for each
 * name, or for each time it is opened: two processes would write into different memory and never
 * know.
 *
 * <p>A random number is written through the mapping and read through the name; who only reads
 * compares what others have written. If the process dies here, the number stays, and means nothing.
 */
public final class SharingProof {
  /** Others prove the same at the same time, with numbers of their own. */
  private static final int TRIES = 100;

  /** The file was removed or moved, or this process may not look at it by its name. */
  private static final Set<Integer> HAS_NO_NAME =
      Set.of(Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP, Errno.EACCES, Errno.EPERM);

  private final SystemCalls calls;
  private final Memory memory;
  private final HeapFile file;
  private final boolean writing;
  private final long word;

  public SharingProof(Platform platform, HeapFile file, long base, boolean writing) {
    this.calls = platform.calls();
    this.memory = platform.memory();
    this.file = file;
    this.writing = writing;
    this.word = base + HeaderLayout.PROOF;
  }

  /**
   * Returns if the file is shared, or its name leads to it no more.
   *
   * @throws UnsharedFileException if it is not
   */
  public void require() {
    for (int i = 0; i < TRIES; i++) {
      if (writing) {
        memory.putLongVolatile(word, calls.random());
      }
      Long found = read();
      if (found == null || found == memory.getLongVolatile(word)) {
        return;
      }
    }
    throw new UnsharedFileException(
        file.path()
            + " cannot be shared: what is written through its mapping is not what others read who"
            + " open it by its name. Its file system keeps a copy for each name or opening, as"
            + " those in user space do (bindfs, mergerfs, unionfs). Use a directory of another file"
            + " system, such as /dev/shm");
  }

  /** The number as it is found by the name; null if that leads to this file no more. */
  private @Nullable Long read() {
    int descriptor;
    try {
      descriptor = calls.open(file.path(), false, file.isLink());
    } catch (SystemCallException e) {
      if (HAS_NO_NAME.contains(e.errno())) {
        return null;
      }
      throw e;
    }
    try {
      if (!calls.status(descriptor).key().equals(file.status().key())) {
        return null;
      }
      byte[] bytes = new byte[Long.BYTES];
      int length = calls.read(descriptor, bytes, HeaderLayout.PROOF);
      return length == bytes.length
          ? Long.valueOf(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong())
          : null;
    } finally {
      calls.close(descriptor);
    }
  }
}
