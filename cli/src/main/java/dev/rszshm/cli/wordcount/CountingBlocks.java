package dev.rszshm.cli.wordcount;

import dev.rszshm.cli.CommandException;
import dev.rszshm.structures.pool.RangeTask;
import dev.rszshm.structures.pool.TaskContext;

/** Counts blocks of the corpus, by their numbers. */
public final class CountingBlocks implements RangeTask {
  private final WordTable table = new WordTable();

  @Override
  public void run(long from, long to, TaskContext context) {
    SharedCount count = CountingProcess.count(context.allocator());
    try (BlockScanner scanner = new BlockScanner()) {
      for (long block = from; block < to; block++) {
        count.count((int) block, scanner, table);
      }
    } catch (CommandException e) {
      throw CountingProcess.told(e);
    }
  }
}
