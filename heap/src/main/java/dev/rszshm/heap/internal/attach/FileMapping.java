package dev.rszshm.heap.internal.attach;

import dev.rszshm.heap.Backing;
import dev.rszshm.heap.GrowthPolicy;
import dev.rszshm.heap.internal.file.HeapFile;
import dev.rszshm.heap.internal.file.Pages;
import dev.rszshm.heap.internal.format.Header;
import dev.rszshm.heap.internal.map.AddressSearch;
import dev.rszshm.heap.internal.map.Growth;
import dev.rszshm.heap.internal.map.Mapping;
import dev.rszshm.heap.internal.map.Span;
import dev.rszshm.heap.internal.os.AddressSpace;
import dev.rszshm.heap.internal.watch.Reports;
import dev.rszshm.heap.spi.Platform;
import dev.rszshm.heap.spi.SystemCalls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * Maps a range of a file that is no heap: one without header, participants and growth. If anything
 * fails, nothing stays open or mapped.
 */
public final class FileMapping {
  private final Platform platform;
  private final SystemCalls calls;
  private final Path path;
  private final Mapping mapping;

  public FileMapping(Platform platform, Path path, Mapping mapping) {
    this.platform = platform;
    this.calls = platform.calls();
    this.path = path;
    this.mapping = mapping;
  }

  /**
   * Maps a range.
   *
   * @param offset where it begins in the file
   * @param length how long it is; empty for all that follows
   */
  public Attachment map(long offset, OptionalLong length) {
    requireRange(offset, length);
    Undo undo = Undo.begin(platform);
    try {
      HeapFile file = HeapFile.openAny(calls, path, mapping.isWriting());
      undo.file = file;
      long end = file.requireContent(offset, length);
      Header pages = Header.ofRange(Pages.roundUp(end - offset, calls.pageSize()));
      undo.span = pages.span();
      undo.address =
          AddressSearch.search(calls, AddressSpace.spread(calls::random, undo.span), undo.span);
      Attachment attachment = open(undo, file, pages, offset, end - offset);
      undo.end();
      file.release();
      return attachment;
    } catch (Throwable e) {
      undo.failed = true;
      undo.after(e);
      throw e;
    }
  }

  private void requireRange(long offset, OptionalLong length) {
    int page = calls.pageSize();
    if (offset < 0 || offset % page != 0) {
      throw new IllegalArgumentException(
          path
              + " cannot be mapped from offset "
              + offset
              + ": a mapping begins at a multiple of the page size, "
              + page);
    }
    if (length.isPresent() && (length.getAsLong() < 1 || length.getAsLong() > AddressSpace.LIMIT)) {
      throw new IllegalArgumentException(
          path
              + " cannot be mapped with a length of "
              + length.getAsLong()
              + " bytes: map 1 or more");
    }
  }

  private Attachment open(Undo undo, HeapFile file, Header pages, long offset, long length) {
    int descriptor = file.descriptor();
    String name = file.path();
    Span span =
        Span.ofFile(platform, name, descriptor, mapping, undo.address, pages, offset, length);
    Reports reports = new Reports(name);
    Growth none =
        new Growth(
            platform,
            name,
            descriptor,
            span,
            Backing.SPARSE,
            GrowthPolicy.balanced(),
            Duration.ZERO,
            true,
            reports);
    return new Attachment(name, file.status().key(), pages, span, none, null, null, reports);
  }
}
