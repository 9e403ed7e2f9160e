package dev.rszshm.heap.internal.attach;

import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.heap.internal.file.HeapFile;
import dev.rszshm.heap.spi.FileStatus;
import dev.rszshm.heap.spi.Platform;
import dev.rszshm.heap.spi.SystemCalls;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What is undone if making or attaching a heap fails, whatever it fails by. An overflow of the
 * stack, for one, may leave no room for the calls that undo: then the next one who makes or
 * attaches a heap does it.
 *
 * <p>So it is registered before anything is done; what was done is noted by storing into a field,
 * and so is the failure, which needs no call.
 */
final class Undo {
  private static final Set<Undo> PENDING = ConcurrentHashMap.newKeySet();

  private final SystemCalls calls;

  /** A directory that was made; null for none. */
  @Nullable String directory;

  /** A file that is open; null for none. */
  @Nullable HeapFile file;

  /** Addresses that were reserved; 0 for none. */
  long address;

  long span;

  /** The file, if this JVM was noted to have it at its own address; null if not. */
  FileStatus.@Nullable Key key;

  /** Whether it is to be undone. */
  volatile boolean failed;

  private final AtomicBoolean running = new AtomicBoolean();

  private Undo(SystemCalls calls) {
    this.calls = calls;
  }

  /** Returns one for what the caller is about to do. */
  static Undo begin(Platform platform) {
    Undo undo = new Undo(platform.calls());
    if (!platform.memory().isGuarded()) { // a process that is simulated is not undone by another
      PENDING.add(undo);
    }
    return undo;
  }

  /** Notes that there is nothing to undo any more. */
  void end() {
    PENDING.remove(this);
  }

  /** Undoes what was done, because of something that is to be thrown on. */
  void after(Throwable cause) {
    try {
      run();
    } catch (HeapException e) {
      cause.addSuppressed(e);
    }
  }

  /** Does nothing if another thread is at it. */
  private void run() {
    if (running.compareAndSet(false, true)) {
      try {
        undo();
      } finally {
        running.set(false);
      }
    }
  }

  private void undo() {
    FileStatus.Key noted = key;
    if (noted != null) {
      Attachment.forget(noted);
      key = null;
    }
    try {
      closeFile();
    } finally {
      try {
        unmap();
      } finally {
        removeDirectory();
      }
    }
    end();
  }

  /** Tried once: who knows whether the kernel has done it, and the number may be another's now. */
  private void closeFile() {
    HeapFile open = file;
    if (open != null) {
      open.close();
      file = null;
    }
  }

  private void unmap() {
    if (address != 0) {
      calls.unmap(address, span);
      address = 0;
    }
  }

  private void removeDirectory() {
    String made = directory;
    if (made != null) {
      calls.removeDirectory(made);
      directory = null;
    }
  }

  /** Undoes what others could not. */
  static void runPending() {
    for (Undo undo : PENDING) {
      if (undo.failed) {
        try {
          undo.run();
        } catch (HeapException e) {
          undo.end(); // it was tried again, and is not the caller's fault
        }
      }
    }
  }
}
