package dev.rszshm.cli.wordcount;

import dev.rszshm.cli.CommandException;
import dev.rszshm.cli.worker.FileCheck;
import dev.rszshm.cli.worker.Letters;
import dev.rszshm.cli.worker.Workers;
import dev.rszshm.structures.pool.PoolSpec;
import dev.rszshm.structures.pool.WorkerPreparation;
import dev.rszshm.structures.worker.WorkerOutput;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What is to be counted, and how.
 *
 * @param corpus the files, in blocks
 * @param workers number of worker processes
 * @param top number of the most frequent words to tell
 */
public record WordCountTask(Corpus corpus, int workers, int top) {
  /** Names a preparation of the workers; for tests. */
  private static final String PREPARATION_PROPERTY = "rszshm.wordcount.preparation";

  /** How many workers may die of a block: more than are killed by chance. */
  private static final int DEATHS = 10;

  /** The length of blocks; for tests. */
  private static final String BLOCK_PROPERTY = "rszshm.wordcount.block";

  private static final int QUEUE_PER_WORKER = 4;

  /** Room for header, tables and counts in a heap of the default span. */
  private static final long LARGE_CORPUS = 4L << 30;

  private static final int SPAN_PER_BYTE = 16;

  /** What an address space has room for beside all else. */
  private static final long LARGEST_SPAN = 1L << 44;

  /**
   * Makes a task of what the user wants.
   *
   * @throws CommandException saying what cannot be done, and why
   */
  public static WordCountTask of(List<String> names, int workers, int top) {
    if (workers < 1 || workers > Letters.COUNT) {
      throw CommandException.usage(
          "--workers " + workers + ": 1 to " + Letters.COUNT + " workers can count words");
    }
    if (top < 0) {
      throw CommandException.usage("--top " + top + ": a number of words cannot be negative");
    }
    List<CorpusFile> files = new ArrayList<>();
    for (String name : names) {
      long length = FileCheck.lengthOf("", name);
      files.add(new CorpusFile(Path.of(name).toAbsolutePath().toString(), length));
    }
    int block = Integer.getInteger(BLOCK_PROPERTY, Corpus.blockLength(files, workers));
    return new WordCountTask(new Corpus(files, block), workers, top);
  }

  /** The span that a large corpus needs; 0: the default will do. */
  long span() {
    long length = Math.min(corpus.length(), LARGEST_SPAN / SPAN_PER_BYTE);
    return length < LARGE_CORPUS ? 0 : length * SPAN_PER_BYTE;
  }

  /** The pool of workers that count, of whom some may not come up. */
  PoolSpec pool(WordCountWorkers listener) {
    PoolSpec spec =
        PoolSpec.ofWorkers(workers)
            .withQueueLength(QUEUE_PER_WORKER * workers)
            .withTaskMemory(0)
            .withDeaths(DEATHS)
            .withTolerantStart()
            .withWorkerListener(listener)
            .withWorker(
                worker ->
                    Workers.withGivenFlags(worker)
                        .withOutput(WorkerOutput.toConsumer(listener::take)));
    String preparation = System.getProperty(PREPARATION_PROPERTY);
    if (preparation == null) {
      return spec;
    }
    try {
      Class<?> type = Class.forName(preparation);
      return spec.withPreparation(type.asSubclass(WorkerPreparation.class));
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }
}
