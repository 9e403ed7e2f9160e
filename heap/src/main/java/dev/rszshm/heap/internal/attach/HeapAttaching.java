package dev.rszshm.heap.internal.attach;

import dev.rszshm.heap.Backing;
import dev.rszshm.heap.errors.AddressTakenException;
import dev.rszshm.heap.errors.AlreadyAttachedException;
import dev.rszshm.heap.errors.SparseHeapException;
import dev.rszshm.heap.internal.file.HeapFile;
import dev.rszshm.heap.internal.format.Header;
import dev.rszshm.heap.internal.map.AddressSearch;
import dev.rszshm.heap.internal.passing.Seals;
import dev.rszshm.heap.spi.DescriptorCalls;
import dev.rszshm.heap.spi.Platform;
import dev.rszshm.heap.spi.SystemCalls;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Attaches to a heap: opens, checks, reserves, maps, takes a participant slot. */
public final class HeapAttaching {
  private final HeapOptions options;
  private final Platform platform;
  private final SystemCalls calls;

  public HeapAttaching(HeapOptions options, Platform platform) {
    this.options = options;
    this.platform = platform;
    this.calls = platform.calls();
  }

  /** Attaches to the heap of a name. */
  public Attachment attach(Path path) {
    return attach(
        () -> HeapFile.open(calls, path, options.mapping().isWriting(), options.foreignOwner()),
        header -> {});
  }

  /**
   * Attaches to the heap of a descriptor, which stays open and is not used afterwards.
   *
   * @param check looks at the header before anything is mapped
   */
  public Attachment attach(int descriptor, Consumer<Header> check) {
    return attach(() -> openSealed(descriptor), check);
  }

  private HeapFile openSealed(int descriptor) {
    boolean writing = options.mapping().isWriting();
    HeapFile file = HeapFile.open(calls, descriptor, writing, options.foreignOwner());
    try {
      Seals.require(DescriptorCalls.host(), file, writing);
      return file;
    } catch (Throwable e) {
      file.closeAfter(e);
      throw e;
    }
  }

  private Attachment attach(Supplier<HeapFile> opening, Consumer<Header> check) {
    Undo undo = Undo.begin(platform);
    try {
      HeapFile file = opening.get();
      undo.file = file;
      Header header = file.header(options.mapping().isWriting());
      check.accept(header);
      requireBacking(file, header);
      undo.span = header.span();
      undo.address = reserve(file, header);
      return new AttachmentOpening(options, platform).open(undo, file, header, Publication.NONE);
    } catch (Throwable e) {
      undo.failed = true;
      undo.after(e);
      throw e;
    }
  }

  private void requireBacking(HeapFile file, Header header) {
    if (header.sparse() && options.backing().filter(Backing.ALLOCATED::equals).isPresent()) {
      throw new SparseHeapException(
          file.path()
              + " was made with Backing.SPARSE: it takes its memory at the first write, which"
              + " fails if the file system is full, so it cannot be attached with"
              + " Backing.ALLOCATED. Attach without a backing, or make a new heap");
    }
  }

  private long reserve(HeapFile file, Header header) {
    try {
      AddressSearch.reserve(calls, file.path(), header.address(), header.span());
      return header.address();
    } catch (AddressTakenException e) {
      if (options.anyAddress()) {
        return AddressSearch.search(
            calls, options.scanOrSpread(calls, header.span()), header.span());
      }
      if (Attachment.isAtOwnAddress(file.status().key())) {
        throw new AlreadyAttachedException(
            file.path()
                + " is attached in this JVM already, at its own address: use that attachment, close"
                + " it first, or attach at any address");
      }
      throw e;
    }
  }
}
