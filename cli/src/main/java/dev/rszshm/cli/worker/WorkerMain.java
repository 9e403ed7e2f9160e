package dev.rszshm.cli.worker;

import dev.rszshm.cli.CommandException;
import dev.rszshm.heap.errors.HeapException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/*
 * What the main classes of workers have in common: how they talk with their parent.
 *
 * Layout
 * ------
 * Standard input: orders of the parent. Standard output: answers. What is shared is in a heap.
 *
 * Protocol
 * --------
 * 1 attach to the heap; answer "ready";
 * 2 read one line, the order;
 * 3 carry it out; meanwhile a thread waits for the end of standard input, which comes when the parent is gone,
 *   and ends the process;
 * 4 answer "done BYTES", or "failed KIND MESSAGE"; detach and end.
 *
 * If a process dies here
 * ----------------------
 * The worker, at 1-4: the parent meets the end of its output before an answer. The parent, at any time: the worker
 * ends by 3, or at the read of 2; the heap stays.
 */
public abstract class WorkerMain {
  static final String READY = "ready";
  static final String DONE = "done ";
  static final String FAILED = "failed ";

  private static final int PARENT_IS_GONE = 3;

  /** For subclasses. */
  protected WorkerMain() {}

  /**
   * Does the worker's part. Calls {@link #awaitOrder} once, when it is ready.
   *
   * @param words its command line
   * @return the number of bytes it has worked on
   */
  protected abstract long work(String[] words);

  /** Works, and ends the process. */
  protected final void run(String[] words) {
    int status = 1;
    try {
      answer(DONE + work(words));
      status = 0;
    } catch (CommandException e) {
      answer(FAILED + e.kind() + " " + e.getMessage());
    } catch (HeapException e) {
      answer(FAILED + e.kind() + " " + e.getMessage());
    } catch (RuntimeException | Error e) {
      answer(FAILED + "internal " + e);
    }
    Runtime.getRuntime().halt(status);
  }

  /** Tells the parent that the worker is ready; returns what it is to do. */
  protected final String awaitOrder() {
    answer(READY);
    String order = readLine(System.in);
    endWithParent();
    return order;
  }

  private static void answer(String line) {
    System.out.println(line.replace('\n', ' '));
    System.out.flush();
  }

  private static String readLine(InputStream in) {
    byte[] line = new byte[64];
    int length = 0;
    try {
      int next = in.read();
      while (next >= 0 && next != '\n') {
        if (length == line.length) {
          line = Arrays.copyOf(line, length * 2);
        }
        line[length++] = (byte) next;
        next = in.read();
      }
      if (next < 0) {
        Runtime.getRuntime().halt(PARENT_IS_GONE);
      }
    } catch (IOException e) {
      Runtime.getRuntime().halt(PARENT_IS_GONE);
    }
    return new String(line, 0, length, StandardCharsets.US_ASCII);
  }

  /** Starts the thread that ends this process when its parent has gone. */
  private static void endWithParent() {
    Thread watcher =
        new Thread("parent watcher") {
          @Override
          public void run() {
            readLine(System.in);
          }
        };
    watcher.setDaemon(true);
    watcher.start();
  }
}
