package dev.rszshm.heap.internal.attach;

import dev.rszshm.heap.Participant;
import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.heap.errors.HeapNotReadyException;
import dev.rszshm.heap.internal.file.HeapFile;
import dev.rszshm.heap.internal.file.SharingProof;
import dev.rszshm.heap.internal.format.Header;
import dev.rszshm.heap.internal.map.Growth;
import dev.rszshm.heap.internal.map.Mapping;
import dev.rszshm.heap.internal.map.Span;
import dev.rszshm.heap.internal.participants.Departures;
import dev.rszshm.heap.internal.participants.ParticipantTable;
import dev.rszshm.heap.internal.watch.Reports;
import dev.rszshm.heap.spi.FileStatus;
import dev.rszshm.heap.spi.Platform;

/**
 * The one place that opens an attachment: maps a file over a reservation, takes a participant slot,
 * makes the file visible, and proves that it is shared.
 *
 * <p>If anything fails, what was made visible is withdrawn; the caller undoes the rest.
 */
final class AttachmentOpening {
  private final HeapOptions options;
  private final Platform platform;

  AttachmentOpening(HeapOptions options, Platform platform) {
    this.options = options;
    this.platform = platform;
  }

  /**
   * Opens an attachment.
   *
   * @param undo has the file as well, and where the span is reserved; both are the attachment's
   *     from now on
   * @param publication what makes the heap visible to others
   */
  Attachment open(Undo undo, HeapFile file, Header header, Publication publication) {
    Mapping mapping = options.mapping();
    boolean writing = mapping.isWriting();
    long base = undo.address;
    int descriptor = file.descriptor();
    String path = file.lastingPath();
    FileStatus.Key key = file.status().key();
    Span span =
        new Span(platform, path, descriptor, mapping, base, header, options.wishes().again());
    Reports reports = new Reports(path);
    Growth growth =
        new Growth(
            platform,
            path,
            descriptor,
            span,
            options.backingOf(header),
            options.growth(),
            options.growthTimeout(),
            header.plain(),
            reports);
    ParticipantTable table =
        header.plain() ? null : new ParticipantTable(platform, span, descriptor, path, header);
    Participant self =
        table == null || !writing ? null : table.claim(options.name(), base != header.address());
    if (table != null) {
      span.waiters.watchDepartures(new Departures(table, span, self));
    }
    requireWhole(span, path);
    publication.publish(descriptor);
    if (!header.plain()) {
      prove(new SharingProof(platform, file, base, writing), publication);
    }
    undo.key = base == header.address() ? key : null;
    Attachment attachment = new Attachment(path, key, header, span, growth, table, self, reports);
    undo.end();
    file.release();
    return attachment;
  }

  /** Nobody makes a heap shorter who finds this participant; but somebody may have just before. */
  private static void requireWhole(Span span, String path) {
    if (span.length() < span.mapped()) {
      throw new HeapNotReadyException(
          path + " was made shorter while it was being attached: try again");
    }
  }

  private static void prove(SharingProof proof, Publication publication) {
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
}
