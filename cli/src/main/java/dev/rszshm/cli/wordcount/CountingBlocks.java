package dev.rszshm.cli.wordcount;

import dev.rszshm.cli.CommandException;
import dev.rszshm.structures.pool.RangeTask;
import dev.rszshm.structures.pool.TaskContext;

/** Counts blocks of the corpus, by their numbers. For one thread, of a worker that has no other. */
public final class CountingBlocks implements RangeTask {
  private final BlockScanner scanner = new BlockScanner();
  private final WordTable table = new WordTable();

  @Override
  public void run(long from, long to, TaskContext context) {
    SharedCount count = CountingProcess.count(context.allocator());
    try (scanner) { // which keeps its memory
      for (long block = from; block < to; block++) {
        count.count((int) block, scanner, table);
      }
    } catch (CommandException e) {
      throw CountingProcess.told(e);
    }
  }
}
