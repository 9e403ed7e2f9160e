package dev.rszshm.heap;

import dev.rszshm.heap.errors.AddressTakenException;
import dev.rszshm.heap.errors.AlreadyAttachedException;
import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.heap.errors.SparseHeapException;
import dev.rszshm.heap.os.FileStatus;
import dev.rszshm.heap.os.SystemCalls;
import java.nio.file.Path;

/** Attaches to a heap: opens, checks, reserves, maps, takes a participant slot. */
final class HeapAttaching {
  private final HeapBuilder options;
  private final Platform platform;
  private final SystemCalls calls;

  HeapAttaching(HeapBuilder options, Platform platform) {
    this.options = options;
    this.platform = platform;
    this.calls = platform.calls();
  }

  Heap attach(Path path) {
    boolean writing = !options.readOnly;
    try (HeapFile file = HeapFile.open(calls, path, writing, options.foreignOwner)) {
      Header header = file.header(writing);
      requireBacking(file, header);
      long base = reserve(file, header);
      return mapped(options, platform, file, header, base, descriptor -> {});
    }
  }

  private void requireBacking(HeapFile file, Header header) {
    if (header.sparse() && options.backingNamed && options.backing == Backing.ALLOCATED) {
      throw new SparseHeapException(
          file.path()
              + " takes its memory at the first write, as was decided when it was made, so where the"
              + " file system is full a write to it fails, and ALLOCATED cannot be had. Attach"
              + " without naming a backing, or make the heap anew");
    }
  }

  /** What was decided when the heap was made; a plain file does not say. */
  private static Backing backing(HeapBuilder options, Header header) {
    if (header.plain()) {
      return options.backing;
    }
    return header.sparse() ? Backing.SPARSE : Backing.ALLOCATED;
  }

  private long reserve(HeapFile file, Header header) {
    try {
      AddressSearch.reserve(calls, file.path(), header.address(), header.span());
      return header.address();
    } catch (AddressTakenException e) {
      if (options.anyAddress) {
        AddressScan scan = options.scan == null ? AddressScan.spread(calls::random) : options.scan;
        return AddressSearch.search(calls, scan, header.span());
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

  private static void prove(SharingProof proof, HeapCreation.Publication publication) {
    try {
      proof.require();
    } catch (Throwable e) {
      try {
        publication.withdraw();
      } catch (HeapException withdrawing) {
        e.addSuppressed(withdrawing);
      }
      throw e;
    }
  }

  /**
   * Maps a file over a reservation and makes a heap of it. Owns both from now on: if anything
   * fails, the reservation is given back, and the file closes.
   */
  static Heap mapped(
      HeapBuilder options,
      Platform platform,
      HeapFile file,
      Header header,
      long base,
      HeapCreation.Publication publication) {
    SystemCalls calls = platform.calls();
    boolean writing = !options.readOnly;
    boolean otherAddress = base != header.address();
    try {
      int descriptor = file.descriptor();
      String path = file.path();
      FileStatus.Key key = file.status().key();
      Span span = new Span(platform, path, descriptor, writing, base, header);
      Growth growth =
          new Growth(
              platform,
              path,
              descriptor,
              span,
              backing(options, header),
              options.growth,
              options.growthTimeout,
              header.plain());
      ParticipantTable table =
          header.plain() ? null : new ParticipantTable(platform, span, descriptor, path, header);
      Participant self = table == null || !writing ? null : table.claim(options.name, otherAddress);
      publication.publish(descriptor);
      if (!header.plain()) {
        prove(new SharingProof(platform, file, base, writing), publication);
      }
      file.release();
      return new Heap(platform, new Attachment(path, key, header, span, growth, table, self));
    } catch (Throwable e) {
      try {
        calls.unmap(base, header.span());
      } catch (HeapException unmapping) {
        e.addSuppressed(unmapping);
      }
      throw e;
    }
  }
}
