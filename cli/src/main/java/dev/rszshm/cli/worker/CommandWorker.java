package dev.rszshm.cli.worker;

import dev.rszshm.cli.CommandException;
import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.structures.worker.WorkerBody;
import dev.rszshm.structures.worker.WorkerContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/*
 * What the workers of commands have in common: how they talk with the command.
 *
 * Layout
 * ------
 * The first argument is the order; the others say where and what. Standard output: the answer. What is shared is in a
 * heap.
 *
 * Protocol
 * --------
 * 1 attach to the heap; say that this is ready;
 * 2 wait until the command lets all workers begin;
 * 3 carry the order out;
 * 4 answer "done BYTES", or "failed KIND MESSAGE"; detach and end.
 *
 * If a process dies here
 * ----------------------
 * The worker, at 1-4: the command sees its end without an answer. The command, at any time: its workers end with it;
 * the heap stays.
 */
public abstract class CommandWorker implements WorkerBody {
  static final String DONE = "done ";
  static final String FAILED = "failed ";

  private @Nullable WorkerContext context;

  /** For subclasses. */
  protected CommandWorker() {}

  /**
   * Does the worker's part. Calls {@link #awaitBegin} once, when it is ready.
   *
   * @param words its arguments, without the order
   * @return the number of bytes it has worked on
   */
  protected abstract long work(String[] words) throws InterruptedException;

  @Override
  public void run(WorkerContext started) throws InterruptedException {
    context = started;
    List<String> arguments = started.arguments();
    try {
      answer(DONE + work(arguments.subList(1, arguments.size()).toArray(new String[0])));
      return;
    } catch (CommandException e) {
      answer(FAILED + e.kind() + " " + e.getMessage());
    } catch (HeapException e) {
      answer(FAILED + e.kind() + " " + e.getMessage());
    } catch (RuntimeException | Error e) {
      answer(FAILED + "internal " + e);
    }
    Runtime.getRuntime().halt(1);
  }

  /** Tells the command that the worker is ready, waits for all others; returns what to do. */
  protected final String awaitBegin() throws InterruptedException {
    WorkerContext started = context;
    if (started == null) {
      throw new IllegalStateException("this worker has not been started");
    }
    started.ready();
    started.awaitBegin();
    return started.arguments().get(0);
  }

  private static void answer(String line) {
    System.out.println(line.replace('\n', ' '));
    System.out.flush();
  }
}
