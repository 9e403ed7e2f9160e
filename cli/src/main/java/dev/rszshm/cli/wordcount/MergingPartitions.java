package dev.rszshm.cli.wordcount;

import dev.rszshm.cli.CommandException;
import dev.rszshm.structures.pool.RangeTask;
import dev.rszshm.structures.pool.TaskContext;

/** Adds up partitions of the words, by their numbers. */
public final class MergingPartitions implements RangeTask {
  private final WordTable table = new WordTable();

  @Override
  public void run(long from, long to, TaskContext context) {
    SharedCount count = CountingProcess.count(context.allocator());
    try {
      for (long partition = from; partition < to; partition++) {
        count.merge((int) partition, table);
      }
    } catch (CommandException e) {
      throw CountingProcess.told(e);
    }
  }
}
