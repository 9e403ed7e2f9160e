package dev.rszshm.structures.channel;

import dev.rszshm.heap.Heap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * Two attachments of this JVM to one heap, which stand for two processes: closing one is to the
 * other what the death of a process is.
 */
public final class TwoProcesses implements AutoCloseable {
  /** Nothing here takes so long; this only turns a test that would hang into one that fails. */
  private static final long PATIENCE_SECONDS = 180;

  public final Heap here = Heap.builder().length(1 << 20).participants(8).createAnonymous();
  public final Heap there = attach();
  public final long offset = here.dataOffset() + 127 & -128L;

  /** One more process. */
  Heap attach() {
    return Heap.builder().anyAddress().attach(here.path());
  }

  /** Makes zeros of all that was in the heap. */
  public void clear() {
    here.fill(here.dataOffset(), here.length() - here.dataOffset(), (byte) 0);
  }

  /** Runs a body in a thread of its own. */
  public static <T> FutureTask<T> start(Callable<T> body) {
    FutureTask<T> task = new FutureTask<>(body);
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  /** Waits for the result; throws what the body has thrown. */
  public static <T> T get(FutureTask<T> task) throws Exception {
    try {
      return task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw (Exception) e.getCause();
    }
  }

  @Override
  public void close() {
    there.close();
    here.close();
    here.unlink();
  }
}
