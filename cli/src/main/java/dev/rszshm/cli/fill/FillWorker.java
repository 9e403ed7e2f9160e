package dev.rszshm.cli.fill;

import dev.rszshm.cli.worker.CommandWorker;
import dev.rszshm.heap.Heap;

/*
 * A worker. It does without the libraries of the command: eight of it start at once.
 *
 * Layout
 * ------
 * FillLayout, in the heap.
 *
 * Protocol
 * --------
 * That of CommandWorker. The order is "claim" (claim and write until all is claimed) or "write FROM-TO,FROM-TO…"
 * (write what the dead have left, indices inclusive).
 *
 * If a process dies here
 * ----------------------
 * What the worker had claimed and not written stays zero, at most one claim.
 */
public class FillWorker extends CommandWorker {
  static final String CLAIM = "claim";
  static final String WRITE = "write ";

  /** For the process that is started, and for tests. */
  protected FillWorker() {}

  @Override
  protected final long work(String[] words) throws InterruptedException {
    WorkerArguments arguments = WorkerArguments.parse(words);
    try (Heap heap = Heap.builder().name("fill " + arguments.letter()).attach(arguments.path())) {
      Work work = decorate(workOn(heap, arguments), arguments.letter());
      String order = awaitBegin();
      return order.startsWith(WRITE)
          ? write(order.substring(WRITE.length()), work)
          : claim(heap, arguments, work);
    }
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
}
