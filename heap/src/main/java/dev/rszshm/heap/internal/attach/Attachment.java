package dev.rszshm.heap.internal.attach;

import dev.rszshm.heap.Participant;
import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.heap.internal.file.NameSync;
import dev.rszshm.heap.internal.format.Header;
import dev.rszshm.heap.internal.map.Growth;
import dev.rszshm.heap.internal.map.RetiredSpans;
import dev.rszshm.heap.internal.map.Span;
import dev.rszshm.heap.internal.participants.ParticipantTable;
import dev.rszshm.heap.internal.watch.Reports;
import dev.rszshm.heap.spi.FileStatus;
import dev.rszshm.heap.spi.SystemCalls;
import java.lang.ref.Cleaner;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What an open heap holds, apart from the heap object itself, so that it can be given back when
 * that object has become garbage without being closed.
 */
public final class Attachment implements Runnable {
  /** The heaps that this JVM has at their own addresses. */
  private static final Set<FileStatus.Key> AT_OWN_ADDRESS = ConcurrentHashMap.newKeySet();

  /** Heaps that became garbage while somebody held a buffer over their content. */
  private static final Set<Attachment> ABANDONED = ConcurrentHashMap.newKeySet();

  private static final Cleaner CLEANER = Cleaner.create();

  public final String path;
  public final FileStatus.Key key;
  public final Header header;
  public final Span span;
  public final Growth growth;

  /** Null in a plain file. */
  public final @Nullable ParticipantTable table;

  /** Null in a plain file, or when attached for reading only. */
  public final @Nullable Participant self;

  public final Reports reports;

  private Cleaner.@Nullable Cleanable cleanable;

  /** Whether the name has been written to storage: that is needed once. */
  private volatile boolean nameSynced;

  Attachment(
      String path,
      FileStatus.Key key,
      Header header,
      Span span,
      Growth growth,
      @Nullable ParticipantTable table,
      @Nullable Participant self,
      Reports reports) {
    this.path = path;
    this.key = key;
    this.header = header;
    this.span = span;
    this.growth = growth;
    this.table = table;
    this.self = self;
    this.reports = reports;
    if (!isElsewhere()) {
      AT_OWN_ADDRESS.add(key);
    }
  }

  /** Whether this JVM has a file at the address of its heap. */
  static boolean isAtOwnAddress(FileStatus.Key key) {
    return AT_OWN_ADDRESS.contains(key);
  }

  /** Notes that this JVM does not have a file at the address of its heap. */
  static void forget(FileStatus.Key key) {
    AT_OWN_ADDRESS.remove(key);
  }

  /** Whether the heap is mapped at another address than its own. */
  public boolean isElsewhere() {
    return span.base != header.address();
  }

  /** Writes the name of the heap to storage, unless that has been done. */
  public void syncName(SystemCalls calls) {
    if (!nameSynced) {
      NameSync.sync(calls, Path.of(path), header.directory() != 0);
      nameSynced = true;
    }
  }

  public void closeWhenGarbage(Object heap) {
    if (!span.isGuarded()) {
      cleanable = CLEANER.register(heap, this);
    }
  }

  /** Ends the attachment, once. */
  public void close() {
    try {
      end();
    } finally {
      closeAbandoned();
      RetiredSpans.release();
      Cleaner.Cleanable registered = cleanable;
      if (registered != null) {
        registered.clean();
      }
    }
  }

  /** Refuses all that begins from now on, lets a growth under way end, and detaches. */
  private void end() {
    span.beginRetiring();
    try {
      growth.exclude(this::detach);
    } finally {
      reports.end();
    }
  }

  private void detach() {
    span.retire(
        () -> {
          if (!isElsewhere()) {
            forget(key);
          }
          if (table != null && self != null) {
            table.leave(self);
          }
        });
  }

  /** Called by the cleaner, or by close when there is nothing left to do. */
  @Override
  public void run() {
    if (!span.isOpen()) {
      return;
    }
    ABANDONED.add(this);
    closeAbandoned();
  }

  /** Closes the heaps that are garbage and whose content nobody holds a buffer over any more. */
  public static void closeAbandoned() {
    Undo.runPending();
    for (Attachment attachment : Set.copyOf(ABANDONED)) {
      if (!attachment.span.hasViews() && ABANDONED.remove(attachment)) {
        attachment.closeGarbage();
      }
    }
  }

  private void closeGarbage() {
    if (!reports.abandoned()) {
      logger()
          .log(
              System.Logger.Level.WARNING,
              "{0} was not closed before it became garbage: use try-with-resources",
              path);
    }
    try {
      end();
    } catch (HeapException e) {
      logger().log(System.Logger.Level.WARNING, "closing a heap that became garbage failed", e);
    }
  }

  /** Not before it is needed: whoever asks for a logger starts what writes the logs. */
  private static System.Logger logger() {
    return System.getLogger("dev.rszshm.heap.Heap");
  }
}
