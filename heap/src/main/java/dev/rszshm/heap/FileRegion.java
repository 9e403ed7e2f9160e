package dev.rszshm.heap;

import dev.rszshm.heap.internal.attach.Attachment;
import dev.rszshm.heap.spi.Platform;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A file, or a range of one, that is mapped into memory; see {@link Region#map(Path,
 * java.nio.channels.FileChannel.MapMode)}. It is no heap: it has no header, does not grow, lies
 * anywhere, and may be of any content.
 *
 * <p>All methods may be called by any thread at any time, {@link #close} included. A file region
 * that becomes garbage is closed, with a warning. Do not rely on that: close it.
 */
public final class FileRegion extends Region implements AutoCloseable {
  private final Attachment attachment;

  FileRegion(Platform platform, Attachment attachment) {
    super(platform, attachment.span, attachment.span.length());
    this.attachment = attachment;
    attachment.closeWhenGarbage(this);
  }

  /** Returns the path of the file, also when the region is closed. */
  public Path path() {
    return Path.of(attachment.path);
  }

  /** Returns whether what is written is never written into the file. */
  public boolean isReadOnly() {
    return !span.mapping().isWriting();
  }

  /** Returns whether the region has not been closed. */
  public boolean isOpen() {
    return span.isOpen();
  }

  /** Returns the address at which this process has mapped the region. */
  public long base() {
    return span.base;
  }

  /**
   * Unmaps the file. From then on every method that needs it throws {@link IllegalStateException},
   * in threads that use it at this moment too. Has no effect if the region is closed already.
   */
  @Override
  public void close() {
    try {
      attachment.close();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  String describe() {
    return path().toString();
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "FileRegion[%s, %d bytes at 0x%x%s]",
        path(),
        upper(),
        base(),
        isOpen() ? "" : ", closed");
  }
}
