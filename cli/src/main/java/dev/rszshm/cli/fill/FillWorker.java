package dev.rszshm.cli.fill;

import dev.rszshm.cli.CommandException;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.HeapException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/*
 * The main class of a worker. It does without the libraries of the command: eight of it start at once.
 *
 * Layout
 * ------
 * FillLayout, in the heap. Standard input: orders of the parent. Standard output: answers.
 *
 * Protocol
 * --------
 * 1 attach to the heap; answer "ready";
 * 2 read one line, the order: "claim" (claim and write until all is claimed) or "write FROM-TO,FROM-TO…"
 *   (write what the dead have left, indices inclusive);
 * 3 do it; meanwhile a thread waits for the end of standard input, which comes when the parent is gone,
 *   and ends the process;
 * 4 answer "done BYTES", or "failed KIND MESSAGE"; detach and end.
 *
 * If a process dies here
 * ----------------------
 * The worker, at 1-4: the parent meets the end of its output before an answer. What it had claimed and
 * not written stays zero, at most one claim. The parent, at any time: the worker ends by 3, or at the
 * read of 2; the heap stays.
 */
public class FillWorker {
  static final String READY = "ready";
  static final String DONE = "done ";
  static final String FAILED = "failed ";
  static final String CLAIM = "claim";
  static final String WRITE = "write ";

  private static final int PARENT_IS_GONE = 3;

  /** For {@link #main} and for tests. */
  protected FillWorker() {}

  /** Works for the parent that started this process. */
  public static void main(String[] words) {
    new FillWorker().run(words);
  }

  /** Works, and ends the process. */
  protected final void run(String[] words) {
    int status = 1;
    try {
      WorkerArguments arguments = WorkerArguments.parse(words);
      try (Heap heap = Heap.builder().name("fill " + arguments.letter()).attach(arguments.path())) {
        answer(DONE + obey(heap, arguments));
      }
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

  private long obey(Heap heap, WorkerArguments arguments) {
    Work work = decorate(workOn(heap, arguments), arguments.letter());
    answer(READY);
    String order = readLine(System.in);
    endWithParent();
    return order.startsWith(WRITE)
        ? write(order.substring(WRITE.length()), work)
        : claim(heap, arguments, work);
  }

  private static Work workOn(Heap heap, WorkerArguments arguments) {
    if (arguments.input().isPresent()) {
      return new FileWork(heap, arguments.input().get());
    }
    return new LetterWork(heap, arguments.letter(), arguments.busy() ? new IdleSystemCall() : null);
  }

  /** Lets a test stand between the loop and the work. */
  protected Work decorate(Work work, char letter) {
    return work;
  }

  private static long claim(Heap heap, WorkerArguments arguments, Work work) {
    FillLayout layout = FillLayout.of(heap);
    long total = arguments.total();
    long claim = arguments.claim();
    if (claim == 1 && work instanceof LetterWork letters && !letters.isBusy()) {
      return letters.claimAndWriteSingly(heap, total);
    }
    long written = 0;
    long index = layout.claim(heap, claim);
    while (index < total) {
      long length = Math.min(claim, total - index);
      work.write(index, length);
      written += length;
      index = layout.claim(heap, claim);
    }
    return written;
  }

  private static long write(String ranges, Work work) {
    long written = 0;
    int start = 0;
    while (start < ranges.length()) {
      int comma = ranges.indexOf(',', start);
      int end = comma < 0 ? ranges.length() : comma;
      int dash = ranges.indexOf('-', start);
      long from = Long.parseLong(ranges, start, dash, 10);
      long length = Long.parseLong(ranges, dash + 1, end, 10) - from + 1;
      work.write(from, length);
      written += length;
      start = end + 1;
    }
    return written;
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
